"""What is not public, not one's own or not of the place stays out of queries, also where no policy helps."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select, text, update

from geodata.models import Answer, Appeal, Assessment, Building, Criterion, DomainResult, Run, StandardEdition
from geodata.models.survey import BuildingSurvey
from geodata.queries import past, published_answers, runs, schools, standing, submissions, surveys
from tests.factories.officers import become, make_officer, make_two_rayons
from tests.factories.runs import make_result, make_run
from tests.factories.visits import make_edition

NOW = datetime(2026, 5, 1, tzinfo=UTC)
SHOWN, HIDDEN = "a" * 64, "b" * 64


@pytest.fixture
def place(unguarded):
    """Two rayons; no trigger and no policy is at work."""
    made = make_two_rayons(unguarded)
    unguarded.execute(text("SET LOCAL session_replication_role = replica"))
    return made


def test_a_run_that_is_not_public_is_shown_nowhere_and_on_no_day(unguarded, place):
    shown = make_run(unguarded, SHOWN, published_at=NOW)
    make_run(unguarded, HIDDEN, published=False, published_at=NOW + timedelta(days=1))

    assert runs.published_run(unguarded).hash == SHOWN
    assert runs.published_run_id(unguarded) == shown.id
    assert past.run_shown(unguarded, NOW + timedelta(days=9)).hash == SHOWN
    assert past.run_shown(unguarded, NOW - timedelta(days=1)) is None


def test_a_named_run_is_the_one_whose_hash_begins_so(unguarded, place):
    made = {run_hash: make_run(unguarded, run_hash).id for run_hash in (SHOWN, HIDDEN)}

    assert [runs.published_run(unguarded, name[:12]).id for name in made] == list(made.values())
    assert [runs.published_run_id(unguarded, name[:12]) for name in made] == list(made.values())


def test_buildings_of_a_day_are_public_ones_of_the_school_that_were_there(unguarded, place):
    for name, school, is_published, at in (
        ("shown", place.own, True, NOW),
        ("hidden", place.own, False, NOW),
        ("later", place.own, True, NOW + timedelta(days=9)),
        ("foreign", place.foreign, True, NOW),
    ):
        unguarded.add(Building(code=name, school_id=school.id, is_published=is_published, created_at=at))
    unguarded.flush()

    found = past.past_buildings(unguarded, place.own.id, NOW + timedelta(days=1))

    assert [one.code for one in found] == ["shown"]


def test_failed_requirements_are_public_ones_of_the_runs_edition(unguarded, place):
    run = make_run(unguarded, SHOWN)
    edition = make_edition(unguarded)
    unguarded.execute(update(StandardEdition).values(is_current=False))
    other = make_edition(unguarded, "visits-2")
    unguarded.execute(update(Run).values(edition_id=edition.id))
    make_result(unguarded, run, place.own, 1)
    unguarded.execute(update(Criterion).where(Criterion.code == "FIRE-01").values(field_class="restricted"))
    unguarded.execute(update(Criterion).where(Criterion.edition_id == other.id).values(text_en="of another edition"))
    for school in (place.own, place.foreign):
        unguarded.add(
            DomainResult(
                run_id=run.id, school_id=school.id, domain_code="STR", index_lower=1, index_central=2, index_upper=3,
                completeness=1, failed=["STR-01", "FIRE-01"],
            )
        )  # fmt: skip
    unguarded.flush()

    found = schools.domain_results(unguarded, run.id, place.own.id)

    assert len(found) == 1
    assert [(one.code, one.text_en) for one in found[0].failed] == [("STR-01", "Requirement STR-01")]


def test_a_school_shows_published_assessments_of_its_own(unguarded, place):
    edition = make_edition(unguarded)
    criterion = unguarded.scalars(select(Criterion).limit(1)).one()
    for number, (school, status) in enumerate(
        ((place.own, "published"), (place.own, "submitted"), (place.foreign, "published"))
    ):
        visit = Assessment(
            school_id=school.id,
            edition_id=edition.id,
            kind="self",
            status=status,
            assessed_on=date(2026, 1, 1 + number),
        )
        unguarded.add(visit)
        unguarded.flush()
        unguarded.add(Answer(assessment_id=visit.id, criterion_id=criterion.id, state="fails"))
    unguarded.flush()

    found = schools.assessments(unguarded, place.own.id)

    assert [one.assessed_on for one in found] == [date(2026, 1, 1)]


@pytest.mark.parametrize(
    ("of_own", "status", "is_told"), [(True, "open", True), (True, "withdrawn", False), (False, "open", False)]
)
def test_a_school_says_that_a_fact_of_its_own_is_under_appeal_now(unguarded, place, of_own, status, is_told):
    school = place.own if of_own else place.foreign
    unguarded.add(
        Appeal(
            school_id=school.id, fact="pupils", claimed="1", evidence="e", reason="r", status=status, created_by=1,
            working_days=1, due_on=date(2026, 1, 1), created_at=NOW, decided_at=None if status == "open" else NOW,
        )
    )  # fmt: skip
    unguarded.flush()

    assert schools.find_school(unguarded, place.own.code).has_open_appeals is is_told


def test_requirements_of_the_protection_group_are_never_public(unguarded):
    make_edition(unguarded)

    assert "SEC-01" not in published_answers.public_criterion_codes(unguarded).values()
    assert "STR-01" in published_answers.public_criterion_codes(unguarded).values()


def test_an_account_stands_in_its_own_territory(unguarded, place):
    become(unguarded, make_officer(unguarded, "department", area=place.rayon))
    in_rayon = standing.find_standing(unguarded)
    become(unguarded, make_officer(unguarded, "school", school=place.foreign))
    at_school = standing.find_standing(unguarded)

    assert (in_rayon.own_schools, [one.code for one in in_rayon.places]) == (1, [place.rayon.code])
    assert (at_school.own_schools, [one.code for one in at_school.places]) == (1, [place.foreign.code])


def test_protected_answers_of_programs_are_for_who_sees_them_at_the_school(unguarded, place):
    become(unguarded, make_officer(unguarded, "department", area=place.rayon))
    ids = {"ids": [place.own.id, place.foreign.id]}

    assert list(unguarded.scalars(submissions.PROTECTED_SCHOOLS, ids)) == [place.own.id]


@pytest.fixture
def surveyed(unguarded, place):
    """A building with a survey for each writer and status; the numbers by (is own, status)."""
    building = Building(code="one", school_id=place.own.id)
    unguarded.add(building)
    people = [make_officer(unguarded, "engineer", area=place.rayon) for _ in range(2)]
    unguarded.flush()
    made = {}
    for person in people:  # what others wrote comes first
        for status, method in (("draft", "rapid_visual"), ("published", "rapid_visual"), ("submitted", "full")):
            one = BuildingSurvey(
                school_id=place.own.id, building_id=building.id, method=method, facts={"vertical": "moderate"},
                status=status, created_by=person.id, version=2, surveyed_on=date(2026, 1, 1),
            )  # fmt: skip
            unguarded.add(one)
            unguarded.flush()
            made[person is people[1], status] = one.id
    become(unguarded, people[1])
    return building, made


def test_an_open_survey_is_ones_own_that_was_not_handed_over(unguarded, surveyed):
    building, made = surveyed

    assert surveys.own_open(unguarded, building.id, "rapid_visual") == made[True, "draft"]
    assert surveys.own_open(unguarded, building.id, "full") is None
    assert surveys.own_open(unguarded, building.id + 1, "rapid_visual") is None


def test_only_a_draft_of_its_version_is_written(unguarded, surveyed):
    _, made = surveyed
    draft, published = made[True, "draft"], made[True, "published"]
    facts = {"facts": {}, "surveyed_on": None, "surveyor": None, "note": None}
    key = "00000000-0000-4000-8000-000000000000"

    assert surveys.save(unguarded, published, 2, **facts, key=key) is None
    assert surveys.save(unguarded, draft, 1, **facts, key=key) is None
    assert not surveys.keep_document(unguarded, published, "0" * 64, 1, "n")
    assert not surveys.link_revision(unguarded, published, 2, 1, None)
    assert not surveys.link_revision(unguarded, draft, 1, 1, None)
    assert surveys.keep_document(unguarded, draft, "0" * 64, 1, "n")
    assert surveys.link_revision(unguarded, draft, 2, 1, None)
    assert surveys.save(unguarded, draft, 2, **facts, key=key) == 3
    changed = select(BuildingSurvey.id).where(BuildingSurvey.document_name.is_not(None))
    assert list(unguarded.scalars(changed)) == [draft]


def test_what_a_survey_found_counts_once_it_is_public(unguarded, surveyed):
    building, _ = surveyed

    assert list(unguarded.scalars(surveys.MODERATE)) == [building.id]
    unguarded.execute(update(BuildingSurvey).where(BuildingSurvey.status == "published").values(status="submitted"))
    assert list(unguarded.scalars(surveys.MODERATE)) == []
