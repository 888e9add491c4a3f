"""Pages that are kept for visitors: the same bytes while nothing changes, new ones at once afterwards."""

import re

import psycopg
import pytest

from app.factory import create_app
from app.settings import Settings
from app.web.page_cache import Page, PageCache
from geodata.database import count_statements, plain_address
from tests.support.web import KEY

PAGES = ("/ky/", "/ru/priorities?grade=E", "/en/map", "/ky/areas")
NONCE = re.compile(r"'nonce-([^']+)'")


@pytest.fixture
def shown(demonstration, tmp_path):
    made = create_app(
        Settings(
            web_url=demonstration.url("mektep_web"),
            worker_url=demonstration.url("mektep_worker"),
            secret_key=KEY,
            var_dir=tmp_path,
        )
    )
    yield made
    made.extensions["engine"].dispose()
    made.extensions["public_reader"].dispose()


@pytest.fixture
def owner(demonstration):
    with psycopg.connect(plain_address(demonstration.url("postgres")), autocommit=True) as connection:
        yield connection


def without_nonce(answer):
    return re.sub(r'nonce="[^"]+"', "", answer.text)


@pytest.mark.parametrize("address", PAGES)
def test_second_visitor_gets_the_same_page_without_a_query(shown, address):
    first = shown.test_client().get(address)
    with count_statements(shown.extensions["engine"]) as seen:
        second = shown.test_client().get(address)

    assert first.status_code == second.status_code == 200
    assert without_nonce(first) == without_nonce(second)
    assert first.headers["Content-Type"] == second.headers["Content-Type"]
    assert first.headers["X-Request-ID"] != second.headers["X-Request-ID"]
    assert seen == []


def test_withdrawn_run_is_gone_from_the_next_answer(shown, owner):
    client = shown.test_client()
    [(run_hash,)] = owner.execute("SELECT hash FROM run WHERE is_published").fetchall()
    assert run_hash[:12] in client.get("/ky/").text
    owner.execute("UPDATE run SET is_published = false WHERE hash = %s", (run_hash,))
    try:
        withdrawn = client.get("/ky/").text
    finally:
        owner.execute("UPDATE run SET is_published = true WHERE hash = %s", (run_hash,))

    assert run_hash[:12] not in withdrawn
    assert run_hash[:12] in client.get("/ky/").text


def test_heartbeat_of_the_worker_empties_nothing(shown, owner):
    shown.test_client().get("/ky/priorities?grade=D")
    owner.execute("INSERT INTO procrastinate_workers DEFAULT VALUES")
    with count_statements(shown.extensions["engine"]) as seen:
        shown.test_client().get("/ky/priorities?grade=D")

    assert seen == []


def test_pages_of_one_state_ask_for_the_run_once(shown):
    client = shown.test_client()
    client.get("/ky/")
    with count_statements(shown.extensions["engine"]) as seen:
        page = client.get("/en/areas")

    assert page.status_code == 200
    assert seen
    assert not any("run.canonical" in statement for statement in seen)


def test_every_answer_has_a_nonce_of_its_own_that_its_policy_names(shown):
    answers = [shown.test_client().get("/ky/map") for _ in range(3)]

    nonces = [NONCE.search(answer.headers["Content-Security-Policy"]).group(1) for answer in answers]
    assert len(set(nonces)) == 3
    assert all(f'nonce="{nonce}"' in answer.text for nonce, answer in zip(nonces, answers, strict=True))
    assert all("ETag" not in answer.headers for answer in answers)


def test_unchanged_page_is_not_sent_again(shown):
    client = shown.test_client()
    first = client.get("/ky/priorities")

    again = client.get("/ky/priorities", headers={"If-None-Match": first.headers["ETag"]})
    other = client.get("/ru/priorities", headers={"If-None-Match": first.headers["ETag"]})

    assert (again.status_code, again.data) == (304, b"")
    assert other.status_code == 200
    assert first.headers["Cache-Control"] == "no-cache"
    assert "Cookie" in first.headers["Vary"]


@pytest.mark.parametrize("headers", [{"Cookie": "mektep_session=any"}, {"Authorization": "Basic bm9ib2R5Om5vYm9keQ=="}])
def test_who_brings_a_session_or_a_key_gets_no_kept_page(shown, headers):
    shown.test_client().get("/ky/")
    with count_statements(shown.extensions["engine"]) as seen:
        answer = shown.test_client(use_cookies=False).get("/ky/", headers=headers)

    assert "ETag" not in answer.headers
    assert seen or answer.status_code == 401


def test_host_of_the_address_is_part_of_the_key(shown):
    client = shown.test_client()
    shown_here = client.get("/ky/data").text
    elsewhere = client.get("/ky/data", base_url="http://mektep.example").text

    assert "mektep.example" in elsewhere
    assert "mektep.example" not in shown_here


def test_least_used_page_goes_first_and_a_new_state_empties_all():
    cache = PageCache(limit=25)
    cache.get("one", "a")
    for key in ("a", "b"):
        cache.put("one", key, Page(b"x" * 10, None))
    cache.get("one", "a")
    cache.put("one", "c", Page(b"x" * 10, None))
    assert [cache.get("one", key) is not None for key in "abc"] == [True, False, True]

    assert cache.get("two", "a") is None
    cache.put("one", "a", Page(b"old", None))
    assert cache.get("two", "a") is None
