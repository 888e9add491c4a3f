"""A ranking from the database to the database: what is stored, what a change moves, what a hash means."""

from __future__ import annotations

import hashlib
from datetime import date

import numpy as np
import pytest
from sqlalchemy import delete, func, select, text

from app.risk.parameters import default_parameters
from app.risk.people import presence_of_pupil
from app.risk.vulnerability import modifier_factor, unit_outputs
from app.workflows.rank_schools import NotRankableError, rank_schools
from geodata.database import set_scope
from geodata.models import (
    AreaResult,
    BuildingResult,
    DomainResult,
    Exposure,
    ExposureRun,
    HazardLayer,
    Run,
    School,
    SchoolResult,
)
from geodata.queries.priorities import select_rows
from geodata.records.priority import ListFilter
from tests.factories.country import add_answers, make_country
from tests.factories.schools import make_school

P = default_parameters()
MODELS = np.array([0.35, 0.25, 0.40])
PARTS = ("factor_raw", "factor_value", "contribution", "known", "priority_lower", "priority_central", "priority_upper")
SCORES = (*PARTS, "grade", "conformity_class", "index_lower", "index_central", "index_upper", "completeness")


def results(session, summary):
    session.expire_all()
    rows = session.scalars(select(SchoolResult).where(SchoolResult.run_id == summary.run_id))
    code_of = dict(session.execute(select(School.id, School.code)).all())
    return {code_of[row.school_id]: row for row in rows}


def scores(session, summary):
    return {code: {name: getattr(row, name) for name in SCORES} for code, row in results(session, summary).items()}


def moved(before, after):
    return {code for code in before if before[code] != after[code]}


def test_each_part_of_a_score_is_stored_as_the_formula_says(session):
    country = make_country(session)
    found = results(session, rank_schools(session))["S1"]

    a475 = 0.3 * 1.2
    walls = unit_outputs(P, modifier_factor(4, P))[:, P.types.index("KG-URM-C"), 2] @ MODELS * a475**2.3
    new = unit_outputs(P)[:, P.types.index("KG-CM"), 2] @ MODELS * a475**2.3
    others = 0.01 * 0.0005 + 1.5 * 0.01 * 0.05 + 0.002 * 0.0005
    presence = presence_of_pupil(np.array(5.5), P)
    assert found.factor_raw[0] == pytest.approx((0.75 * walls + 0.25 * new + others) * presence, rel=1e-9)
    assert found.factor_raw[3:6] == pytest.approx([0, 0, 1.5])
    assert found.factor_raw[6] is None
    assert found.factor_raw[7] == pytest.approx(0.3)
    assert found.known == [True, True, True, True, True, True, False, True]
    assert found.contribution[6] == 2.5
    assert sum(found.contribution) == pytest.approx(found.priority_central)
    assert found.priority_upper - found.priority_lower == pytest.approx(5.0)
    assert (found.grade, found.conformity_class, found.completeness) == ("A", "conforming", 1.0)
    assert (found.pupils, found.seats, found.shifts, found.peak_pupils) == (600, 400, 2, 400)
    assert found.hazard_levels["flood"] == 2
    assert found.hazard_levels["landslide"] == 3
    assert found.assessed_on == date(2026, 5, 1)
    assert found.rayon_id == country.areas["R1"].id
    assert found.aimak_id == country.areas["NEW"].id


def test_red_flag_caps_the_index_and_gives_grade_e(session):
    make_country(session)
    summary = rank_schools(session)
    found = results(session, summary)["S2"]

    assert found.grade == "E"
    assert found.red_flags == ["STR-01"]
    assert found.index_upper == 25
    failed = dict(
        session.execute(
            select(DomainResult.domain_code, DomainResult.failed).where(
                DomainResult.run_id == summary.run_id, DomainResult.school_id == found.school_id
            )
        ).all()
    )
    assert failed == {"STR": ["STR-01"], "FIRE": [], "WSH": ["WSH-01"], "SEC": [], "SOC": ["SOC-06"]}


def test_a_school_of_which_nothing_is_known_is_ranked_without_grade(session):
    make_country(session)
    found = results(session, rank_schools(session))["S4"]

    assert found.grade is None
    assert found.conformity_class == "insufficient_data"
    assert (found.index_lower, found.index_central, found.index_upper) == (0, None, 100)
    assert found.factor_raw[0] is None
    assert found.known[:5] == [False] * 5
    assert found.contribution[3:5] == pytest.approx([10.0, 5.0])
    assert found.confidence == 1
    assert found.assessed_on is None
    assert found.pupils is None
    assert found.oblast_rank is None
    assert set(found.hazard_levels) >= {"earthquake", "flood", "landslide"}
    assert set(found.hazard_levels.values()) == {None}
    assert 1 <= found.rank_low <= found.national_rank <= found.rank_high <= 4


def test_an_unknown_type_widens_the_bounds_around_its_mean(session):
    make_country(session)
    summary = rank_schools(session)
    found = results(session, summary)["S3"]

    risk = session.scalar(
        select(BuildingResult.risk).where(
            BuildingResult.run_id == summary.run_id, BuildingResult.school_id == found.school_id
        )
    )
    own = risk["individual_risk"]
    assert own["lower"] < own["central"] < own["upper"]
    assert own["model_low"] < own["central"] < own["model_high"]
    assert risk["replacement_som"] == {
        "central": 72_000_000, "lower": 31_500_000, "upper": 94_500_000,
        "model_low": 72_000_000, "model_high": 72_000_000,
    }  # fmt: skip
    assert found.priority_upper - found.priority_lower > 30


def test_the_same_data_give_the_same_hash_and_no_second_run(session):
    make_country(session)
    first, second = rank_schools(session), rank_schools(session)

    assert first.is_new
    assert not second.is_new
    assert (first.hash, first.run_id) == (second.hash, second.run_id)
    assert session.scalar(select(func.count()).select_from(Run)) == 1
    run = session.get(Run, first.run_id)
    assert hashlib.sha256(run.canonical.encode()).hexdigest() == run.hash
    assert run.data_date == date(2026, 5, 1)
    assert (run.school_count, run.ranked_count, run.is_synthetic) == (4, 4, False)


def test_the_order_in_which_rows_came_in_does_not_matter(session):
    make_country(session)
    first = rank_schools(session)
    before = scores(session, first)
    ranks = {code: row.national_rank for code, row in results(session, first).items()}
    for table in ("school_area", "answer", "assessment", "building", "school"):
        session.execute(text(f"DELETE FROM {table}"))
    session.execute(text("UPDATE hazard_layer SET is_current = false, code = code || '_old'"))
    session.execute(text("UPDATE standard_edition SET is_current = false, code = 'E0'"))
    session.execute(text("UPDATE area SET code = code || '-old', valid_to = valid_from + 1"))
    session.expunge_all()
    make_country(session, order=("S4", "S2", "S3", "S1"))

    again = rank_schools(session)

    assert again.hash == first.hash
    assert not again.is_new
    session.execute(text("UPDATE school SET seats = 401 WHERE code = 'S1'"))
    other = rank_schools(session)
    after = scores(session, other)
    assert {code: row for code, row in after.items() if code != "S1"} == {
        code: row for code, row in before.items() if code != "S1"
    }
    assert {code: row.national_rank for code, row in results(session, other).items()} == ranks


@pytest.mark.parametrize(
    ("change", "school", "factors"),
    [
        pytest.param("type", "S1", {0, 1, 2}, id="one building's type"),
        pytest.param("answer", "S1", {3, 4}, id="one answer"),
        pytest.param("hazard", "S1", {0, 1, 2}, id="one hazard level"),
        pytest.param("poverty", "S3", {7}, id="the district's poverty"),
    ],
)
def test_a_change_moves_its_school_by_its_own_parts_and_no_other(session, change, school, factors):
    country = make_country(session)
    before = scores(session, rank_schools(session))
    if change == "type":
        country.buildings["S1-1"].building_type = "KG-ADB"
    elif change == "answer":
        add_answers(session, country, "S1", {"WSH-01": "fails"}, kind="verification", on=date(2026, 6, 1))
    elif change == "poverty":
        country.areas["R2"].poverty_index = 0.9
    else:
        relevel(session, country, "flood", {"S1": 4})
    session.flush()
    summary = rank_schools(session)
    after = scores(session, summary)

    assert summary.is_new
    assert moved(before, after) == {school}
    old, new = before[school]["contribution"], after[school]["contribution"]
    assert {number for number in range(8) if old[number] != new[number]} == factors
    assert after[school]["priority_central"] > before[school]["priority_central"]


def relevel(session, country, hazard, levels):
    """A new version of a layer in which some schools have another level."""
    old = country.layers[hazard]
    old.is_current = False
    session.flush()
    layer = HazardLayer(
        code=old.code, version=2, hazard=hazard, kind=old.kind, manifest=old.manifest, data_sha256="d2", is_current=True
    )
    session.add(layer)
    session.flush()
    run = ExposureRun(layer_id=layer.id, input_sha256="i")
    session.add(run)
    session.flush()
    code_of = {school.id: code for code, school in country.schools.items()}
    for row in session.scalars(select(Exposure).where(Exposure.run_id == country.exposure_runs[hazard].id)).all():
        level = levels.get(code_of[row.school_id], row.level)
        session.add(Exposure(run_id=run.id, school_id=row.school_id, value=row.value, level=level, status=row.status))


def test_a_new_school_moves_no_score(session):
    make_country(session)
    before = scores(session, rank_schools(session))
    make_school(session, code="S0", pupils=5000, seats=100)
    after = scores(session, rank_schools(session))

    assert moved(before, after) == set()
    assert set(after) - set(before) == {"S0"}


def test_building_exposure_beats_the_schools_own(session):
    country = make_country(session)
    own = Exposure(
        run_id=country.exposure_runs["landslide"].id,
        school_id=country.schools["S1"].id,
        building_id=country.buildings["S1-2"].id,
        level=4,
        status="measured",
    )
    session.add(own)
    session.flush()
    summary = rank_schools(session)

    assert results(session, summary)["S1"].hazard_levels["landslide"] == 4
    risk = dict(session.execute(select(BuildingResult.building_id, BuildingResult.risk)).all())
    first, second = (risk[country.buildings[code].id]["individual_risk"]["central"] for code in ("S1-1", "S1-2"))
    assert second > 1.5 * 0.05 * 0.1 * float(presence_of_pupil(np.array(5.5), P)) > first


def test_a_verified_answer_beats_a_later_one_of_the_school(session):
    country = make_country(session)
    before = scores(session, rank_schools(session))
    add_answers(session, country, "S1", {"STR-01": "fails"}, kind="self", on=date(2026, 9, 1))
    after = scores(session, rank_schools(session))

    assert before == after


def test_areas_of_every_level_and_period_have_results(session):
    country = make_country(session)
    summary = rank_schools(session)
    found = {code: session.get(AreaResult, (summary.run_id, area.id)) for code, area in country.areas.items()}

    assert {code: row.schools for code, row in found.items()} == {
        "KG": 3, "O1": 3, "R1": 2, "R2": 1, "OLD": 1, "NEW": 2,
    }  # fmt: skip
    rayon = found["R1"]
    assert rayon.grade_counts == {"A": 1, "B": 0, "C": 0, "D": 0, "E": 1, "unknown": 0}
    assert (rayon.assessed, rayon.covered, rayon.is_rankable) == (2, 2, True)
    assert (rayon.pupils, rayon.peak_pupils, rayon.pupils_at_risk) == (900, 700, 300)
    schools = results(session, summary)
    assert rayon.worst_rank == min(schools[code].national_rank for code in ("S1", "S2"))
    assert rayon.mean_index == pytest.approx((100 + schools["S2"].index_central) / 2)
    empty = found["R2"]
    assert (empty.assessed, empty.is_rankable, empty.mean_index, empty.median_altitude_m) == (0, False, None, None)
    assert empty.mean_priority == pytest.approx(schools["S3"].priority_central)


def test_answers_of_the_protection_group_never_enter_public_results(session):
    country = make_country(session)
    before = scores(session, rank_schools(session))
    add_answers(session, country, "S1", {"SEC-01": "fails"}, kind="verification", on=date(2026, 5, 2))
    summary = rank_schools(session)

    assert scores(session, summary) == before
    assert not session.scalar(
        select(func.count()).select_from(DomainResult).where(DomainResult.failed.contains(["SEC-01"]))
    )


def test_the_list_is_seen_by_the_public_only_when_it_is_published(session):
    make_country(session)
    summary = rank_schools(session, publish=False)
    set_scope(session, "public")
    assert select_rows(session, summary.run_id, ListFilter()) == []

    set_scope(session, "national")
    again = rank_schools(session)
    set_scope(session, "public")

    assert not again.is_new
    rows = select_rows(session, summary.run_id, ListFilter())
    assert [row.national_rank for row in rows] == [1, 2, 3, 4]
    priorities = [row.priority_central for row in rows]
    assert priorities == sorted(priorities, reverse=True)


def test_ranks_within_areas_are_dense(session):
    make_country(session)
    found = results(session, rank_schools(session))

    assert sorted(found[code].oblast_rank for code in ("S1", "S2", "S3")) == [1, 2, 3]
    assert sorted(found[code].rayon_rank for code in ("S1", "S2")) == [1, 2]
    assert found["S3"].rayon_rank == 1
    assert found["S3"].aimak_rank is None


def test_closed_schools_are_not_ranked(session):
    country = make_country(session)
    country.schools["S2"].closed_on = date(2025, 1, 1)
    session.flush()

    assert set(results(session, rank_schools(session))) == {"S1", "S3", "S4"}


def test_nothing_to_rank_is_said(session):
    with pytest.raises(NotRankableError, match="edition"):
        rank_schools(session)
    make_country(session)
    session.execute(delete(School))
    with pytest.raises(NotRankableError, match="school"):
        rank_schools(session)


def test_a_second_rater_who_agrees_narrows_the_index_and_moves_no_other_school(session):
    country = make_country(session)
    before = scores(session, rank_schools(session))
    add_answers(
        session, country, "S3", dict.fromkeys(("STR-02", "WSH-01", "SEC-05"), "meets"), kind="self", on=date(2026, 4, 1)
    )
    own = scores(session, rank_schools(session))
    answers = dict.fromkeys(("STR-02", "WSH-01", "SEC-05"), "meets")
    add_answers(session, country, "S3", answers, kind="verification", on=date(2026, 4, 2))
    checked = scores(session, rank_schools(session))

    assert moved(before, own) == moved(own, checked) == {"S3"}
    assert own["S3"]["completeness"] == checked["S3"]["completeness"]
    # weights 3 + 3 + 2 of 17 are met, 9 are unknown at half; before it was verified a fifth of the 8 is open too
    assert checked["S3"]["index_central"] == pytest.approx(100 * (8 + 9 / 2) / 17)
    assert own["S3"]["index_central"] == pytest.approx(100 * (0.8 * 8 + (9 + 0.2 * 8) / 2) / 17)


def test_an_expired_answer_keeps_its_place_in_the_index(session):
    make_country(session)
    fresh = scores(session, rank_schools(session))["S1"]
    make_school(session, code="S5", source_date=date(2036, 6, 1))
    old = scores(session, rank_schools(session))["S1"]

    assert (old["index_central"], old["grade"]) == (fresh["index_central"], fresh["grade"]) == (100, "A")
