"""Schools scored as of a day against an edition: the same as a ranking, and why grades moved between two moments."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from sqlalchemy import select, update

from app.workflows.rank_schools import rank_schools
from app.workflows.rescore import CAUSES, Moment, NoSchoolsError, Rescorer, UnknownEditionError, compare, rescore
from app.workflows.rescore_table import rows_moved, school_moves, summarise
from geodata.models import Answer, Assessment, Criterion, RestrictedAnswer, School, SchoolResult, StandardEdition
from geodata.queries import past
from tests.factories.country import CRITERIA, add_answers, make_country

NOW = date(2026, 12, 1)
EVERYTHING_MET = dict.fromkeys(("STR-01", "STR-02", "FIRE-01", "WSH-01", "SEC-05", "SOC-06"), "meets")


@pytest.fixture
def country(session):
    return make_country(session)


def row_of(loaded, country, code):
    return loaded.schools.columns["id"].tolist().index(country.schools[code].id)


def add_edition(session, code="E2", *, without=(), critical=(), more=()):
    """Add an edition like E1 with other red flags, without some criteria, with others that nobody answered."""
    edition = StandardEdition(code=code, title_ky="к", title_ru="р", title_en="e", status="draft", sha256=code)
    session.add(edition)
    session.flush()
    rows = [*CRITERIA, *((name, "WSH", "school", 9, False, "physical") for name in more)]
    for position, (name, domain, scope, weight, is_critical, group) in enumerate(rows):
        if name in without:
            continue
        session.add(
            Criterion(
                edition_id=edition.id, code=name, domain_code=domain, position=position, text_ky="к", text_ru="р",
                text_en="e", scope=scope, weight=weight, is_critical=is_critical or name in critical, cap=None,
                grouping=group, field_class="public", details={},
            )
        )  # fmt: skip
    session.flush()
    return edition


def test_the_present_answers_by_the_edition_in_force_give_what_a_ranking_gives(session, country):
    add_answers(session, country, "S3", {"STR-01": "partly", "WSH-01": "fails"}, kind="self", on=date(2025, 1, 1))
    add_answers(session, country, "S3", {"STR-01": "meets"}, kind="survey", on=date(2026, 5, 1))
    made = rank_schools(session)
    rows = session.execute(
        select(SchoolResult, School.code)
        .join(School, School.id == SchoolResult.school_id)
        .filter_by(run_id=made.run_id)
    )

    loaded, found = rescore(session, Moment(date(2026, 5, 1), "E1"))

    for result, code in rows:
        row = row_of(loaded, country, code)
        assert found.grade_of(row) == result.grade, code
        assert found.is_assessed[row] == (result.index_central is not None), code
        for name, stored in (("lower", result.index_lower), ("upper", result.index_upper)):
            assert getattr(found.scores, name)[row] == pytest.approx(stored), (code, name)


def test_a_day_before_the_visit_knows_nothing(session, country):
    loaded, found = rescore(session, Moment(date(2026, 4, 30), "E1"))

    assert not found.is_assessed.any()
    assert {found.grade_of(row) for row in range(len(loaded.schools))} == {None}


def test_an_answer_counts_from_the_day_of_its_evidence_not_before(session, country):
    session.execute(update(Answer).values(evidence_on=date(2026, 3, 1)))  # older than the visit that says so

    _, before = rescore(session, Moment(date(2026, 4, 30), "E1"))
    _, then = rescore(session, Moment(date(2026, 5, 1), "E1"))

    assert not before.is_assessed.any()
    assert then.is_assessed.any()


def test_what_was_published_here_later_was_not_known_before(session, country):
    visit = add_answers(session, country, "S3", EVERYTHING_MET, kind="survey", on=date(2026, 5, 1), status="draft")
    for status in ("submitted", "verified", "published"):  # the steps of today
        session.execute(update(Assessment).where(Assessment.id == visit.id).values(status=status))
    today = past.today_in_country(session)

    loaded, yesterday = rescore(session, Moment(today - timedelta(days=1), "E1"))
    _, now = rescore(session, Moment(today, "E1"))

    row = row_of(loaded, country, "S3")
    assert not yesterday.is_assessed[row]
    assert now.is_assessed[row]


def test_a_draft_and_a_protected_answer_count_nowhere(session, country):
    visit = session.scalars(select(Assessment).where(Assessment.school_id == country.schools["S2"].id)).one()
    before = rescore(session, Moment(NOW, "E1"))[1].scores.central.copy()
    add_answers(session, country, "S2", EVERYTHING_MET, kind="survey", on=date(2026, 6, 1), status="draft")
    session.add(RestrictedAnswer(assessment_id=visit.id, criterion_id=country.criteria["SEC-01"].id, state="fails"))
    session.flush()

    after = rescore(session, Moment(NOW, "E1"))[1].scores.central

    np.testing.assert_array_equal(before, after)


def test_another_edition_alone_is_moved_by_the_rule_alone(session, country):
    add_edition(session, critical=("STR-02",))
    session.execute(update(Answer).where(Answer.criterion_id == country.criteria["STR-02"].id).values(state="fails"))

    loaded, found = compare(session, Moment(NOW, "E1"), Moment(NOW, "E2"))

    row = row_of(loaded, country, "S1")
    assert (found.old.grade_of(row), found.new.grade_of(row)) == ("B", "E") or found.new.grade_of(row) == "E"
    assert found.steps["rule"][row] > 0
    assert not found.steps["data"].any()
    assert not found.steps["reality"].any()
    assert found.points["data"][row] == found.points["reality"][row] == 0


def test_a_criterion_that_nobody_answered_is_missing_and_one_that_is_gone_counts_no_more(session, country):
    add_edition(session, "MORE", more=("WSH-99",))
    add_edition(session, "LESS", without=("WSH-01",))

    loaded, more = rescore(session, Moment(NOW, "MORE"))
    _, less = rescore(session, Moment(NOW, "LESS"))
    _, same = rescore(session, Moment(NOW, "E1"))

    row = row_of(loaded, country, "S1")
    assert same.scores.completeness[row] == 1
    assert more.scores.completeness[row] == pytest.approx(17 / 26)  # weights 4 + 3 + 5 + 3 + 2, and 9 that is open
    assert more.scores.lower[row] == pytest.approx(100 * 17 / 26)
    assert less.scores.completeness[row] == 1


def test_what_became_known_is_data_and_what_became_otherwise_is_reality(session, country):
    add_answers(session, country, "S3", EVERYTHING_MET, kind="survey", on=date(2026, 6, 1))
    add_answers(session, country, "S1", {"STR-01": "fails"}, kind="survey", on=date(2026, 6, 1))

    loaded, found = compare(session, Moment(date(2026, 5, 15), "E1"), Moment(NOW, "E1"))

    known, changed = row_of(loaded, country, "S3"), row_of(loaded, country, "S1")
    assert found.steps["data"][known] < 0
    assert found.steps["reality"][known] == 0
    assert np.isnan(found.points["data"][known])  # no index before: nothing was answered
    assert (found.steps["data"][changed], found.steps["reality"][changed] > 0) == (0, True)
    assert found.points["reality"][changed] < 0


def test_what_the_first_verifier_found_otherwise_is_not_divided(session, country):
    add_answers(session, country, "S3", EVERYTHING_MET, kind="self", on=date(2026, 5, 1))
    add_answers(session, country, "S3", {"STR-01": "fails"}, kind="verification", on=date(2026, 6, 1))

    loaded, found = compare(session, Moment(date(2026, 5, 15), "E1"), Moment(NOW, "E1"))

    row = row_of(loaded, country, "S3")
    assert found.steps["undivided"][row] > 0
    assert (found.steps["data"][row], found.steps["reality"][row]) == (0, 0)


def test_a_correction_by_evidence_of_the_time_before_is_data(session, country):
    visit = add_answers(session, country, "S1", {"STR-01": "fails"}, kind="survey", on=date(2026, 6, 1))
    session.execute(update(Answer).where(Answer.assessment_id == visit.id).values(evidence_on=date(2026, 5, 10)))

    loaded, found = compare(session, Moment(date(2026, 5, 15), "E1"), Moment(NOW, "E1"))

    row = row_of(loaded, country, "S1")
    assert found.steps["data"][row] > 0
    assert (found.steps["reality"][row], found.points["reality"][row]) == (0, 0)


@pytest.mark.parametrize("cause", [None, *CAUSES])
def test_parts_sum_to_the_whole_movement(session, country, cause):
    add_edition(session, critical=("WSH-01",), more=("WSH-99",))
    add_answers(session, country, "S3", EVERYTHING_MET, kind="self", on=date(2026, 6, 1))
    add_answers(session, country, "S1", {"STR-01": "fails", "WSH-01": "fails"}, kind="survey", on=date(2026, 7, 1))

    loaded, found = compare(session, Moment(date(2026, 5, 15), "E1"), Moment(NOW, "E2"))

    whole = found.new.scores.grade - found.old.scores.grade
    np.testing.assert_array_equal(sum(found.steps[cause] for cause in CAUSES), whole)
    moved = found.new.scores.central - found.old.scores.central
    told = ~np.isnan(found.points["rule"])
    np.testing.assert_allclose(sum(found.points[cause] for cause in CAUSES)[told], moved[told])
    rows = rows_moved(found, cause)
    assert len(rows) == (found.has_moved.sum() if cause is None else (found.steps[cause] != 0).sum())
    moves = school_moves(session, loaded, found, rows.tolist())
    assert [move.school.id for move in moves] == loaded.schools.columns["id"][rows].tolist()
    assert all(cause is None or cause in move.causes for move in moves)


def test_backwards_in_time_gives_the_opposite(session, country):
    add_answers(session, country, "S1", {"STR-01": "fails"}, kind="survey", on=date(2026, 6, 1))
    early, late = Moment(date(2026, 5, 15), "E1"), Moment(NOW, "E1")

    _, forth = compare(session, early, late)
    _, back = compare(session, late, early)

    for cause in CAUSES:
        np.testing.assert_array_equal(forth.steps[cause], -back.steps[cause])


def test_the_summary_counts_each_school_once_an_oblast(session, country):
    add_edition(session, critical=("STR-02",))
    session.execute(update(Answer).values(state="fails"))

    loaded, found = compare(session, Moment(NOW, "E1"), Moment(NOW, "E2"))
    told = summarise(session, loaded, found)

    assert told.schools == sum(line.schools for line in told.oblasts) == 4
    assert [line.area and line.area.code for line in told.oblasts] == ["O1", None]
    assert sum(told.grades_before.values()) == sum(told.grades_after.values()) == 4
    assert told.as_json()["moved"] == told.moved


def test_one_school_alone_gives_the_same(session, country):
    loaded, found = rescore(session, Moment(NOW, "E1"))
    school = country.schools["S1"]

    alone = Rescorer(session, NOW, school.id).at(Moment(NOW, "E1"))

    row = row_of(loaded, country, "S1")
    assert len(alone.scores.grade) == 1
    assert alone.scores.central[0] == found.scores.central[row]
    assert alone.grade_of(0) == found.grade_of(row)


def test_an_unknown_edition_and_a_day_without_schools_are_refused(session, country):
    with pytest.raises(UnknownEditionError):
        rescore(session, Moment(NOW, "E9"))
    session.execute(update(School).values(closed_on=date(2000, 1, 1)))
    with pytest.raises(NoSchoolsError):
        rescore(session, Moment(NOW, "E1"))
