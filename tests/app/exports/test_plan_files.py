"""A plan as files: every cell in every format, sums to the som, and the marks that limit its use."""

from __future__ import annotations

import csv
import io
import json
import re
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from app.exports.exporter import UnknownFormatError
from app.exports.measure_words import bundle_text
from app.exports.plan_columns import PLAN_COLUMNS, plan_values
from app.exports.plan_print import OFFERED, find_plan_exporter, plan_data
from app.workflows.export_plan import describe_plan, find_plan, write_plan
from geodata.queries.list_file import place_names
from geodata.queries.plan_items import item_rows, item_sums, sums_by_area
from tests.factories.listed_schools import make_listed_schools
from tests.factories.stored_plans import make_plan
from tests.support.list_files import READERS

if TYPE_CHECKING:
    from geodata.records.plan import PlanFacts

COSTS = (3_333_333_333, 90_071_992_547_409, 1, 77_777_777, 50_000, 12_345_678_901)
"""Above 32 bits, more than the whole budget of the country, and the least there is."""


@pytest.fixture
def listed(session):
    return make_listed_schools(session)


@pytest.fixture
def plan(session, listed) -> PlanFacts:
    bundles = ("RET+WASH", "REP", "FIRE", "NST", "no such measure", "MIT-FL")
    items = [
        (school, bundle, cost, {"donor": cost - cost // 5, "local_budget": cost // 5} if cost > 10**9 else {})
        for school, bundle, cost in zip(listed.schools, bundles, COSTS, strict=False)
    ]
    return find_plan(session, make_plan(session, listed.run, items, is_proven=False).hash)


def expected(session, plan, language, area=None):
    rows = item_rows(session, plan.id, area)
    names = place_names(session, language) | {row.bundle: bundle_text(row.bundle, language) for row in rows}
    return [{key: None if value == "" else value for key, value in plan_values(row, names).items()} for row in rows]


@pytest.mark.parametrize("key", [key for key in OFFERED if key != "pdf"])
def test_a_file_holds_every_cell_of_the_plan(session, plan, tmp_path, key):
    wanted = expected(session, plan, "ru")
    path = tmp_path / f"plan.{key}"

    write_plan(session, plan, None, find_plan_exporter(key), "ru", path)

    found = READERS[key](path, "ru", PLAN_COLUMNS)
    assert found == wanted


def test_sums_agree_to_the_som_in_page_interface_and_files(session, client, plan, listed, tmp_path):
    total = sum(COSTS)
    base = f"/api/v1/plans/{plan.hash[:12]}"

    rows = list(csv.DictReader(io.StringIO(client.get(f"{base}.csv").data.decode("utf-8-sig"))))
    items = client.get(f"{base}/items?limit=2").json
    areas = client.get(f"{base}/areas").json["items"]
    page = client.get(f"/en/money/plans/{plan.hash[:16]}").text
    printed = plan_data(describe_plan(session, plan, None, "en"))

    assert sum(int(row["cost_som"]) for row in rows) == total == plan.cost_som
    assert sum(Decimal(row["donor_som"] or 0) + Decimal(row["local_budget_som"] or 0) for row in rows) == sum(
        cost for cost in COSTS if cost > 10**9
    )
    assert (items["total"], len(items["items"])) == (len(COSTS), 2)
    assert [area["cost_som"] for area in areas] == [total]
    assert f"{total:,}" in page
    assert printed["total"][1] == f"{total:,}"
    assert client.get(base).json["cost_som"] == total


def test_a_plan_of_an_area_holds_its_schools_only(session, client, plan, listed):
    inside = [cost for number, cost in enumerate(COSTS) if number % 3]
    address = f"/api/v1/plans/{plan.hash}.geojson?area={listed.rayon.code}&lang=ky"

    body = json.loads(client.get(address).data)

    assert sum(feature["properties"]["cost_som"] for feature in body["features"]) == sum(inside)
    assert body["metadata"]["cost_som"].replace("\u00a0", "") == str(sum(inside))
    assert body["metadata"]["area"] == "=Ат-Башы району"
    assert item_sums(session, plan.id, listed.rayon.code).cost_som == sum(inside)
    assert [(row.code, row.cost_som) for row in sums_by_area(session, plan.id, 2, listed.oblast.code)] == [
        (listed.rayon.code, sum(inside))
    ]


def test_every_file_says_what_limits_its_use(session, plan, tmp_path):
    document = describe_plan(session, plan, None, "en")
    told = dict(document.about()[number][::2] for number in range(len(document.about())))
    write_plan(session, plan, None, find_plan_exporter("csv"), "en", tmp_path / "plan.csv")
    line = next(csv.DictReader(io.StringIO((tmp_path / "plan.csv").read_text("utf-8-sig"))))

    stamps = ["Draft - not for allocation", "Not proven: a better plan may exist"]
    assert document.stamps == stamps
    assert [value for key, _label, value in document.about() if key == "stamp"] == stamps
    assert (line["stamp"], line["plan"], line["run"]) == ("; ".join(stamps), plan.hash, plan.run_hash)
    assert told["synthetic"].startswith("Synthetic data")
    assert (told["plan"], told["run"]) == (plan.hash, plan.run_hash)
    assert "CC BY 4.0" in told["licence"]


def test_a_proven_plan_on_evidence_has_no_stamp(session, listed):
    made = make_plan(session, listed.run, [(listed.schools[0], "REP", 10, {})], proposal_share=0.5)

    document = describe_plan(session, find_plan(session, made.hash), None, "ky")

    assert document.stamps == []


@pytest.mark.parametrize("language", ["ky", "ru", "en"])
def test_the_printed_plan_is_for_everybody_who_reads_pdf(session, plan, tmp_path, language):
    path = tmp_path / "plan.pdf"

    write_plan(session, plan, None, find_plan_exporter("pdf"), language, path)

    content = path.read_bytes()
    assert content.startswith(b"%PDF")
    assert re.search(rb"/MarkInfo\s*<<\s*/Marked true", content)


def test_a_format_without_a_plan_is_unknown():
    with pytest.raises(UnknownFormatError):
        find_plan_exporter("html")
