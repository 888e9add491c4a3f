"""Limits of requests: who is counted as one, what is refused with which answer, and when one is let in again."""

from __future__ import annotations

import multiprocessing
import secrets
import time
from base64 import b64encode

import pytest
from flask import Flask, g, request

from app.settings import Settings
from app.web import limits
from app.web.limits import address_of, kind_of
from app.web.shared_counts import SLOTS, SharedCounts
from app.workflows import manage_accounts, manage_keys
from app.workflows.manage_keys import KeyWish
from geodata.database import make_engine, open_session
from tests.support.importing import PASSWORD
from tests.support.web import csrf_token, make_app, make_settings

NOON = 1_800_000_000.0 - 1_800_000_000 % 60
LOW = {
    "sign_ins_per_minute": 3,
    "searches_per_minute": 3,
    "exports_per_minute": 3,
    "tiles_per_minute": 3,
    "api_per_minute": 3,
    "api_writes_per_minute": 3,
}
LIMITED = {
    "search on the map": "/ky/map/search?q=a",
    "search in the list": "/ky/priorities?q=a",
    "file": "/api/v1/priorities.csv",
    "brief": "/ky/areas/none/brief.pdf",
    "tile": "/tiles/base/1/1/1.mvt",
    "TileJSON": "/tiles/base.json",
    "API": "/api/v1/schools",
    "OGC": "/ogc/collections",
    "progress of a job": "/api/v1/jobs/none",
}


@pytest.fixture
def make_limited(database, tmp_path):
    made = []

    def make(**more) -> Flask:
        made.append(make_app(make_settings(database, tmp_path, **{"rate_limits": True, **LOW, **more})))
        return made[-1]

    yield make
    for app in made:
        app.extensions["engine"].dispose()


@pytest.fixture
def stopped(monkeypatch):
    """Stop the clock of the limits at noon, so that no minute ends in the middle of a test."""
    monkeypatch.setattr(limits.time, "time", lambda: NOON)


@pytest.mark.parametrize("address", LIMITED.values(), ids=LIMITED)
def test_the_fourth_request_is_refused_with_the_time_to_wait(make_limited, stopped, address):
    client = make_limited().test_client()

    answers = [client.get(address) for _ in range(4)]

    assert [answer.status_code == 429 for answer in answers] == [False, False, False, True]
    refused = answers[-1]
    assert 1 <= int(refused.headers["Retry-After"]) <= 120
    assert refused.headers["Cache-Control"] == "no-store"
    if address.startswith("/ky/"):
        assert refused.mimetype == "text/html"
        assert "Сурамдар өтө көп" in refused.text
    else:
        assert refused.mimetype == "application/problem+json"
        assert refused.json["type"] == "/problems/too-many-requests"


def test_pages_that_are_only_read_have_no_limit(make_limited, stopped):
    client = make_limited().test_client()

    assert {client.get("/ky/method").status_code for _ in range(8)} == {200}
    assert {client.get("/healthz").status_code for _ in range(8)} == {200}


def test_kinds_are_counted_apart_and_addresses_too(make_limited, stopped):
    app = make_limited()
    client = app.test_client()
    for _ in range(4):
        client.get("/api/v1/schools")

    assert client.get("/tiles/base.json").status_code == 200
    others = app.test_client().get("/api/v1/schools", environ_overrides={"REMOTE_ADDR": "203.0.113.9"})
    assert others.status_code == 200


@pytest.mark.parametrize(("proxies", "last"), [(0, 429), (1, 200)])
def test_a_forwarded_address_counts_only_behind_a_trusted_proxy(make_limited, stopped, proxies, last):
    client = make_limited(trusted_proxies=proxies).test_client()

    for number in range(4):
        answer = client.get("/api/v1/schools", headers={"X-Forwarded-For": f"198.51.100.{number}"})

    assert answer.status_code == last


def test_what_stands_before_the_trusted_proxy_is_not_believed(make_limited, stopped):
    client = make_limited(trusted_proxies=1).test_client()

    for number in range(4):
        answer = client.get("/api/v1/schools", headers={"X-Forwarded-For": f"198.51.100.{number}, 203.0.113.5"})

    assert answer.status_code == 429


def test_limits_can_be_switched_off_whole_or_one_by_one(make_limited, stopped):
    for app in (make_limited(rate_limits=False), make_limited(api_per_minute=0)):
        client = app.test_client()
        assert {client.get("/api/v1/schools").status_code for _ in range(8)} == {200}


def test_a_key_has_its_own_rate(make_limited, stopped, database):
    engine = make_engine(database.url("mektep_worker"))
    name = f"as{secrets.token_hex(4)}"
    with open_session(engine, "national") as session:
        manage_accounts.add_account(session, name, PASSWORD, "assessor")
        slow, quick = (manage_keys.make_key_for(session, name, KeyWish("a", (), 5, rate)) for rate in (2, 50))
    engine.dispose()
    app = make_limited()

    def statuses(key: str, address: str = "/api/v1/hazards", count: int = 4) -> list[int]:
        sent = {"Authorization": f"Bearer {key}"}
        return [app.test_client().get(address, headers=sent).status_code for _ in range(count)]

    assert statuses(slow) == [200, 200, 429, 429]
    assert statuses(quick) == [200, 200, 200, 200]
    assert statuses(quick, "/api/v1/priorities.csv")[-1] == 429, "files have their limit for keys too"


def test_guessing_over_many_names_is_refused_before_a_password_is_checked(make_limited, stopped, monkeypatch):
    client = make_limited().test_client()
    checked = []
    monkeypatch.setattr("app.workflows.manage_accounts.check_password", lambda *_: checked.append(1), raising=False)
    token = csrf_token(client)
    form = {"password": "wrong", "csrf_token": token}
    by_page = [client.post("/ky/sign-in", data=form | {"name": f"n{number}"}).status_code for number in range(5)]
    assert by_page[3:] == [429, 429]


def test_wrong_passwords_with_requests_end_in_429_for_every_name(make_limited, stopped):
    client = make_limited(api_per_minute=100).test_client()

    statuses = []
    for number in range(5):
        sent = {"Authorization": "Basic " + b64encode(f"nobody{number}:wrong".encode()).decode()}
        statuses.append(client.get("/api/v1/hazards", headers=sent).status_code)

    assert statuses == [401, 401, 401, 429, 429]
    assert client.get("/api/v1/hazards").status_code == 200, "visitors of the address go on"


def test_wrong_keys_end_in_429(make_limited, stopped):
    client = make_limited().test_client()
    sent = {"Authorization": "Bearer mk_" + "a" * 43}

    assert [client.get("/api/v1/hazards", headers=sent).status_code for _ in range(5)] == [401, 401, 401, 429, 429]


def test_every_address_for_programs_and_every_file_has_a_limit(made_app):
    without = [
        rule.rule
        for rule in made_app.url_map.iter_rules()
        if rule.rule.startswith(("/api/", "/ogc", "/tiles/")) or rule.rule.endswith(".pdf")
        if kind_of(made_app, rule.endpoint, "GET" if "GET" in rule.methods else "POST") is None
    ]

    assert without == []


@pytest.mark.parametrize(
    ("remote", "counted"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "20010db800010002"),
        ("2001:db8:1:2:ffff::1", "20010db800010002"),
        ("2001:db8:1:3::1", "20010db800010003"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        (None, "nowhere"),
        ("not:an:address", "not:an:address"),
    ],
)
def test_an_address_counts_as(remote, counted):
    assert address_of(remote) == counted


class TestSharedCounts:
    """The table of counts by itself; times are given."""

    def test_a_limit_holds_and_refusals_do_not_count(self):
        counts = SharedCounts()

        taken = [counts.take("a", 5, NOON) for _ in range(50)]

        assert [wait == 0 for wait in taken] == [True] * 5 + [False] * 45

    @pytest.mark.parametrize("passed", [0.0, 1.0, 29.5, 59.0])
    @pytest.mark.parametrize("limit", [1, 2, 10, 1000])
    def test_who_waits_as_long_as_was_said_is_let_in(self, limit, passed):
        counts = SharedCounts()
        for _ in range(limit):
            assert counts.take("a", limit, NOON + passed) == 0

        wait = counts.take("a", limit, NOON + passed)

        assert 0 < wait <= 121
        assert counts.take("a", limit, NOON + passed + wait) == 0

    def test_no_sixty_seconds_see_more_than_the_limit_and_its_rounding(self):
        counts, taken = SharedCounts(), []
        for step in range(3_000):
            now = NOON + step / 10
            if counts.take("a", 60, now) == 0:
                taken.append(now)

        busiest = max(sum(start <= at < start + 60 for at in taken) for start in taken)
        assert busiest <= 66
        assert len(taken) >= 240

    def test_names_are_counted_apart_also_when_many_come(self):
        counts = SharedCounts()
        for _ in range(5):
            counts.take("steady", 5, NOON)
        for number in range(20_000):
            counts.take(f"other {number}", 5, NOON)

        assert counts.take("steady", 5, NOON) > 0

    def test_an_old_name_gives_its_place_away(self):
        counts = SharedCounts()
        for number in range(SLOTS * 2):
            counts.take(f"old {number}", 1, NOON)

        assert counts.take("new", 1, NOON + 180) == 0
        assert counts.take("new", 1, NOON + 180) > 0

    def test_processes_of_one_server_count_together(self):
        counts = SharedCounts()
        context = multiprocessing.get_context("fork")

        def ask() -> None:
            for _ in range(100):
                counts.take("a", 10_000, NOON)
                time.sleep(0.0005)

        processes = [context.Process(target=ask) for _ in range(3)]
        for process in processes:
            process.start()
        for process in processes:
            process.join()

        seen = sum(counts.take("a", 400, NOON) == 0 for _ in range(400))
        assert seen == 100, "three times a hundred were counted"


def test_the_door_costs_a_tile_little(made_app):
    """A tenth of a millisecond is ten times what it takes here; a lock, a file or a query would take more."""
    settings = Settings(rate_limits=True, tiles_per_minute=10_000_000, secret_key="x" * 40)
    door = limits.Limits(made_app, settings)
    with made_app.test_request_context("/tiles/base/1/1/1.mvt"):
        g.account_id = None
        assert request.endpoint == "tiles.tile"
        door.check()
        times = []
        for _ in range(2_000):
            begun = time.perf_counter()
            door.check()
            times.append(time.perf_counter() - begun)

    assert sorted(times)[1_000] < 0.0001
