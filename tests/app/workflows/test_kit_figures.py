"""What a list says beside its scores comes out of its kit too: intervals, confidence, other methods, moved weights."""

import csv
import hashlib
import io
import json
import zipfile
from datetime import date

import pytest
from sqlalchemy import select, update

from app.workflows import kit_format, make_kit, reproduce_kit
from app.workflows.kit_format import FIRST_FORMAT, FORMAT, write_kit
from app.workflows.kit_list import FIGURES, HEADING
from app.workflows.make_kit import MOVED, NoKitError
from app.workflows.rank_schools import rank_schools
from app.workflows.state_price import state_price
from geodata.models import HazardLayer, Run, School, SchoolResult, SchoolRobustness, WorksChoice, WorksFigure
from tests.factories.country import make_country

DRAWS = 200
PRICE = {
    "measure": "ACC", "low_som": "500000", "default_som": "1000000", "high_som": "3000000", "price_date": "2026-05-31",
    "source": "Contract 7", "status": "verified", "reason": "three contracts",
}  # fmt: skip


def quiet(_pct, _step):
    pass


@pytest.fixture
def country(session):
    """A country whose costs rest on everything that people can state."""
    made = make_country(session)
    session.execute(update(HazardLayer).values(is_public=True))
    state_price(session, PRICE | {"area": made.areas["R1"].code}, withdraw=False, seen=0)
    stated = {"document": "Estimate 3", "documented_on": date(2026, 5, 1), "priced_on": date(2026, 5, 1)}
    session.add(
        WorksFigure(
            school_id=made.schools["S1"].id, building_id=next(iter(made.buildings.values())).id, measures="RET",
            cost_som=9_000_000, stage="design", **stated,
        )
    )  # fmt: skip
    session.add(
        WorksFigure(school_id=made.schools["S2"].id, measures="WASH", cost_som=777_000, stage="design", **stated)
    )
    session.add(WorksChoice(school_id=made.schools["S3"].id, choice="replace", reason="worn out", document="Act 1"))
    session.flush()
    session.expire_all()
    return made


@pytest.fixture
def run(session, country):
    return session.get(Run, rank_schools(session, draws=DRAWS).run_id)


@pytest.fixture
def kit(session, run):
    return make_kit.make_kit(session, run, quiet)


def at(tmp_path, body):
    path = tmp_path / "kit.zip"
    path.write_bytes(body)
    return path


def files_of(kit):
    with zipfile.ZipFile(io.BytesIO(kit)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def rows_of(files):
    return {row["code"]: row for row in csv.DictReader(io.StringIO(files["list.csv"].decode()))}


def test_a_drawn_list_with_stated_costs_comes_out_of_its_kit(kit, run, tmp_path):
    made = reproduce_kit.reproduce(at(tmp_path, kit))

    assert (made.run_hash, made.schools, made.is_same_code, made.difference) == (run.hash, 4, True, None)
    assert json.loads(files_of(kit)["manifest.json"])["format"] == FORMAT
    assert json.loads(run.canonical)["draws"]["count"] == DRAWS


def test_the_list_says_what_the_ranking_stored(session, kit, run):
    rows = rows_of(files_of(kit))
    query = (
        select(School.code, SchoolResult, SchoolRobustness)
        .join(SchoolResult, SchoolResult.school_id == School.id)
        .join(
            SchoolRobustness,
            (SchoolRobustness.school_id == School.id) & (SchoolRobustness.run_id == SchoolResult.run_id),
        )
        .where(SchoolResult.run_id == run.id)
    )

    assert len(rows) == 4
    for code, result, firm in session.execute(query):
        row = rows[code]
        assert [int(row[name]) for name in ("rank_low", "rank_high", "confidence", "safety_rank")] == [
            result.rank_low, result.rank_high, result.confidence, result.safety_rank,
        ]  # fmt: skip
        assert float(row["p_top"]) == firm.p_top
        assert (row["label"], row["top_by_weights"]) == (firm.label, result.top_by_weights)
        assert row["benefit_rank"] == ("" if result.benefit_rank is None else str(result.benefit_rank))
        assert row["gap_rank"] == ("" if result.gap_rank is None else str(result.gap_rank))
        assert row["top_moves"].split(";") == (result.top_moves or [""])
    assert {row["benefit_rank"] for row in rows.values()} > {"1", "2"}


@pytest.mark.parametrize("column", FIGURES[:5])
def test_a_figure_that_the_draws_do_not_give_is_an_alarm(kit, tmp_path, column):
    files = files_of(kit)
    lines = files["list.csv"].decode().split("\r\n")
    place = lines[0].split(",").index(column)
    cells = lines[1].split(",")
    cells[place] = {"p_top": "0.123450", "label": "unlikely!"}.get(column, "3999")
    files["list.csv"] = "\r\n".join([lines[0], ",".join(cells), *lines[2:]]).encode()

    made = reproduce_kit.reproduce(at(tmp_path, packed(files)))

    assert made.difference.startswith("line 2")


def packed(files, form=FORMAT, run=None):
    """Return a kit of other files with a manifest that agrees with them."""
    manifest = json.loads(files["manifest.json"])
    kept = {name: manifest[name] for name in ("run", "code", "layers")} | ({} if run is None else {"run": run})
    return write_kit({name: body for name, body in files.items() if name != "manifest.json"}, kept, form)


def first_form_of(kit):
    """Return the kit as the program made it before lists had figures: without costs, scopes and what names them."""
    files = files_of(kit)
    canonical = json.loads(files["canonical.json"])
    for name in ("weights_moved", "benefit_cost", "draws"):
        del canonical[name]
    for name in ("costs", "scopes"):
        del canonical["inputs"][name], files[f"inputs/{name}.csv"]
    files["canonical.json"] = json.dumps(canonical).encode()
    rows = csv.reader(io.StringIO(files["list.csv"].decode(), newline=""))
    buffer = io.StringIO(newline="")
    csv.writer(buffer).writerows(row[: len(HEADING)] for row in rows)
    files["list.csv"] = buffer.getvalue().encode()
    return packed(files, FIRST_FORMAT, hashlib.sha256(files["canonical.json"]).hexdigest())


def test_a_kit_of_the_first_form_still_gives_its_list(kit, tmp_path):
    path = at(tmp_path, first_form_of(kit))

    made = reproduce_kit.reproduce(path)

    assert kit_format.read_kit(path).form == FIRST_FORMAT
    assert (made.schools, made.difference) == (4, None)


def test_a_kit_of_the_second_form_without_costs_is_no_kit_of_its_run(kit, tmp_path):
    files = files_of(kit)
    del files["inputs/costs.csv"]

    with pytest.raises(kit_format.KitAlteredError, match=r"inputs/costs\.csv"):
        reproduce_kit.reproduce(at(tmp_path, packed(files)))


def test_no_kit_is_made_once_another_cost_is_stated(session, country, run):
    state_price(session, PRICE | {"measure": "NST"}, withdraw=False, seen=0)

    with pytest.raises(NoKitError) as caught:
        make_kit.make_kit(session, run, quiet)
    assert caught.value.message == MOVED


def test_a_list_without_draws_has_its_bounds_and_no_probability(session, country, tmp_path):
    kit = make_kit.make_kit(session, session.get(Run, rank_schools(session).run_id), quiet)
    rows = rows_of(files_of(kit))

    assert {(row["p_top"], row["label"]) for row in rows.values()} == {("", "")}
    assert all(int(row["rank_low"]) <= int(row["national_rank"]) <= int(row["rank_high"]) for row in rows.values())
    assert reproduce_kit.reproduce(at(tmp_path, kit)).difference is None
