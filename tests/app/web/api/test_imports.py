"""The import through HTTP: counts and problems, one copy per key, nothing internal in any answer."""

from __future__ import annotations

import hashlib
import json
import re
import time
from concurrent.futures import ThreadPoolExecutor
from csv import DictReader
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import text

from geodata.database import make_engine
from tests.support import database as test_database
from tests.support.importing import BASIC, make_import_app, send

FILES = Path(__file__).parents[3] / "files/bad_inputs"
LEAK = re.compile(r"Traceback|psycopg|SELECT |/var/")
KINDS = {"good/good_footprints.geojson": "buildings"}
WAITING = """
    SELECT pid FROM pg_stat_activity
    WHERE datname = %s AND usename = 'mektep_web' AND wait_event_type = 'Lock' AND query LIKE '%%school_area%%'
"""
DATA_TABLES = ("area", "area_boundary", "school", "school_code", "building", "assessment", "answer", "hazard_layer")


@pytest.fixture(scope="module")
def own_database():
    """A database of this module: what the API commits stays."""
    made = test_database.create(f"mektep_api_{__import__('os').getpid()}")
    yield made
    test_database.drop(made)


@pytest.fixture(scope="module")
def app(own_database, tmp_path_factory):
    made = make_import_app(own_database, tmp_path_factory.mktemp("var"))
    yield made
    made.extensions["engine"].dispose()


@pytest.fixture
def rows(own_database):
    """Run a statement as the owner of the tables."""
    engine = make_engine(own_database.url("mektep_owner"))

    def run(statement: str) -> list:
        with engine.connect() as connection:
            connection.execute(text("SELECT set_config('app.scope', 'national', false)"))
            return [tuple(row) for row in connection.execute(text(statement))]

    yield run
    engine.dispose()


def checksum(rows) -> str:
    found = [
        rows(f"SELECT md5(coalesce(string_agg(t::text, '' ORDER BY t::text), '')) FROM {table} t")
        for table in DATA_TABLES
    ]
    return hashlib.md5(repr(found).encode()).hexdigest()


def school_file(*codes: str, pupils: str = "300") -> bytes:
    lines = [
        f"{code},Ак-Терек мектеби {code},{42.8 - i / 1000:.4f},{74.6 + i / 2000:.4f},{pupils}"
        for i, code in enumerate(codes)
    ]
    return ("code,name_ky,lat,lon,pupils\n" + "\n".join(lines) + "\n").encode()


def test_a_visitor_cannot_send_a_file(app):
    answer = app.test_client().post("/api/v1/imports", data={"kind": "schools"}, headers={"Authorization": "Bearer x"})
    assert answer.status_code == 401
    wrong = app.test_client().post("/api/v1/imports", headers={"Authorization": "Basic b3A6bm8="})
    assert wrong.status_code == 401
    assert wrong.mimetype == "application/problem+json"


def test_check_stores_nothing_and_commit_stores_it(app, rows):
    content = school_file("S-100", "S-101")

    checked = send(app, content, "list.csv", mode="check")
    assert checked.status_code == 200, checked.json
    assert (checked.json["added"], checked.json["refused"], checked.json["status"]) == (2, 0, "checked")
    assert rows("SELECT count(*) FROM school WHERE code LIKE 'S-10_'") == [(0,)]

    taken = app.test_client().post(f"/api/v1/imports/{checked.json['id']}/commit", headers=BASIC)
    assert (taken.status_code, taken.json["status"]) == (201, "committed")
    assert rows("SELECT code, pupils FROM school WHERE code LIKE 'S-10_' ORDER BY 1") == [
        ("S-100", 300),
        ("S-101", 300),
    ]

    again = send(app, content, "list.csv", mode="commit")
    assert (again.json["added"], again.json["changed"], again.json["unchanged"]) == (0, 0, 2)
    seen = app.test_client().get(f"/api/v1/imports/{checked.json['id']}", headers=BASIC)
    assert seen.json["status"] == "committed"


def test_refused_rows_stop_a_commit_until_the_good_ones_are_accepted(app, rows):
    content = school_file("S-200", "S-201").replace(b",300\nS-201", b",many\nS-201")

    refused = send(app, content, "list.csv", mode="commit")
    assert refused.status_code == 422
    assert refused.mimetype == "application/problem+json"
    (error,) = [one for one in refused.json["problems"] if one["severity"] == "error"]
    assert (error["row"], error["column"], error["value"]) == (2, "pupils", "many")
    assert rows("SELECT count(*) FROM school WHERE code LIKE 'S-20_'") == [(0,)]

    taken = send(app, content, "list.csv", mode="commit", accept_good_rows="true")
    assert (taken.status_code, taken.json["added"], taken.json["refused"], taken.json["rows"]) == (201, 1, 1, 2)
    assert rows("SELECT code FROM school WHERE code LIKE 'S-20_'") == [("S-201",)]


def test_the_same_key_ten_times_at_once_makes_one_copy(app, rows):
    content = school_file(*(f"S-3{number:02d}" for number in range(50)))

    def post(_: int):
        return send(app, content, "list.csv", mode="commit", headers={"Idempotency-Key": "one key"})

    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(post, range(10)))

    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json["id"] for answer in answers}) == 1
    assert rows("SELECT count(*) FROM import_batch WHERE idempotency_key LIKE '%one key'") == [(1,)]
    assert rows("SELECT count(*), max(version) FROM school WHERE code LIKE 'S-3__'") == [(50, 1)]
    other = send(app, school_file("S-399"), "list.csv", mode="commit", headers={"Idempotency-Key": "one key"})
    assert (other.status_code, other.json["type"]) == (422, "/problems/key-used")


def test_a_record_that_changed_since_the_check_stops_the_commit(app, rows):
    send(app, school_file("S-400"), "list.csv", mode="commit")
    checked = send(app, school_file("S-400", pupils="310"), "list.csv", mode="check")
    send(app, school_file("S-400", pupils="320"), "list.csv", mode="commit")

    answer = app.test_client().post(f"/api/v1/imports/{checked.json['id']}/commit", headers=BASIC)

    assert (answer.status_code, answer.json["type"]) == (409, "/problems/changed-since-check")
    assert answer.json["rows"] == [{"row": 2, "key": "S-400"}]
    assert rows("SELECT pupils FROM school WHERE code = 'S-400'") == [(320,)]


def test_a_file_that_changed_since_the_check_cannot_be_committed(app, rows):
    checked = send(app, school_file("S-410"), "list.csv", mode="check")
    kept = app.extensions["settings"].upload_dir / checked.json["file"]["sha256"]
    kept.write_bytes(school_file("S-411"))

    answer = app.test_client().post(f"/api/v1/imports/{checked.json['id']}/commit", headers=BASIC)

    assert (answer.status_code, answer.json["type"]) == (409, "/problems/file-changed")
    assert rows("SELECT count(*) FROM school WHERE code LIKE 'S-41_'") == [(0,)]


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        pytest.param({"kind": "pupils"}, "kind", id="unknown kind"),
        pytest.param({"mode": "now"}, "mode", id="unknown mode"),
        pytest.param({"mapping": "[1]"}, "mapping", id="mapping is no object"),
        pytest.param({"kind": "hazard", "hazard": "nothing"}, "hazard", id="unknown hazard"),
        pytest.param({"valid_from": "soon"}, "valid_from", id="not a date"),
    ],
)
def test_a_field_that_cannot_be_used_is_named(app, fields, wrong):
    answer = send(app, school_file("S-420"), "list.csv", **fields)
    assert (answer.status_code, answer.json["field"]) == (422, wrong)


def test_a_mapping_from_the_caller_is_followed(app):
    content = "нөмүр,аты,lat,lon,балдар,орундар\nS-430,Мектеп,42.8,74.6,100,90\n".encode()
    mapping = json.dumps({"нөмүр": "code", "аты": "name_ky", "балдар": "seats", "орундар": "pupils"})

    answer = send(app, content, "list.csv", mapping=mapping)

    assert answer.status_code == 200, answer.json
    assert (answer.json["mapping"]["pupils"], answer.json["mapping"]["seats"]) == ("орундар", "балдар")


def _manifest() -> list[dict[str, str]]:
    with (FILES / "manifest.csv").open(encoding="utf-8") as stream:
        return [row for row in DictReader(stream) if (FILES / row["file"]).is_file()]


def _hazard(row: dict[str, str]) -> dict[str, str]:
    if row["format"] == "tif":
        return {"kind": "hazard", "hazard": "altitude"}
    return {"kind": KINDS.get(row["file"], "schools")}


@pytest.mark.parametrize("row", _manifest(), ids=lambda row: row["file"])
def test_a_bad_input_is_answered_as_its_manifest_says(app, rows, row):
    before, start = checksum(rows), time.monotonic()

    answer = send(app, (FILES / row["file"]).read_bytes(), Path(row["file"]).name, mode="check", **_hazard(row))

    assert time.monotonic() - start < 20
    assert f"{answer.status_code // 100}xx" in row["http"].split("|"), answer.json
    assert not LEAK.search(answer.text)
    assert checksum(rows) == before
    told = {one["row"] for one in answer.json["problems"] if one["severity"] != "note"}
    expected = {int(line) for line in row["bad_lines"].split()}
    if answer.status_code == 200 and expected:
        assert expected <= told, answer.json["problems"]
    if answer.status_code == 200 and answer.json["kind"] != "hazard":
        body = answer.json
        assert body["rows"] == body["added"] + body["changed"] + body["unchanged"] + body["refused"] + body["left_out"]
    if row["expected"] == "REJECT" and not row["also_ok"]:
        assert answer.status_code == 422
        assert answer.json["problems"][0]["message"]


def test_the_message_is_in_the_readers_language(app):
    texts = set()
    for language in ("ky", "ru", "en"):
        answer = send(app, b"", "empty.csv", headers={"Accept-Language": language})
        assert answer.status_code == 422
        texts.add(answer.json["problems"][0]["message"])
    assert len(texts) == 3


def test_a_killed_backend_leaves_nothing_and_the_key_works_again(app, own_database, rows):
    """The database process that commits is ended in the middle: nothing is stored, the retry makes one copy."""
    content = school_file(*(f"S-5{number:03d}" for number in range(400)))
    admin = own_database.server.set(drivername="postgresql").render_as_string(hide_password=False)
    with (
        psycopg.connect(admin, autocommit=True) as guard,
        psycopg.connect(own_database.url("mektep_owner").replace("+psycopg", "")) as blocker,
        ThreadPoolExecutor(1) as pool,
    ):
        blocker.execute("LOCK TABLE school_area IN SHARE MODE")
        future = pool.submit(send, app, content, "l.csv", mode="commit", headers={"Idempotency-Key": "killed"})
        victim = None
        for _ in range(100):
            victim = guard.execute(WAITING, (own_database.name,)).fetchone()
            if victim or future.done():
                break
            time.sleep(0.03)
        assert victim, future.result().json if future.done() else "the commit never reached the lock"
        guard.execute("SELECT pg_terminate_backend(%s)", victim)
        broken = future.result()
        blocker.rollback()
    assert broken.status_code == 503
    assert rows("SELECT count(*) FROM school WHERE code LIKE 'S-5___'") == [(0,)]

    healed = send(app, content, "l.csv", mode="commit", headers={"Idempotency-Key": "killed"})

    assert healed.status_code == 201
    assert rows("SELECT count(*) FROM school WHERE code LIKE 'S-5___'") == [(400,)]


@pytest.mark.parametrize("kind", ["areas", "schools", "buildings"])
def test_nul_in_headings_is_told_in_words(app, kind):
    answer = send(app, "Ши\x00\x14З,a\\u0000\n1,2\n".encode(), "nul.csv", kind=kind)

    assert answer.status_code == 422
    assert "\x00" not in answer.text
