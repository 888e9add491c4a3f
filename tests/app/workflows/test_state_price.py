"""Stated costs: they reach the next ranking and no earlier one, a file is taken whole or not, and nobody overwrites."""

import csv
import io

import pytest
from sqlalchemy import select, text

from app.funding.catalogue import default_catalogue
from app.workflows.rank_schools import rank_schools
from app.workflows.state_price import (
    COLUMNS,
    NotStatingError,
    PriceChangedError,
    PriceRefusedError,
    price_rows,
    state_file,
    state_price,
)
from geodata.database import DBAPIError
from geodata.models import BundleResult, Exposure, ExposureRun, HazardLayer, Run
from geodata.queries import measure_prices, plans
from tests.factories.country import make_country
from tests.factories.officers import become, make_officer

GOOD = {
    "measure": "ACC", "low_som": "500 000", "default_som": "1000000", "high_som": "3000000",
    "price_date": "2026-05-31", "source": "Contract 7", "status": "verified", "reason": "three contracts of 2026",
}  # fmt: skip
OVERHEAD = 1.19


@pytest.fixture
def country(session):
    return make_country(session)


def state(session, *, withdraw=False, **changed):
    fields = GOOD | changed
    told = measure_prices.history(session, fields["measure"], 1)
    state_price(session, fields, withdraw=withdraw, seen=told[0].id if told else 0)


def costs(session, country, bundle):
    run = rank_schools(session)
    rows = session.execute(
        select(BundleResult.school_id, BundleResult.cost_som).where(
            BundleResult.run_id == run.run_id, BundleResult.bundle == bundle
        )
    )
    found = dict(rows.all())
    return run, {code: found.get(school.id) for code, school in country.schools.items()}


def faults(error):
    return [(fault.code, fault.field) for fault in error.value.faults]


def csv_of(*rows):
    buffer = io.StringIO(newline="")
    writer = csv.DictWriter(buffer, COLUMNS)
    writer.writeheader()
    writer.writerows(rows)
    return buffer.getvalue().encode()


def test_a_stated_cost_reaches_the_next_ranking_and_the_former_one_stays(session, country):
    before, former = costs(session, country, "ACC")
    state(session)
    after, found = costs(session, country, "ACC")
    kept = session.scalars(select(BundleResult.cost_som).where(BundleResult.run_id == before.run_id)).all()

    assert former["S1"] == 2 * 900_000 * OVERHEAD
    assert found["S1"] == 2 * 1_000_000 * OVERHEAD  # two buildings
    assert before.hash != after.hash
    assert former["S1"] in kept


def test_the_run_says_which_version_of_the_catalogue_it_used(session, country):
    first = costs(session, country, "ACC")[0]
    state(session)
    second = costs(session, country, "ACC")[0]
    state(session, withdraw=True)
    third = costs(session, country, "ACC")[0]
    used = {run.hash: run.canonical for run in session.scalars(select(Run))}

    assert '"catalogue":{"sha256":"' in used[first.hash]
    assert '"stated":1' in used[second.hash]
    assert third.hash == first.hash  # withdrawn: the same costs, the same run


def test_a_cost_of_an_area_holds_inside_it_only(session, country):
    state(session, area=country.areas["R1"].code)
    found = costs(session, country, "ACC")[1]

    assert found["S1"] == 2 * 1_000_000 * OVERHEAD
    assert found["S3"] % (900_000 * OVERHEAD) == 0


def test_a_cost_of_an_altitude_holds_where_the_layer_of_altitudes_says_so(session, country):
    layer = HazardLayer(
        code="altitude", version=1, hazard="altitude", kind="raster", data_sha256="a", is_current=True,
        manifest={"code": "altitude", "hazard": "altitude"},
    )  # fmt: skip
    session.add(layer)
    session.flush()
    run = ExposureRun(layer_id=layer.id, input_sha256="a", is_current=True)
    session.add(run)
    session.flush()
    for code, metres in (("S1", 2_600.0), ("S2", 900.0)):
        session.add(Exposure(run_id=run.id, school_id=country.schools[code].id, value=metres, status="measured"))
    state(session, altitude_from_m="2000")
    found = costs(session, country, "ACC")[1]

    assert found["S1"] == 2 * 1_000_000 * OVERHEAD
    assert found["S2"] % (900_000 * OVERHEAD) == 0
    assert found["S4"] % (900_000 * OVERHEAD) == 0  # nobody knows its altitude


def test_a_measure_of_unknown_cost_is_offered_unknown_and_no_plan_can_hold_it(session, country):
    nothing = {"low_som": "", "default_som": "", "high_som": "", "price_date": "", "status": "not known"}
    state(session, **nothing)
    run, found = costs(session, country, "ACC")
    table = plans.load_offers(session, run.run_id)

    assert found == dict.fromkeys(found)  # offered: rows without a cost
    assert session.scalar(
        select(BundleResult.bundle).where(BundleResult.run_id == run.run_id, BundleResult.bundle == "ACC").limit(1)
    )
    assert "ACC" not in {table.codes[at] for at in table.bundle}


def test_a_measure_that_had_no_cost_is_offered_once_one_is_stated(session, country):
    before = costs(session, country, "M23")[1]
    state(session, measure="M23")
    after = costs(session, country, "M23")[1]

    assert before == dict.fromkeys(before)
    assert after["S1"] == 1_000_000 * OVERHEAD


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({"default_som": "0"}, [("not_above_zero", "default_som"), ("order", "default_som")]),
        ({"low_som": "-5"}, [("not_above_zero", "default_som")]),
        ({"low_som": "2000000"}, [("order", "default_som")]),
        ({"high_som": "1.5"}, [("not_whole", "high_som")]),
        ({"measure": "RET-X"}, [("measure", "measure")]),
        ({"unit": "area_m2"}, [("unit", "unit")]),
        ({"area": "nowhere"}, [("area", "area")]),
        ({"altitude_from_m": "9000"}, [("altitude", "altitude_from_m")]),
        ({"source": "", "reason": " "}, [("missing", "source"), ("missing", "reason")]),
        ({"price_date": "31.05.2026"}, [("date", "price_date")]),
        ({"index_factor": "NaN"}, [("index", "index_factor")]),
        ({"reason": "x" * 1_001}, [("long", "reason")]),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_stored(session, country, changed, found):
    with pytest.raises(PriceRefusedError) as refused:
        state(session, **changed)

    assert faults(refused) == found
    assert measure_prices.in_force(session) == []


def test_who_has_not_seen_the_newest_statement_overwrites_nothing(session, country):
    state(session)
    with pytest.raises(PriceChangedError):
        state_price(session, GOOD | {"default_som": "1100000"}, seen=0)

    assert [one.default_som for one in measure_prices.history(session, "ACC")] == [1_000_000]


@pytest.mark.parametrize("role", ["oblast", "auditor", "administrator"])
def test_only_who_ranks_states_costs_and_the_database_says_so_too(session, country, role):
    become(session, make_officer(session, role))
    with pytest.raises(NotStatingError):
        state_price(session, GOOD)
    row = {"measure": "ACC", "source": "s", "status": "proposal", "reason": "r"}
    with pytest.raises(DBAPIError, match="row-level security"):
        measure_prices.add(session, [row])


def test_a_statement_is_never_changed_or_removed(session, country):
    state(session)
    for statement in ("UPDATE measure_price SET reason = 'x'", "DELETE FROM measure_price"):
        with pytest.raises(DBAPIError, match="permission denied"), session.begin_nested():
            session.execute(text(statement))


def test_the_catalogue_that_was_taken_out_goes_in_again_as_nothing_new(session, country):
    state(session, area=country.areas["R1"].code, index_factor="1.25", index_source="statistics")
    rows = price_rows(default_catalogue(), measure_prices.in_force(session))

    assert state_file(session, csv_of(*rows)) == (0, len(rows))


def test_a_file_that_a_spreadsheet_wrote_in_its_own_way_says_the_same(session, country):
    state(session, area=country.areas["R1"].code, index_factor="1.25", index_source="statistics")
    rows = price_rows(default_catalogue(), measure_prices.in_force(session))
    own = next(row for row in rows if row["area"])
    own |= {"price_date": "31.05.2026", "index_factor": "1,25", "default_som": "1\u00a0000\u00a0000"}

    assert state_file(session, csv_of(*rows)) == (0, len(rows))


def test_changed_rows_of_a_file_are_stated_and_one_wrong_row_stops_all(session, country):
    rows = price_rows(default_catalogue(), [])
    acc = next(row for row in rows if row["measure"] == "ACC")
    local = GOOD | {"area": country.areas["R1"].code, "reason": ""}
    wrong = GOOD | {"measure": "HEAT", "low_som": "9", "default_som": "8", "high_som": "10"}

    with pytest.raises(PriceRefusedError) as refused:
        state_file(session, csv_of(acc, local, wrong, GOOD | {"measure": "NEW"}, local), "contracts")
    assert [(fault.code, fault.row) for fault in refused.value.faults] == [("order", 4), ("measure", 5), ("twice", 6)]
    assert measure_prices.in_force(session) == []

    assert state_file(session, csv_of(acc, local), "contracts") == (1, 2)
    assert [one.reason for one in measure_prices.in_force(session)] == ["contracts"]


@pytest.mark.parametrize(
    ("data", "code"), [(b"", "file_kind"), (b"\xff\xfe", "file_kind"), (b"a,b\n1,2\n", "file_kind")]
)
def test_a_file_that_is_no_catalogue_is_refused(session, country, data, code):
    with pytest.raises(PriceRefusedError) as refused:
        state_file(session, data)

    assert faults(refused) == [(code, "file")]
