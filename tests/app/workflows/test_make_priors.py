"""Tables of priors: what is counted, that nothing moves before another table is in force, and what rests on them."""

from __future__ import annotations

import dataclasses
import io
import json
import zipfile
from datetime import date

import numpy as np
import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import ProgrammingError

from app.risk.parameters import default_parameters
from app.risk.vulnerability import unit_outputs
from app.workflows import make_kit, ranking_inputs, reproduce_kit
from app.workflows.kit_format import KitAlteredError, write_kit
from app.workflows.make_priors import NothingSurveyedError, UnknownVersionError, make_priors, put_in_force
from app.workflows.rank_schools import rank_schools
from geodata.database import set_scope
from geodata.models import AnswerPrior, Building, HazardLayer, PriorVersion, Run, School, SchoolResult, TypePrior
from geodata.queries import priors
from tests.factories.country import add_answers, make_country
from tests.factories.schools import make_school

P = default_parameters()
FEW = dataclasses.replace(P, constants=dict(P.constants) | {"prior.least_buildings": 1.0, "prior.least_answers": 1.0})
"""Thresholds under which four schools make a table."""


@pytest.fixture
def country(session):
    made = make_country(session)
    session.execute(update(HazardLayer).values(is_public=True))
    session.expire_all()
    return made


def ranked(session):
    summary = rank_schools(session)
    session.expire_all()
    rows = session.scalars(select(SchoolResult).where(SchoolResult.run_id == summary.run_id))
    code_of = dict(session.execute(select(School.id, School.code)).all())
    return session.get(Run, summary.run_id), {code_of[row.school_id]: row for row in rows}


def scores_of(rows, *codes):
    return {code: (rows[code].priority_central, rows[code].contribution, rows[code].factor_raw) for code in codes}


def weights_of(session, area, decade):
    rows = session.execute(
        select(TypePrior.building_type, TypePrior.weight).where(TypePrior.area == area, TypePrior.decade == decade)
    )
    return dict(rows.all())


def quiet(_pct, _step):
    pass


def test_the_shares_of_four_schools_are_those_counted_by_hand(session, country):
    made = make_priors(session, FEW)

    # R1 has three buildings of known type and no year: (1 + 1) / (3 + 14) of each, (0 + 1) / 17 of the other eleven
    weights = weights_of(session, "R1", 0)
    assert (made.number, made.buildings, made.is_new) == (1, 3, True)
    assert {code: weights[code] for code in ("KG-URM-C", "KG-CM", "KG-ADB")} == pytest.approx(
        dict.fromkeys(("KG-URM-C", "KG-CM", "KG-ADB"), 2 / 17)
    )
    assert sorted(weights.values())[:11] == pytest.approx([1 / 17] * 11)
    assert weights_of(session, "R2", 0) == {}


def test_the_risk_of_an_unknown_building_is_the_mean_by_the_shares_of_its_oblast(session, country):
    make_priors(session, FEW)

    _, rows = ranked(session)

    # S3 lies in R2, of which nothing is surveyed; its oblast has the three buildings of R1
    weights = weights_of(session, "O1", 0)
    models = np.array([P[f"model_weight.{model}"] for model in ("F1", "F2", "F3")])
    by_type = np.einsum("m,mt->t", models, unit_outputs(P)[:, :, 0]) * (0.25 * P["soil.II"]) ** P["seismic.k"]
    alike = float(by_type.mean())
    expected = sum(weights[code] * by_type[place] for place, code in enumerate(P.types))
    others = _other_loss(rows["S3"], session, country, alike)
    assert rows["S3"].factor_raw[2] == pytest.approx(expected + others)
    assert expected != pytest.approx(alike)


def _other_loss(row, session, country, alike):
    """Return the loss of the other hazards at S3: what stands beside the mean over all types without a table."""
    put_in_force(session, None)
    _, rows = ranked(session)
    return rows["S3"].factor_raw[2] - alike


def test_a_school_that_nobody_assessed_takes_the_rates_of_those_that_are(session, country):
    make_priors(session, FEW)

    _, rows = ranked(session)

    # over all buildings: STR-01 (2 + 1) / (3 + 2), STR-02 3.5 / 5, FIRE-01 4 / 5, WSH-01 3 / 5, SEC-05 3 / 4
    index = (4 * 0.6 + 3 * 0.7 + 5 * 0.8 + 3 * 0.6 + 2 * 0.75) / 17
    c4 = rows["S3"].factor_raw[3]
    assert c4 == pytest.approx(1 - index)
    assert not rows["S3"].known[3]  # it is nothing that anybody found out there
    assert rows["S3"].completeness == 0


def test_a_table_is_frozen_a_survey_moves_its_own_school_alone(session, country):
    make_priors(session, FEW)
    _, before = ranked(session)

    session.execute(update(Building).where(Building.code == "S2-1").values(building_type="KG-RCW", year_built=2015))
    add_answers(session, country, "S2", {"STR-01": "meets", "WSH-01": "meets"}, kind="survey", on=date(2026, 5, 1))
    make_school(session, lon=75.5, lat=42.8, code="S9", pupils=100)
    _, frozen = ranked(session)
    made = make_priors(session, FEW)
    _, after = ranked(session)

    assert scores_of(frozen, "S1", "S3", "S4") == scores_of(before, "S1", "S3", "S4")
    assert scores_of(frozen, "S2") != scores_of(before, "S2")
    assert (made.number, made.is_new) == (2, True)
    assert scores_of(after, "S3") != scores_of(before, "S3")


def test_the_same_counts_make_no_second_table(session, country):
    make_priors(session, FEW)
    again = make_priors(session, FEW)

    assert (again.number, again.is_new) == (1, False)
    assert session.scalar(select(func.count()).select_from(PriorVersion)) == 1


def test_without_a_table_in_force_a_run_is_the_one_it_always_was(session, country):
    run, before = ranked(session)
    make_priors(session, FEW, in_force=False)
    drafted, _ = ranked(session)
    put_in_force(session, 1)
    other, _ = ranked(session)
    put_in_force(session, None)
    back, after = ranked(session)

    assert run.hash == drafted.hash == back.hash
    assert other.hash != run.hash
    assert scores_of(before, "S3") == scores_of(after, "S3")
    stated = json.loads(other.canonical)
    assert stated["priors"] == {"version": 1, "edition": "E1"}
    assert {"type_priors", "answer_priors"} <= stated["inputs"].keys()
    assert "priors" not in json.loads(run.canonical)


def test_a_table_that_does_not_exist_is_not_put_in_force(session, country):
    with pytest.raises(UnknownVersionError, match="7"):
        put_in_force(session, 7)


def test_an_estimated_type_is_not_counted(session, country):
    session.execute(
        update(Building).where(Building.code == "S2-1").values(provenance={"building_type": {"quality": "estimated"}})
    )
    made = make_priors(session, FEW)

    assert made.buildings == 2
    assert weights_of(session, "R1", 0)["KG-ADB"] == pytest.approx(1 / 16)


def test_too_few_buildings_leave_all_types_alike_and_the_rate_of_the_method(session, country):
    _, before = ranked(session)
    make_priors(session)
    _, after = ranked(session)

    assert after["S3"].priority_central == pytest.approx(before["S3"].priority_central)
    assert session.scalar(select(func.count()).select_from(AnswerPrior)) == 0
    assert set(session.scalars(select(TypePrior.basis))) == {"equal"}


def test_under_another_edition_the_rates_of_a_table_say_nothing(session, country):
    make_priors(session, FEW)
    day = date(2026, 5, 1)
    schools = ranking_inputs.load_schools(session, day, P)
    placed = ranking_inputs.load_buildings(session, schools, day, P).priors

    assert placed.rates("E1", ("STR-01", "NEW-01"))[:, 0].tolist() == pytest.approx([2 / 3, 2 / 3, 1 / 3, 3 / 5, 3 / 5])
    assert np.isnan(placed.rates("E1", ("STR-01", "NEW-01"))[:, 1]).all()
    assert placed.rates("E2", ("STR-01",)) is None


def test_without_schools_nothing_is_counted(session):
    with pytest.raises(NothingSurveyedError):
        make_priors(session)


def test_a_kit_holds_its_tables_and_gives_the_list_again_under_another_table(session, country, tmp_path):
    make_priors(session, FEW)
    run, _ = ranked(session)
    kit = make_kit.make_kit(session, run, quiet)
    put_in_force(session, None)

    assert make_kit.make_kit(session, run, quiet) == kit
    path = tmp_path / "kit.zip"
    path.write_bytes(kit)
    assert reproduce_kit.reproduce(path).difference is None


def test_a_share_that_was_changed_in_a_kit_is_noticed(session, country, tmp_path):
    make_priors(session, FEW)
    run, _ = ranked(session)
    with zipfile.ZipFile(io.BytesIO(make_kit.make_kit(session, run, quiet))) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    manifest = json.loads(files.pop("manifest.json"))
    name = "inputs/type_priors.csv"
    files[name] = files[name].replace(b"KG-ADB", b"KG-RCW", 1)
    path = tmp_path / "kit.zip"
    path.write_bytes(write_kit(files, {key: manifest[key] for key in ("run", "code", "layers")}))

    with pytest.raises(KitAlteredError, match="type_priors"):
        reproduce_kit.reproduce(path)


def test_draws_of_an_unknown_type_and_of_answers_follow_the_table(session, country):
    before = _drawn(session)
    make_priors(session, FEW)
    after = _drawn(session)

    assert before != after
    assert after == _drawn(session)


def _drawn(session):
    summary = rank_schools(session, draws=200)
    session.expire_all()
    rows = session.execute(
        text("SELECT school_id, p_top FROM school_robustness WHERE run_id = :run ORDER BY school_id"),
        {"run": summary.run_id},
    ).all()
    run = session.get(Run, summary.run_id)
    return run.hash, rows


@pytest.mark.parametrize("scope", ["public", "none"])
def test_only_who_ranks_for_the_country_makes_a_table(session, country, scope):
    set_scope(session, scope)

    with pytest.raises((ProgrammingError, NothingSurveyedError)):
        make_priors(session, FEW)


def test_everybody_may_read_a_table(session, country):
    make_priors(session, FEW)
    session.flush()
    set_scope(session, "public")

    found = priors.in_force(session)

    assert found is not None
    assert found.version.number == 1
    assert priors.table_text(session, found.version.id, "type_priors").startswith(b"area,decade,basis,surveyed")
