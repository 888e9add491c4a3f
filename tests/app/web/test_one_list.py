"""One list, many views: page, API, tile attributes and every format agree, cell for cell, under any filter."""

from __future__ import annotations

import re
from itertools import product

import pytest

from app.exports.columns import values_of
from app.factory import create_app
from app.i18n.formats import format_number, format_percent
from app.settings import Settings
from app.workflows.queue_standing import ask_queue
from geodata.database import make_engine, open_session
from geodata.queries import priorities, runs
from geodata.queries.list_file import place_names
from geodata.records.priority import ListFilter
from tests.support.list_files import READERS, expected_rows
from tests.support.mvt import read_tile

LANGUAGE = "ky"
LIMIT = 100
COMBINATIONS = {
    "everything": ({}, {}),
    "one grade": ({"grade": "E"}, {"grades": ("E",)}),
    "no grade, two confidences": (
        {"grade": "unknown", "confidence": ["1", "2"]},
        {"grades": ("unknown",), "confidence": (1, 2)},
    ),
    "an oblast": ({"area": "41704000000000"}, {"area": "41704000000000"}),
    "a city and an ownership": (
        {"area": "41711000000000", "ownership": "private"},
        {"area": "41711000000000", "ownership": ("private",)},
    ),
    "a name in Latin letters": ({"q": "ak-suu"}, {"q": "ak-suu"}),
    "a hazard of a least level": (
        {"hazard": "earthquake", "level": "4"},
        {"hazard": "earthquake", "hazard_level": 4},
    ),
    "a failing domain in an oblast": (
        {"domain": "WSH", "area": "41702000000000"},
        {"domain": "WSH", "area": "41702000000000"},
    ),
    "grades of an oblast, most pupils first": (
        {"grade": ["D", "E"], "area": "41706000000000", "sort": "pupils", "desc": "1"},
        {"grades": ("D", "E"), "area": "41706000000000", "sort": "pupils", "descending": True},
    ),
    "a queue of money in an oblast": (
        {"queue": "design", "area": "41706000000000"},
        {"queue": "design", "area": "41706000000000"},
    ),
    "another queue, of one grade": ({"queue": "summer", "grade": "C"}, {"queue": "summer", "grades": ("C",)}),
    "nothing": ({"q": "жок мындай мектеп"}, {"q": "жок мындай мектеп"}),
}


@pytest.fixture(scope="module")
def client(demonstration, tmp_path_factory):
    settings = Settings(
        web_url=demonstration.url("mektep_web"),
        worker_url=demonstration.url("mektep_worker"),
        secret_key="test " * 8,
        var_dir=tmp_path_factory.mktemp("one-list"),
    )
    return create_app(settings).test_client()


@pytest.fixture  # one a test: a session that waits for other tests for twenty seconds is ended by the database
def public(demonstration):
    engine = make_engine(demonstration.url("mektep_web"))
    with open_session(engine, "public") as session:
        yield session
    engine.dispose()


@pytest.fixture(params=COMBINATIONS)
def combination(request, public):
    arguments, wanted = COMBINATIONS[request.param]
    run = runs.published_run(public)
    rows = list(priorities.iterate_rows(public, run.id, ask_queue(public, run.id, ListFilter(**wanted))))
    return arguments, rows


def test_the_combinations_are_not_all_alike(public):
    run = runs.published_run(public)
    asked = [ask_queue(public, run.id, ListFilter(**wanted)) for _, wanted in COMBINATIONS.values()]
    counts = [priorities.count_rows(public, run.id, wanted) for wanted in asked]

    assert counts[0] == 2394
    assert counts[-1] == 0
    assert all(0 < count < 2394 for count in counts[1:-1])
    assert len(set(counts)) >= 8


def test_api_holds_the_list(client, public, combination):
    arguments, rows = combination
    places = place_names(public, LANGUAGE)

    answer = client.get("/api/v1/priorities", query_string={**arguments, "lang": LANGUAGE, "limit": LIMIT}).get_json()

    expected = [values_of(row, places) for row in rows[:LIMIT]]
    assert answer["total"] == len(rows)
    assert answer["items"] == [
        {key: value.isoformat() if hasattr(value, "isoformat") else value for key, value in row.items()}
        for row in expected
    ]


def cells_of(html):
    """Return rank, interval, code, grade, priority, pupils and completeness of each row of the page's table."""
    body = html.partition("<tbody>")[2].partition("</tbody>")[0]
    for row in body.split("<tr>")[1:]:
        rank, low_high = re.search(r'rank"><b>(.*?)</b><span class="sub">(.*?)</span>', row).groups()
        code = re.search(r"/schools/([^\"?]+)", row).group(1)
        grade = re.search(r'class="gr">(.*?)</td>', row, re.DOTALL).group(1)
        priority = re.search(r'class="num">(.*?)</span>', row).group(1)
        pupils, completeness = re.findall(r'<td class="r (?:pu|ph)">(.*?)</td>', row)
        yield rank, low_high, code, re.sub(r"<[^>]+>", " ", grade).split()[0], priority, pupils, completeness


def test_page_holds_the_list(client, combination):
    arguments, rows = combination

    page = client.get(f"/{LANGUAGE}/priorities", query_string={**arguments, "limit": LIMIT}).get_data(as_text=True)

    shown = list(cells_of(page)) if rows else []
    assert [cells[:3] for cells in shown] == [
        (
            format_number(row.national_rank, LANGUAGE),
            f"{format_number(row.rank_low, LANGUAGE)}–{format_number(row.rank_high, LANGUAGE)}",
            row.code,
        )
        for row in rows[:LIMIT]
    ]
    assert [cells[3] for cells in shown] == [row.grade or "Белгисиз" for row in rows[:LIMIT]]
    assert [cells[4:] for cells in shown] == [
        (
            format_number(row.priority_central, LANGUAGE, 1),
            format_number(row.pupils, LANGUAGE),
            format_percent(100 * row.completeness, LANGUAGE),
        )
        for row in rows[:LIMIT]
    ]


def test_tiles_hold_the_list(client, combination):
    arguments, rows = combination
    filters = {key: value for key, value in arguments.items() if key not in ("sort", "desc")}
    found = {}
    for x, y in product((22, 23), (11, 12)):  # the country lies in these four tiles of zoom 5
        answer = client.get(f"/tiles/schools/5/{x}/{y}.mvt", query_string=filters)
        assert answer.status_code in (200, 204)
        for feature in read_tile(answer.data).get("schools", []):
            found[feature.attributes["code"]] = feature.attributes

    assert set(found) == {row.code for row in rows if row.lon is not None}
    for row in rows:
        if row.lon is not None:
            attributes = found[row.code]
            assert attributes["rank"] == row.national_rank
            assert attributes["grade"] == (row.grade or "U")
            assert attributes.get("pupils") == row.pupils
            assert attributes["confidence"] == row.confidence
            assert attributes["priority"] == pytest.approx(row.priority_central, abs=0.5)
            if row.index_central is None:
                assert "index" not in attributes
            else:
                assert attributes["index"] == pytest.approx(row.index_central, abs=0.5)


@pytest.mark.parametrize("ext", READERS)
def test_every_file_holds_the_list(client, public, combination, tmp_path, ext):
    arguments, rows = combination
    expected = expected_rows(rows, place_names(public, LANGUAGE))

    answer = client.get(f"/api/v1/priorities.{ext}", query_string={**arguments, "lang": LANGUAGE})

    assert answer.status_code == 200
    path = tmp_path / f"list.{ext}"
    path.write_bytes(answer.data)
    assert READERS[ext](path, LANGUAGE) == expected
