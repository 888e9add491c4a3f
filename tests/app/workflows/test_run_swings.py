"""What moves each score: a run ranked again from its kit, one value at a time, by its job and on its pages."""

import math

import numpy as np
import pytest
from sqlalchemy import func, select, update

from app.workflows import swing_job
from app.workflows.jobs import JobFailedError
from app.workflows.make_kit import make_kit
from app.workflows.make_priors import make_priors
from app.workflows.rank_schools import rank_schools
from app.workflows.run_swings import parameters_with, rows_of, swings_of
from app.workflows.split_difference import kit_of
from geodata.models import HazardLayer, Run, SchoolResult, SchoolSwing
from geodata.queries import run_kits, swings
from geodata.readers.parameter_tables import read_parameter_tables
from tests.app.workflows.test_make_priors import FEW
from tests.app.workflows.test_split_difference import Context
from tests.factories.country import make_country
from tests.support.pages import PageClient


@pytest.fixture
def made(session):
    """The country ranked, with its kit: the run, its schools' results by code, and the kit."""
    country = make_country(session)
    session.execute(update(HazardLayer).values(is_public=True))
    session.expire_all()
    run = session.get(Run, rank_schools(session).run_id)
    content = make_kit(session, run, lambda *_: None)
    run_kits.add_kit(session, run.id, content, "0" * 64)
    rows = {row.school_id: row for row in session.scalars(select(SchoolResult).where(SchoolResult.run_id == run.id))}
    return run, {code: rows[school.id] for code, school in country.schools.items()}, kit_of(content)


def test_each_value_moves_the_schools_that_it_is_of_and_weights_keep_their_sum(made):
    _, results, kit = made
    codes, base, found = swings_of(kit)
    by_name = {one.name: one for one in found}
    place = {code: number for number, code in enumerate(codes)}

    assert base.points == pytest.approx([results[code].priority_central for code in codes])
    # S1 alone has a building in poor condition
    moved = by_name["glosi.poor_condition"].points_low - base.points
    assert moved[place["S1"]] > 0, "less strength, more danger"
    assert [moved[place[code]] for code in ("S2", "S3", "S4")] == [0, 0, 0]
    # 5 points of an unknown alternative school: from 0 to all of them, 2.5 are counted
    assert by_name["unknown.C7"].points_high - base.points == pytest.approx([2.5] * 4)
    assert by_name["unknown.C8"].points_low[place["S1"]] == base.points[place["S1"]], "its poverty is known"
    # C8 of S1 is 0.3; at twice its weight of 0.05 the others lose a nineteenth of theirs
    high = by_name["weight.C8"].high
    s1 = results["S1"]
    others = (s1.priority_central - s1.contribution[7]) * (1 - high) / 0.95
    assert by_name["weight.C8"].points_high[place["S1"]] == pytest.approx(others + 100 * high * 0.3)


def test_a_type_that_nobody_knows_moves_its_own_school_from_its_best_to_its_worst(made):
    _, _, kit = made
    codes, base, found = swings_of(kit)
    one = next(one for one in found if one.name == "prior.building_type")
    place = {code: number for number, code in enumerate(codes)}
    low, high = one.points_low - base.points, one.points_high - base.points

    assert one.status == "prior"
    assert low[place["S3"]] < -1 < 1 < high[place["S3"]]
    # S4 has no building and no known shaking, so that its danger is unknown whatever it is built of
    assert [(low[place[code]], high[place[code]]) for code in ("S1", "S2", "S4")] == [(0, 0)] * 3
    assert next(one for one in found if one.name == "conformity.prior_pass_rate").status == "prior"


def test_under_a_table_of_priors_the_ledger_moves_its_rates_to_those_of_the_method(session, made):
    make_priors(session, FEW)
    run = session.get(Run, rank_schools(session).run_id)
    kit = kit_of(make_kit(session, run, lambda *_: None))
    codes, base, found = swings_of(kit)
    one = next(one for one in found if one.name == "conformity.prior_pass_rate")
    s3 = codes.index("S3")

    # nobody assessed S3: its index is 80 and 20 where all is taken for met in 80 % and 20 % of the cases
    whole = base.ranked.priorities.contribution[s3, 3]
    c5 = base.ranked.priorities.contribution[s3, 4]
    others = base.points[s3] - whole - c5
    assert one.points_high[s3] == pytest.approx(others + 20 * 0.2 + 10 * 0.2)
    assert one.points_low[s3] == pytest.approx(others + 20 * 0.8 + 10 * 0.8)


def test_tables_of_fragility_and_of_other_hazards_move_the_schools_that_they_are_of(made):
    _, _, kit = made
    _, base, found = swings_of(kit)
    by_name = {one.name: one for one in found}
    types = {name.removeprefix("fragility.") for name in by_name if name.startswith("fragility.")} - {"building"}
    every = sum(by_name[f"fragility.{code}"].points_low - base.points for code in types)
    alone = by_name["fragility.building"]

    assert types
    for code in types:
        one = by_name[f"fragility.{code}"]
        assert (one.low, one.high) == pytest.approx((math.exp(-1.645 * 0.25), math.exp(1.645 * 0.25)))
        assert (one.points_low >= base.points - 1e-9).all(), "weaker buildings are no safer"
        assert (one.points_high <= base.points + 1e-9).all()
        assert one.status in ("proposal", "verified")
    assert (every > 0).any()
    assert (alone.low, alone.high) == pytest.approx((math.exp(-1.645 * 0.20), math.exp(1.645 * 0.20)))
    moved = np.abs(alone.points_low - base.points) > 1e-9
    assert (moved == (np.abs(every) > 1e-9)).all(), "the same schools as their types move"
    rates = [one for name, one in by_name.items() if name.startswith("hazard_rate.")]
    assert rates
    assert all((one.points_low <= one.points_high + 1e-9).all() for one in rates), "what comes oftener is no safer"
    assert all(one.status == "proposal" for one in rates)


def test_a_weight_of_a_model_leaves_the_others_in_proportion():
    changed = parameters_with(read_parameter_tables(), "model_weight.F1", 0.0)

    assert changed["model_weight.F1"] == 0.0
    assert changed["model_weight.F2"] == pytest.approx(0.25 / 0.65)
    assert changed["model_weight.F3"] == pytest.approx(0.40 / 0.65)


def test_the_page_tells_the_largest_swings_in_every_language_once_they_were_worked_out(session, app, made):
    run, results, kit = made
    before = PageClient(app).get("/en/schools/S1/why").html
    swings.add_swings(session, run.id, rows_of(kit, swings.school_ids(session, run.id), lambda _done: None))
    stored = swings.swings_of(session, run.id, results["S1"].school_id)
    pages = {language: PageClient(app).get(f"/{language}/schools/S1/why") for language in ("ky", "ru", "en")}

    assert [one.place for one in stored if one.place] == [1, 2, 3, 4, 5, 6]
    assert 'id="swings"' not in before
    assert all('id="swings"' in page.html for page in pages.values())
    assert "unknown parts of this school" in pages["en"].text


def test_the_job_makes_the_ledger_once_and_needs_a_kit(session, made):
    run, _, _ = made
    address = [swing_job.run_swings(Context(session), run_hash=run.hash) for _ in range(2)]
    count = session.scalar(select(func.count()).select_from(SchoolSwing).where(SchoolSwing.place == 0))
    bare = session.get(Run, rank_schools(session, draws=20).run_id)

    assert address == [f"priorities/runs/{run.hash}"] * 2
    assert count == 4 * session.scalar(select(func.count(SchoolSwing.status.distinct())))
    with pytest.raises(JobFailedError, match="no kit"):
        swing_job.run_swings(Context(session), run_hash=bare.hash)
    with pytest.raises(JobFailedError, match="no such ranking"):
        swing_job.run_swings(Context(session), run_hash="f" * 64)
