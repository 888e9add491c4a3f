"""The exact split: both lists ranked again from their kits, one cause exchanged at a time."""

import csv
import dataclasses
import io
from contextlib import nullcontext
from datetime import date

import pytest
from sqlalchemy import select, update

from app.risk.parameters import default_parameters
from app.workflows import split_job
from app.workflows.jobs import JobFailedError
from app.workflows.kit_facts import Evidence
from app.workflows.make_kit import make_kit
from app.workflows.make_official import Approval, make_official
from app.workflows.make_priors import make_priors
from app.workflows.rank_schools import rank_schools
from app.workflows.split_difference import Published, kit_of, split_exactly
from geodata.models import Building, HazardLayer, OfficialChange, OfficialSplit, Run, School
from geodata.queries import official_lists, official_splits, run_kits
from tests.factories.country import add_answers, make_country

APPROVAL = Approval("budget of 2027", "Order No. 41")
CAUSES = ("rule", "data", "reality", "undivided")
LATER = date(2026, 6, 30)


def quiet(*_given):
    pass


def make_list(session):
    """Rank, keep the kit and make the run official; the day of the data stays that of the first list."""
    run = session.get(Run, rank_schools(session).run_id)
    if run_kits.kit_facts(session, run.id) is None:
        run_kits.add_kit(session, run.id, make_kit(session, run, quiet), "0" * 64)
    return run, make_official(session, run, APPROVAL)


@pytest.fixture
def country(session):
    made = make_country(session)
    session.execute(update(HazardLayer).values(is_public=True))
    session.expire_all()
    return made


def splits(session, country, number):
    found = session.scalars(select(OfficialSplit).where(OfficialSplit.list_id == number))
    codes = {school.id: code for code, school in country.schools.items()}
    return {codes[row.school_id]: row for row in found}


def points(row):
    return {cause: getattr(row, f"points_{cause}") for cause in CAUSES}


def whole(session, number, country):
    rows = session.scalars(select(OfficialChange).where(OfficialChange.list_id == number))
    codes = {school.id: code for code, school in country.schools.items()}
    return {codes[row.school_id]: (row.new_priority - row.old_priority, row.new_rank - row.old_rank) for row in rows}


def change_facts(session, country):
    """More pupils by later evidence, soil that became known, a building that came down, answers of a first survey."""
    s1, s2 = country.schools["S1"].id, country.schools["S2"].id
    session.execute(update(School).where(School.id == s1).values(pupils=900, source_date=LATER))
    session.execute(update(Building).where(Building.school_id == s2).values(soil_class="III", source_date=LATER))
    gone = country.buildings["S1-2"]
    session.execute(update(Building).where(Building.id == gone.id).values(code="S1-9"))
    add_answers(session, country, "S2", {"STR-01": "meets", "WSH-01": "meets"}, kind="survey", on=LATER)
    add_answers(session, country, "S3", {"STR-01": "fails", "FIRE-01": "meets"}, kind="survey", on=LATER)
    session.expire_all()


def test_parts_of_every_school_sum_to_its_whole_move_and_each_fact_has_its_cause(session, country):
    first, _ = make_list(session)
    change_facts(session, country)
    second, number = make_list(session)
    split_job.store_split(session, number, first, second, quiet)
    found, moved = splits(session, country, number), whole(session, number, country)

    assert found.keys() == {"S1", "S2", "S3", "S4"}
    for code, row in found.items():
        assert sum(points(row).values()) == pytest.approx(moved[code][0], abs=1e-5), code
        places = sum(getattr(row, f"places_{cause}") for cause in (*CAUSES, "others"))
        assert places == pytest.approx(moved[code][1], abs=0.01), code
        assert row.points_rule == 0, "nobody changed the rule"
    assert found["S1"].points_reality > 1, "more pupils to a seat, by evidence from after the former list"
    assert found["S1"].points_undivided != 0, "a building is gone from the register: demolished or a mistake"
    assert found["S2"].points_undivided < -1, "the first survey contradicts what the school said of itself"
    assert found["S2"].points_data != 0, "soil does not change: it became known"
    assert found["S3"].points_reality == 0
    assert found["S3"].points_data > 1, "nothing was known of its walls before"
    assert points(found["S4"]) == dict.fromkeys(CAUSES, 0.0)


def test_a_table_of_priors_that_came_into_force_is_of_the_rule(session, country):
    first, _ = make_list(session)
    values = default_parameters()
    few = dict(values.constants) | {"prior.least_buildings": 1.0, "prior.least_answers": 1.0}
    make_priors(session, dataclasses.replace(values, constants=few))
    second, number = make_list(session)
    split_job.store_split(session, number, first, second, quiet)
    found, moved = splits(session, country, number), whole(session, number, country)
    stored = session.scalars(select(OfficialChange).where(OfficialChange.list_id == number)).all()

    assert found["S3"].points_rule == pytest.approx(moved["S3"][0], abs=1e-5)
    assert abs(found["S3"].points_rule) > 0.01, "its type and its answers are unknown"
    for row in found.values():
        assert (row.points_data, row.points_reality, row.points_undivided) == (0, 0, 0)
    assert {(row.data, row.reality, row.undivided) for row in stored} == {(0, 0, 0)}
    assert "rule" in {row.reason for row in stored}


def with_weights(kit, changed):
    """Return ``kit`` with other weights in its scheme."""
    scheme = kit.files["scheme.toml"].decode()
    for code, (old, new) in changed.items():
        assert f'{code} = "{old}"' in scheme
        scheme = scheme.replace(f'{code} = "{old}"', f'{code} = "{new}"')
    canonical = kit.canonical | {"scheme": {**kit.canonical["scheme"], "sha256": "other"}}
    return type(kit)(kit.files | {"scheme.toml": scheme.encode()}, kit.manifest, canonical)


def test_what_a_changed_weight_and_a_changed_fact_do_together_goes_to_both_in_equal_parts(session, country):
    first, _ = make_list(session)
    session.execute(update(School).where(School.id == country.schools["S2"].id).values(pupils=450, source_date=LATER))
    session.expire_all()
    second, _ = make_list(session)
    kits = [kit_of(run_kits.kit_content(session, run.id)) for run in (first, second)]
    other = with_weights(kits[1], {"C6": ("0.07", "0.02"), "C8": ("0.05", "0.10")})
    rows = official_splits.results_in_both(session, first.id, second.id)
    evidence = Evidence(first.data_date, *official_splits.days_of_evidence(session))
    stated = {row.code: Published(*row[1:]) for row in rows}
    exact = split_exactly(kits[0], kits[1], evidence, stated)
    found = split_exactly(kits[0], other, evidence, stated)
    place = [row.code for row in rows].index("S2")

    # C6 is linear between 1 and 2.5 pupils a seat; 300 -> 450 pupils on 300 seats: 0 -> 1/3.
    assert exact[place]["points_reality"] - 100 * 0.07 / 3 == pytest.approx(moved_elsewhere(kits, "S2"), abs=1e-5)
    # Under the mean of both weights, (0.07 + 0.02) / 2, the same third is the school's.
    halved = exact[place]["points_reality"] - found[place]["points_reality"]
    assert halved == pytest.approx(100 * (0.07 - 0.02) / 2 / 3, abs=1e-6)


def moved_elsewhere(kits, code):
    """Points of the pupils in the other parts (risk counts people), from both published lists."""
    old, new = (
        next(row for row in csv.DictReader(io.StringIO(kit.files["list.csv"].decode())) if row["code"] == code)
        for kit in kits
    )
    return sum(float(new[f"points_C{n}"]) - float(old[f"points_C{n}"]) for n in (1, 2, 3, 4, 5, 7, 8))


def test_a_list_ranked_by_another_program_still_adds_up(session, country):
    first, _ = make_list(session)
    session.execute(update(School).where(School.id == country.schools["S1"].id).values(pupils=700))
    second, _ = make_list(session)
    rows = official_splits.results_in_both(session, first.id, second.id)
    stated = {row.code: Published(row[1], row[2], row[3], row[4] - 3.0, row[5]) for row in rows}
    kits = [kit_of(run_kits.kit_content(session, run.id)) for run in (first, second)]
    found = split_exactly(kits[0], kits[1], Evidence(first.data_date, {}, {}), stated)

    assert [row["points_rule"] for row in found] == pytest.approx([3.0] * 4), "this program gives three points more"


def test_without_a_kit_the_refusal_says_which_list_lacks_it(session, country):
    first = session.get(Run, rank_schools(session).run_id)
    make_official(session, first, APPROVAL)
    session.execute(update(School).where(School.id == country.schools["S1"].id).values(pupils=700))
    second, number = make_list(session)
    with pytest.raises(JobFailedError) as refused:
        split_job.store_split(session, number, first, second, quiet)

    assert refused.value.params == {"hash": first.hash[:12]}
    assert not official_splits.has_split(session, number)


class Context:
    """What the handler of the job uses of its context."""

    def __init__(self, session):
        self.session = session

    def open_session(self):
        return nullcontext(self.session)

    def report(self, pct, step):
        """Take progress."""


def test_the_job_splits_once_and_says_what_it_lacks(session, country):
    with pytest.raises(JobFailedError, match="no such ranking"):
        split_job.run_split(Context(session), run_hash="f" * 64)
    first, _ = make_list(session)
    with pytest.raises(JobFailedError, match="No other list was official"):
        split_job.run_split(Context(session), run_hash=first.hash)
    session.execute(update(School).where(School.id == country.schools["S1"].id).values(pupils=700))
    second, number = make_list(session)
    decided = official_lists.decisions_of(session, second.id)[0]
    assert split_job.can_split(session, decided)
    address = [split_job.run_split(Context(session), run_hash=second.hash) for _ in range(2)]

    assert address == [f"priorities/runs/{second.hash}/changes"] * 2
    assert len(splits(session, country, number)) == 4
    assert not split_job.can_split(session, decided), "it is made once"
