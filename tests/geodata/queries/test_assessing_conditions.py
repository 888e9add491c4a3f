"""Visits, evidence, plans and editions: each of its own place, status and edition, also where no policy helps."""

from datetime import UTC, date, datetime
from itertools import product
from uuid import uuid4

import pytest
from sqlalchemy import select, text, update

from geodata.models import Answer, Assessment, Criterion, StandardEdition
from geodata.models.evidence import Evidence
from geodata.queries import assessing, evidence, evidence_age, robustness, school_money, standard
from tests.factories.officers import become, make_officer, make_two_rayons
from tests.factories.plans import make_offer, make_plan
from tests.factories.runs import make_run
from tests.factories.visits import make_edition

NOW = datetime(2026, 5, 1, tzinfo=UTC)


@pytest.fixture
def place(unguarded):
    """Two rayons; no trigger and no policy is at work."""
    made = make_two_rayons(unguarded)
    unguarded.execute(text("SET LOCAL session_replication_role = replica"))
    return made


@pytest.fixture
def editions(unguarded, place):
    """The edition in use and one that was; both hold the same codes."""
    former = make_edition(unguarded, "former")
    unguarded.execute(update(StandardEdition).values(is_current=False))
    return make_edition(unguarded), former


def visits(session, place, edition):
    made = {}
    for number, (school, status) in enumerate(product((place.own, place.foreign), ("published", "draft"))):
        one = Assessment(
            school_id=school.id, edition_id=edition.id, kind="self", status=status,
            assessed_on=date(2026, 1, 1 + number),
        )  # fmt: skip
        session.add(one)
        session.flush()
        made[school is place.own, status] = one
    return made


def criterion(session, edition, code):
    return session.scalars(select(Criterion).where(Criterion.edition_id == edition.id, Criterion.code == code)).one()


def test_visitors_get_evidence_of_published_visits_of_the_school_that_is_not_protected(unguarded, place, editions):
    made, numbers = visits(unguarded, place, editions[0]), {}
    for (is_own, status), is_restricted in product(made, (False, True)):
        one = Evidence(
            key=uuid4(), assessment_id=made[is_own, status].id, is_restricted=is_restricted, kind="document",
            media_type="application/pdf", sha256="0" * 64, byte_count=1,
        )  # fmt: skip
        unguarded.add(one)
        unguarded.flush()
        numbers[is_own, status, is_restricted] = one.id

    found = evidence.of_school(unguarded, place.own.id, published_only=True)
    every = evidence.of_school(unguarded, place.own.id, published_only=False)

    assert [one.id for one in found] == [numbers[True, "published", False]]
    assert {one.id for one in every} == {number for key, number in numbers.items() if key[0]}


def test_open_visits_and_schools_to_assess_are_those_of_ones_territory(unguarded, place, editions):
    made = visits(unguarded, place, editions[0])
    become(unguarded, make_officer(unguarded, "department", area=place.rayon))

    assert [line.id for line in assessing.open_visits(unguarded)] == [made[True, "draft"].id]
    assert [row[0] for row in assessing.own_schools(unguarded, "")] == [place.own.code]


def test_rights_at_a_visit_are_none_for_visitors(unguarded, place, editions):
    number = visits(unguarded, place, editions[0])[True, "published"].id
    become(unguarded, make_officer(unguarded, "department", area=place.rayon))
    held = assessing.find_visit(unguarded, number)
    unguarded.execute(text("SELECT set_config('app.scope', 'public', true)"))

    assert set(held.rights) == {"see", "edit", "see_restricted"}
    assert set(assessing.find_visit(unguarded, number).rights) == set()


def test_ages_of_evidence_are_of_published_answers_and_never_of_the_protection_group(unguarded, place, editions):
    made = visits(unguarded, place, editions[0])
    for visit, code, state in (
        (made[True, "published"], "STR-01", "meets"),
        (made[True, "published"], "SEC-01", "meets"),
        (made[True, "published"], "WSH-01", "unknown"),
        (made[True, "draft"], "FIRE-01", "meets"),
        (made[False, "published"], "FIRE-01", "meets"),
    ):
        unguarded.add(
            Answer(assessment_id=visit.id, criterion_id=criterion(unguarded, editions[0], code).id, state=state)
        )
    unguarded.flush()

    found = evidence_age.evidence_ages(unguarded, place.own.id, editions[0].id)

    assert [one.code for one in found] == ["STR-01"]


def test_a_plan_that_is_not_public_funds_nobody_for_the_public(unguarded, place):
    run = make_run(unguarded)
    own, foreign = (make_offer(unguarded, run, school, "seismic_retrofit") for school in (place.own, place.foreign))
    shown = make_plan(unguarded, run, [own], "c" * 64, published_at=NOW)
    make_plan(unguarded, run, [foreign], "d" * 64, is_published=False, published_at=NOW)  # taken back since

    assert robustness.funded_by_plan(unguarded) == ("c" * 64, 1)
    assert school_money.plan_shown(unguarded, run.id).id == shown.id
    assert school_money.plan_shown(unguarded, run.id, "d" * 12).hash == "d" * 64
    assert list(unguarded.scalars(school_money.funded_schools(run.id, None))) == [place.own.id]
    assert school_money.plan_before(unguarded, run.id, datetime.now(UTC)) == "c" * 64
    assert school_money.plan_before(unguarded, run.id, NOW) is None
    assert school_money.is_plan_there(unguarded, run.id, "d" * 12)
    assert school_money.funded_codes(unguarded, shown.id) == [place.own.code]
    assert school_money.funded_among(unguarded, shown.id, [place.own.id, place.foreign.id]) == {place.own.id}


def test_domains_and_criteria_are_those_of_the_edition(unguarded, editions):
    unguarded.execute(update(Criterion).where(Criterion.edition_id == editions[1].id).values(text_en="former"))
    codes = ["FIRE-01", "SEC-01", "SOC-06", "STR-01", "WSH-01"]

    found = standard.criteria(unguarded, editions[0].id)

    assert sorted(one.code for one in found) == codes
    assert "former" not in {one.text_en for one in found}
    assert [one.code for one in standard.criteria(unguarded, editions[0].id, ["STR-01"])] == ["STR-01"]
    assert len(standard.domains(unguarded, editions[0].id)) == len(codes)
