"""A school over time: a point for each day that an assessment became public, and what moved in between."""

from __future__ import annotations

from datetime import date

import pytest

from app.workflows.rescore import NoSchoolsError
from app.workflows.school_history import school_history
from geodata.models import Assessment, Criterion, StandardEdition
from tests.factories.country import CRITERIA, add_answers, make_country

TODAY = date(2026, 12, 1)
MET = dict.fromkeys(("STR-01", "STR-02", "FIRE-01", "WSH-01", "SEC-05", "SOC-06"), "meets")


@pytest.fixture
def country(session):
    return make_country(session)


def points(session, country, code):
    return school_history(session, country.schools[code].id, TODAY)


def test_a_school_that_nobody_assessed_has_no_history(session, country):
    assert points(session, country, "S4") == []


def test_each_day_has_its_kind_edition_grade_bounds_and_age(session, country):
    (only,) = points(session, country, "S1")

    assert (only.day, only.edition, only.kinds) == (date(2026, 5, 1), "E1", ("verification",))
    assert (only.grade, only.index, only.completeness) == ("A", (100, 100, 100), 1)
    assert only.evidence_on == date(2026, 5, 1)
    assert only.known is None
    assert only.points == {}


def test_what_became_known_what_changed_and_what_moved_the_grade(session, country):
    add_answers(session, country, "S3", {"WSH-01": "meets"}, kind="survey", on=date(2025, 5, 1))
    add_answers(session, country, "S3", MET, kind="survey", on=date(2026, 5, 1))
    add_answers(session, country, "S3", {"STR-01": "fails"}, kind="survey", on=date(2026, 9, 1))

    first, second, third = points(session, country, "S3")

    assert (first.grade, second.grade, third.grade) == (None, "A", "E")
    assert (second.known.newly, second.known.corrected, second.known.changed) == (5, 0, ())
    assert (third.known.newly, third.known.changed) == (0, ("STR-01",))
    assert (second.causes, third.causes) == (("data",), ("reality",))
    assert third.points["reality"] == pytest.approx(third.index[1] - second.index[1])


def test_the_edition_in_force_is_a_point_of_its_own_where_the_answers_are_older(session, country):
    country.edition.is_current = False
    session.flush()
    later = StandardEdition(
        code="E2", title_ky="к", title_ru="р", title_en="e", status="draft", sha256="e2", is_current=True
    )
    session.add(later)
    session.flush()
    more = ("WSH-99", "WSH", "school", 40, False, "physical")
    for position, (code, domain, scope, weight, critical, group) in enumerate((*CRITERIA, more)):
        session.add(
            Criterion(
                edition_id=later.id, code=code, domain_code=domain, position=position, text_ky="к", text_ru="р",
                text_en="c", scope=scope, weight=weight, is_critical=critical, cap=None, grouping=group,
                field_class="public", details={},
            )
        )  # fmt: skip
    session.flush()

    measured, now = points(session, country, "S1")

    assert (measured.edition, now.edition, now.day, now.kinds) == ("E1", "E2", TODAY, ())
    assert now.causes == ("rule",)
    assert now.points["rule"] == pytest.approx(now.index[1] - measured.index[1])


def test_assessments_by_an_edition_that_asks_nothing_public_are_left_out(session, country):
    bare = StandardEdition(code="E3", title_ky="к", title_ru="р", title_en="e", status="draft", sha256="e3")
    session.add(bare)
    session.flush()
    session.add(
        Assessment(school_id=country.schools["S4"].id, edition_id=bare.id, kind="self", assessed_on=date(2026, 5, 1))
    )
    session.flush()

    assert points(session, country, "S4") == []


def test_a_closed_school_is_refused(session, country):
    country.schools["S1"].closed_on = date(2026, 6, 1)
    session.flush()

    with pytest.raises(NoSchoolsError):
        points(session, country, "S1")
