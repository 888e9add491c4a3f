"""Signing in: who may, what is told to whom, and what acts at once."""

from __future__ import annotations

import secrets
import time

import pytest
from argon2 import PasswordHasher
from flask import Flask, g, jsonify
from sqlalchemy import text

from app.permissions import Grant, rights_of
from app.web.guard import requires
from app.web.request import current_session
from app.workflows import manage_accounts
from geodata.database import count_statements, make_engine, open_session
from tests.factories.areas import make_area
from tests.factories.schools import make_school
from tests.support.web import csrf_token, sign_in

PASSWORD = "correct horse battery"


@pytest.fixture(scope="module")
def worker_engine(database):
    made = make_engine(database.url("mektep_worker"))
    yield made
    made.dispose()


@pytest.fixture
def name(worker_engine) -> str:
    """An operator account of this test's own."""
    chosen = f"op{secrets.token_hex(4)}"
    with open_session(worker_engine, "national") as session:
        manage_accounts.add_account(session, chosen, PASSWORD, is_synthetic=True)
    return chosen


@pytest.fixture
def desk(live_app: Flask) -> Flask:
    """The application with one page for operators, which says who asks and what the database shows."""

    @live_app.get("/api/v1/desk")
    @requires("import")
    def show():
        scope = current_session().execute(text("SELECT current_setting('app.scope')")).scalar_one()
        return jsonify(account=g.account_name, scope=scope)

    return live_app


def test_an_operator_signs_in_and_gets_the_national_scope(desk: Flask, name: str) -> None:
    client = desk.test_client()
    before = client.get("/api/v1/desk")

    answer = sign_in(client, f"  {name.upper()} ", PASSWORD)
    after = client.get("/api/v1/desk")

    assert before.status_code == 401
    assert (answer.status_code, answer.headers["Location"]) == (303, "/ky/priorities")
    assert after.get_json() == {"account": name, "scope": "national"}
    assert after.headers["Cache-Control"] == "private, no-store"


def test_signing_out_ends_copies_of_the_cookie_too(desk: Flask, name: str) -> None:
    client, thief = desk.test_client(), desk.test_client()
    sign_in(client, name, PASSWORD)
    stolen = client.get_cookie("mektep_session")
    thief.set_cookie("mektep_session", stolen.value)
    assert thief.get("/api/v1/desk").status_code == 200

    client.post("/ky/sign-out", data={"csrf_token": _token(client)})

    assert thief.get("/api/v1/desk").status_code == 401
    assert client.get("/api/v1/desk").status_code == 401


@pytest.mark.parametrize("change", ["disable", "reset"])
def test_a_changed_account_is_out_at_the_next_request(desk: Flask, worker_engine, name: str, change: str) -> None:
    client = desk.test_client()
    sign_in(client, name, PASSWORD)

    with open_session(worker_engine, "national") as session:
        if change == "disable":
            manage_accounts.disable_account(session, name)
        else:
            manage_accounts.reset_account(session, name, "another long password")

    assert client.get("/api/v1/desk").status_code == 401
    assert sign_in(desk.test_client(), name, PASSWORD).status_code == 401


def test_unknown_name_wrong_password_and_disabled_account_answer_alike(
    live_app: Flask, worker_engine, name: str
) -> None:
    with open_session(worker_engine, "national") as session:
        manage_accounts.add_account(session, f"{name}x", PASSWORD)
        manage_accounts.disable_account(session, f"{name}x")
    answers = [
        sign_in(live_app.test_client(), "nobody-of-this-name", PASSWORD),
        sign_in(live_app.test_client(), name, "wrong password here"),
        sign_in(live_app.test_client(), f"{name}x", PASSWORD),
    ]

    assert {answer.status_code for answer in answers} == {401}
    assert len({_without_tokens(answer.text) for answer in answers}) == 1


def test_unknown_and_known_names_take_the_same_time(live_app: Flask, name: str) -> None:
    client = live_app.test_client()
    token = csrf_token(client)

    def seconds(who: str) -> float:
        begun = time.perf_counter()
        client.post("/ky/sign-in", data={"name": who, "password": "wrong password", "csrf_token": token})
        return time.perf_counter() - begun

    seconds("warm-up")
    pairs = [(seconds(name), seconds(f"{name}-unknown")) for _ in range(6)]

    assert min(unknown for _, unknown in pairs) == pytest.approx(min(known for known, _ in pairs), rel=0.6)


def test_unknown_known_and_disabled_names_cost_the_same_work(
    live_app: Flask, worker_engine, name: str, monkeypatch
) -> None:
    """As many statements and one hash each, whatever the machine is busy with."""
    off = f"{name}-off"
    with open_session(worker_engine, "national") as session:
        manage_accounts.add_account(session, off, PASSWORD, "council")
        manage_accounts.disable_account(session, off)
    client, hashes = live_app.test_client(), []
    token = csrf_token(client)
    verify = PasswordHasher.verify
    monkeypatch.setattr(PasswordHasher, "verify", lambda *given: hashes.append(1) or verify(*given))

    def work(who: str) -> tuple[int, int]:
        hashes.clear()
        with count_statements(live_app.extensions["engine"]) as asked:
            client.post("/ky/sign-in", data={"name": who, "password": "wrong password", "csrf_token": token})
        return len([text for text in asked if "account_grant" not in text]), len(hashes)

    assert len({work(who) for who in (name, f"{name}-unknown", off)}) == 1
    assert work(name)[1] == 1


@pytest.mark.parametrize(
    ("role", "kind", "led_to"),
    [
        ("school", "school", "/ky/schools/{code}"),
        ("local_body", "rayon", "/ky/areas/{code}"),
        ("trainer", None, "/ky/"),
        ("administrator", None, "/ky/admin/accounts"),
    ],
)
def test_one_lands_on_ones_own_place(live_app: Flask, worker_engine, role: str, kind: str | None, led_to: str) -> None:
    name, code = f"at{secrets.token_hex(4)}", None
    with open_session(worker_engine, "national") as session:
        if kind == "school":
            code = make_school(session, code=f"L-{name}", is_published=False).code
        elif kind == "rayon":
            code = make_area(session, 2, code=f"L-{name}").code
        manage_accounts.add_account(session, name, PASSWORD, role, code, is_synthetic=True)

    answer = sign_in(live_app.test_client(), name, PASSWORD)

    assert answer.headers["Location"] == led_to.format(code=code)


def test_the_eleventh_try_in_a_minute_waits_but_nobody_else(live_app: Flask, name: str) -> None:
    client = live_app.test_client()
    token = csrf_token(client)
    form = {"name": name, "password": "wrong password", "csrf_token": token}

    statuses = [client.post("/ky/sign-in", data=form).status_code for _ in range(11)]
    right = client.post("/ky/sign-in", data={**form, "password": PASSWORD})
    elsewhere = client.post(
        "/ky/sign-in", data={**form, "password": PASSWORD}, environ_base={"REMOTE_ADDR": "203.0.113.7"}
    )

    assert statuses == [401] * 10 + [429]
    assert right.status_code == 429
    assert right.headers["Retry-After"] == "60"
    assert elsewhere.status_code == 303


def test_a_header_with_a_key_switches_the_cookie_off(desk: Flask, name: str) -> None:
    client = desk.test_client()
    sign_in(client, name, PASSWORD)

    answer = client.get("/api/v1/desk", headers={"Authorization": "Bearer x"})

    assert answer.status_code == 401


@pytest.mark.parametrize(
    ("wanted", "led_to"),
    [
        ("/ru/work?x=1", "/ru/work?x=1"),
        ("//evil.example", "/ky/priorities"),
        ("/\\evil.example", "/ky/priorities"),
        ("https://evil.example", "/ky/priorities"),
        ("/ky/\r\nSet-Cookie: x", "/ky/priorities"),
    ],
)
def test_the_way_back_stays_on_this_site(live_app: Flask, name: str, wanted: str, led_to: str) -> None:
    client = live_app.test_client()
    form = {"name": name, "password": PASSWORD, "csrf_token": csrf_token(client), "next": wanted}

    assert client.post("/ky/sign-in", data=form).headers["Location"] == led_to


def test_the_web_role_sees_only_the_account_it_names(engine, name: str) -> None:
    with open_session(engine, "national") as session:
        listed = session.execute(text("SELECT count(*) FROM account")).scalar_one()
        session.execute(text("SELECT set_config('app.credential', :name, true)"), {"name": name})
        named = session.execute(text("SELECT name FROM account")).scalars().all()

    assert (listed, named) == (0, [name])


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO account (name, fs_uniquifier) VALUES ('intruder', 'x')",
        "INSERT INTO account_grant (account_id, role) SELECT id, 'administrator' FROM account",
        "INSERT INTO account_grant (account_id, role) VALUES (app_account(), 'administrator')",
        "DELETE FROM account",
    ],
)
@pytest.mark.parametrize("scope", ["public", "area", "national"])
def test_the_web_role_cannot_make_accounts_nor_give_roles(engine, name: str, scope, statement: str) -> None:
    with open_session(engine, scope, 1, rights_of([Grant("planner")])) as session:
        session.execute(text("SELECT set_config('app.credential', :name, true)"), {"name": name})
        with pytest.raises(Exception, match=r"permission denied|row-level security"):
            session.execute(text(statement))
        session.rollback()


@pytest.mark.parametrize("change", ["active = true", "password = 'x'", "fs_uniquifier = gen_random_uuid()"])
def test_the_web_role_changes_no_account_that_it_does_not_name(engine, name: str, change: str) -> None:
    with open_session(engine, "national", 0, rights_of([Grant("planner")])) as session:
        assert session.execute(text(f"UPDATE account SET {change}")).rowcount == 0


def test_the_form_is_a_page_in_three_languages(live_app: Flask) -> None:
    pages = {code: live_app.test_client().get(f"/{code}/sign-in").text for code in ("ky", "ru", "en")}

    assert "Сырсөз" in pages["ky"]
    assert "Пароль" in pages["ru"]
    assert "Password" in pages["en"]


def _token(client) -> str:
    """Return a forgery token of the signed-in session, as any page of it holds."""
    from flask_wtf.csrf import generate_csrf

    app = client.application
    with client.session_transaction() as stored, app.test_request_context():
        from flask import session

        session.update(stored)
        token = generate_csrf()
        stored.update(session)
    return token


def _without_tokens(page: str) -> str:
    import re

    page = re.sub(r'value="[^"]*"', "", page)
    return re.sub(r'nonce="[^"]*"', "", page)
