"""Ten filters: page of the API, and every format, hold the same rows; the public never gets more."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest

from app.exports.exporter import find_exporter
from app.web.filters import write_filter
from app.workflows.export_list import (
    AreaNotFoundError,
    RunNotFoundError,
    filter_from_json,
    filter_to_json,
    find_run,
    is_long,
    write_list,
)
from geodata.database import set_scope
from geodata.queries.list_file import place_names
from geodata.queries.priorities import select_rows
from geodata.records.priority import ListFilter
from tests.factories.listed_schools import make_listed_schools
from tests.factories.runs import make_run
from tests.support.list_files import READERS, expected_rows

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy.orm import Session

    from tests.factories.listed_schools import ListedSchools

RAYON = "the rayon"
FILTERS = [
    pytest.param({}, 12, id="the whole list"),
    pytest.param({"area": RAYON}, 8, id="one rayon"),
    pytest.param({"grades": ("D", "E")}, 4, id="grades D and E"),
    pytest.param({"grades": ("unknown",)}, 2, id="no grade"),
    pytest.param({"confidence": (1, 4), "area": RAYON}, 4, id="confidence in a rayon"),
    pytest.param({"ownership": ("private", "unknown")}, 6, id="ownership"),
    pytest.param({"hazard": "flood", "hazard_level": 4}, 3, id="flood of level 4"),
    pytest.param({"hazard": "landslide"}, 1, id="landslide of the default level"),
    pytest.param({"domain": "STR"}, 3, id="a domain with a failed requirement"),
    pytest.param({"q": "Түштүк Ысык Кол"}, 1, id="a name spelt otherwise"),
    pytest.param({"sort": "name", "descending": True, "grades": ("A", "B", "C")}, 6, id="another order"),
]


@pytest.fixture
def listed(session: Session) -> ListedSchools:
    return make_listed_schools(session)


def make_filter(wish: dict, listed: ListedSchools) -> ListFilter:
    return ListFilter(**({**wish, "area": listed.rayon.code} if wish.get("area") == RAYON else wish))


@pytest.mark.parametrize(("wish", "count"), FILTERS)
def test_interface_and_every_format_hold_the_same_rows(client, session, listed, tmp_path, wish, count):
    wanted = make_filter(wish, listed)
    rows = select_rows(session, listed.run.id, wanted, 500)
    expected = expected_rows(rows, place_names(session, "ru"))
    assert len(expected) == count

    parameters = {**write_filter(wanted, run=listed.run.hash), "lang": "ru"}
    answer = client.get("/api/v1/priorities?" + urlencode({**parameters, "limit": 500}, doseq=True)).json
    assert answer["total"] == count
    assert [
        {key: value or None if value == "" else value for key, value in item.items()} for item in answer["items"]
    ] == expected
    for key, read in READERS.items():
        response = client.get(f"/api/v1/priorities.{key}?" + urlencode(parameters, doseq=True))
        assert response.status_code == 200
        path = tmp_path / f"list.{key}"
        path.write_bytes(response.data)
        assert read(path, "ru") == expected, key


def test_the_public_gets_no_unpublished_school_and_no_unpublished_run(session, listed, tmp_path):
    hidden = listed.schools[3]
    hidden.is_published = False
    secret = make_run(session, "e" * 64, published=False)
    session.flush()
    set_scope(session, "public")

    for key, read in READERS.items():
        path = tmp_path / f"list.{key}"
        write_list(session, listed.run, ListFilter(), find_exporter(key), "ky", path)
        codes = [row["code"] for row in read(path, "ky")]
        assert len(codes) == 11
        assert hidden.code not in codes
    for key in ("html", "pdf"):
        path = tmp_path / f"list.{key}"
        document = write_list(session, listed.run, ListFilter(), find_exporter(key), "ky", path)
        assert document.count == 11
    with pytest.raises(RunNotFoundError):
        find_run(session, secret.hash)


def test_a_visitor_gets_what_the_public_gets(client, session, listed):
    listed.schools[3].is_published = False
    session.flush()

    text = client.get(f"/api/v1/priorities.csv?run={listed.run.hash}").data.decode("utf-8-sig")

    assert text.count("\r\n") == 12
    assert listed.schools[3].code not in text


def test_an_area_that_is_not_there_is_no_whole_list(session, listed, tmp_path):
    with pytest.raises(AreaNotFoundError):
        write_list(session, listed.run, ListFilter(area="nowhere"), find_exporter("csv"), "ky", tmp_path / "x.csv")


@pytest.mark.parametrize(("wish", "count"), FILTERS)
def test_a_job_gets_the_same_filter(listed, wish, count):
    wanted = make_filter(wish, listed)

    assert filter_from_json(filter_to_json(wanted)) == wanted


@pytest.mark.parametrize("is_funded", [True, False])
def test_a_job_gets_the_same_money_and_plan(is_funded):
    wanted = ListFilter(funded=is_funded, plan="ab" * 32)

    assert filter_from_json(filter_to_json(wanted)) == wanted


def test_long_lists_are_jobs():
    assert not is_long("csv", 20_000)
    assert is_long("csv", 20_001)
    assert is_long("html", 5_001)


def test_a_long_list_becomes_a_job_with_its_page(live_app, database, engine, monkeypatch, tmp_path: Path):
    from app.workflows.jobs import run_job
    from geodata.database import make_engine, open_session
    from tests.support.list_files import read_csv

    monkeypatch.setattr("app.workflows.export_list.LONGEST_INLINE", 3)
    worker = make_engine(database.url("mektep_worker"))
    owner = make_engine(database.url("mektep_owner"))
    with open_session(worker, "national") as session:
        made = make_listed_schools(session)
        run_hash = made.run.hash
    try:
        client = live_app.test_client()
        browser = client.get(f"/api/v1/priorities.csv?run={run_hash}&lang=ky", headers={"Accept": "text/html"})
        program = client.get(f"/api/v1/priorities.csv?run={run_hash}&lang=ky", headers={"Accept": "application/json"})

        assert browser.status_code == 303
        assert program.status_code == 202
        token = program.json["job"]
        run_job(worker, live_app.extensions["settings"], token)
        assert client.get(f"/api/v1/jobs/{token}").json["status"] == "done"
        (tmp_path / "job.csv").write_bytes(client.get(f"/api/v1/jobs/{token}/file").data)
        assert len(read_csv(tmp_path / "job.csv", "ky")) == 12
    finally:
        clear(owner)
        worker.dispose()
        owner.dispose()


def clear(owner) -> None:
    """Take away what the test saved, whatever refers to it."""
    with owner.begin() as connection:
        connection.exec_driver_sql("TRUNCATE school, area, run, standard_edition, background_job CASCADE")
