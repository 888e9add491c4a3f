"""The second factor: who needs one, that no code works twice, and what happens when the telephone is lost."""

from __future__ import annotations

import re
import time
from base64 import b64encode

import pytest
from flask import g, jsonify
from sqlalchemy import text

from app.web.accounts import pending
from app.web.guard import requires
from app.workflows import administer_accounts, manage_accounts, second_factor
from geodata.queries import accounts
from tests.support.accounts import PASSWORD, at_the_command_line, make_account
from tests.support.web import KEY, csrf_token, sign_in

SETTING_UP, CODE = "/ky/sign-in/second-factor", "/ky/sign-in/code"


@pytest.fixture
def desk(live_app):
    """The application with one page for who may work, which says who asks."""

    @live_app.get("/api/v1/desk")
    @requires("work")
    def show():
        return jsonify(account=g.account_name)

    return live_app


@pytest.fixture
def planner(database) -> str:
    return make_account(database, "planner")


def post(client, address: str, code: str):
    token = csrf_token(client, address) if client.get(address).status_code == 200 else ""
    return client.post(address, data={"code": code, "csrf_token": token})


def letters_on(page: str) -> str:
    return re.search(r'<p class="mono"[^>]*>([A-Z2-7 ]+)</p>', page)[1].replace(" ", "")


def code_for(letters: str, moment: float | None = None) -> str:
    """What an authenticator application shows; computed from the letters alone, as it does (RFC 6238)."""
    import hmac
    from base64 import b32decode

    counter = int((time.time() if moment is None else moment) // 30)
    padded = letters + "=" * (-len(letters) % 8)
    digest = hmac.digest(b32decode(padded), counter.to_bytes(8), "sha1")
    start = digest[-1] & 15
    return f"{(int.from_bytes(digest[start : start + 4]) & 0x7FFFFFFF) % 1_000_000:06d}"


def set_up(client, name: str) -> tuple[str, list[str]]:
    """Sign in for the first time; returns the letters of the secret and the recovery codes."""
    assert sign_in(client, name, PASSWORD).headers["Location"] == SETTING_UP
    letters = letters_on(client.get(SETTING_UP).text)
    page = post(client, SETTING_UP, code_for(letters))
    assert page.status_code == 200, page.text
    return letters, re.findall(r"<code>([a-z2-9]{5}-[a-z2-9]{5})</code>", page.text)


def forget_step(database, name: str) -> None:
    """Let half a minute pass: the step that was shown lies before the present one."""
    with at_the_command_line(database) as session:
        session.execute(
            text("UPDATE account SET tf_last_counter = tf_last_counter - 10 WHERE name = :name"), {"name": name}
        )
        session.execute(text("DELETE FROM sign_in_try"))


@pytest.mark.parametrize("role", ["planner", "administrator"])
def test_who_changes_the_whole_country_sets_one_up_before_anything_else(desk, database, role):
    name, client = make_account(database, role), desk.test_client()

    sign_in(client, name, PASSWORD)
    before = [client.get(address).status_code for address in ("/api/v1/desk", "/ky/imports", "/ky/account/keys")]
    again = client.get(SETTING_UP)
    page = post(client, SETTING_UP, code_for(letters_on(again.text)))

    assert before == [401, 303, 303]
    assert 'class="qr"' in again.text
    assert len(set(re.findall(r"<code>([a-z2-9-]{11})</code>", page.text))) == 10
    assert page.headers["Cache-Control"] == "private, no-store"
    assert client.get("/api/v1/desk").get_json() == {"account": name}


@pytest.mark.parametrize("role", ["council", "trainer"])
def test_others_sign_in_with_the_password(desk, database, role):
    name, client = make_account(database, role), desk.test_client()

    assert not sign_in(client, name, PASSWORD).headers["Location"].startswith("/ky/sign-in")
    assert client.get("/api/v1/desk").status_code == 200


def test_a_synthetic_account_is_exempt(desk, database):
    name, client = make_account(database, "planner", is_synthetic=True), desk.test_client()

    sign_in(client, name, PASSWORD)

    assert client.get("/api/v1/desk").status_code == 200


def test_the_password_alone_opens_nothing_once_it_is_set_up(desk, database, planner):
    letters, _codes = set_up(desk.test_client(), planner)
    forget_step(database, planner)
    client = desk.test_client()

    first = sign_in(client, planner, PASSWORD)
    between = client.get("/api/v1/desk").status_code
    setting_up = client.get(SETTING_UP)
    second = post(client, CODE, code_for(letters))

    assert first.headers["Location"] == CODE
    assert between == 401
    assert (setting_up.status_code, setting_up.headers["Location"]) == (303, "/ky/sign-in")  # no second secret
    assert (second.status_code, second.headers["Location"]) == (303, "/ky/priorities")
    assert client.get("/api/v1/desk").get_json() == {"account": planner}


def test_the_way_back_is_kept_over_the_second_factor(live_app, database, planner):
    letters, _codes = set_up(live_app.test_client(), planner)
    forget_step(database, planner)
    client = live_app.test_client()
    form = {"name": planner, "password": PASSWORD, "next": "/ru/imports?x=1", "csrf_token": csrf_token(client)}

    client.post("/ky/sign-in", data=form)

    assert post(client, CODE, code_for(letters)).headers["Location"] == "/ru/imports?x=1"


def test_a_code_that_was_shown_once_is_refused(live_app, database, planner):
    letters, _codes = set_up(live_app.test_client(), planner)
    forget_step(database, planner)
    seen = code_for(letters)
    first, second = live_app.test_client(), live_app.test_client()
    for client in (first, second):
        sign_in(client, planner, PASSWORD)

    assert post(first, CODE, seen).status_code == 303
    assert post(second, CODE, seen).status_code == 401


def test_the_code_of_setting_up_does_not_work_again(live_app, planner):
    client, other = live_app.test_client(), live_app.test_client()
    sign_in(client, planner, PASSWORD)
    seen = code_for(letters_on(client.get(SETTING_UP).text))
    assert post(client, SETTING_UP, seen).status_code == 200

    sign_in(other, planner, PASSWORD)

    assert post(other, CODE, seen).status_code == 401


@pytest.mark.parametrize("late_s", [-30, 30])
def test_a_clock_may_be_half_a_minute_off(live_app, database, planner, late_s):
    letters, _codes = set_up(live_app.test_client(), planner)
    forget_step(database, planner)
    client = live_app.test_client()
    sign_in(client, planner, PASSWORD)

    assert post(client, CODE, code_for(letters, time.time() + late_s)).status_code == 303


@pytest.mark.parametrize("wrong", ["", "12345", "1234567", "abcdef", "١٢٣٤٥٦", "' OR 1=1"])
def test_a_wrong_code_is_told_and_stands_in_the_history(live_app, database, planner, wrong):
    set_up(live_app.test_client(), planner)
    client = live_app.test_client()
    sign_in(client, planner, PASSWORD)

    answer = post(client, CODE, wrong)

    assert answer.status_code == 401
    assert "Код туура эмес" in answer.text
    with at_the_command_line(database) as session:
        outcomes = session.scalars(
            text("""
                SELECT outcome FROM sign_in_record JOIN account ON account.id = account_id
                WHERE name = :name ORDER BY sign_in_record.id
            """),
            {"name": planner},
        ).all()
    assert outcomes == ["signed_in", "wrong_code"]


def test_the_sixth_code_in_a_quarter_of_an_hour_waits_from_wherever_it_comes(live_app, database, planner):
    letters, _codes = set_up(live_app.test_client(), planner)
    forget_step(database, planner)
    client = live_app.test_client()
    sign_in(client, planner, PASSWORD)
    token = csrf_token(client, CODE)

    statuses = [
        client.post(
            CODE,
            data={"code": "000000", "csrf_token": token},
            environ_base={"REMOTE_ADDR": f"203.0.113.{number}"},
        ).status_code
        for number in range(6)
    ]
    right = client.post(CODE, data={"code": code_for(letters), "csrf_token": token})

    assert statuses == [401] * 5 + [429]
    assert right.status_code == 429
    with at_the_command_line(database) as session:
        session.execute(text("DELETE FROM sign_in_try"))


def test_a_recovery_code_works_once_in_any_spelling(live_app, database, planner):
    _letters, codes = set_up(live_app.test_client(), planner)
    spelt = f"  {codes[0].upper().replace('-', ' ')} "
    answers = []
    for sent in (spelt, codes[0], codes[1]):
        client = live_app.test_client()
        sign_in(client, planner, PASSWORD)
        answers.append(post(client, CODE, sent).status_code)

    assert answers == [303, 401, 303]
    with at_the_command_line(database) as session:
        account = accounts.account_by_name(session, planner)
        assert second_factor.recovery_codes_left(account) == 8
        assert not set(account.mf_recovery_codes) & {code.replace("-", "") for code in codes}


def test_the_secret_rests_wrapped(live_app, database, planner):
    letters, _codes = set_up(live_app.test_client(), planner)
    with at_the_command_line(database) as session:
        account = accounts.account_by_name(session, planner)

    assert letters not in account.tf_totp_secret
    assert second_factor.written_key(account.tf_totp_secret, KEY).replace(" ", "") == letters


def test_a_role_that_needs_one_signs_out_who_has_none(desk, database):
    name = make_account(database, "council")
    client = desk.test_client()
    sign_in(client, name, PASSWORD)
    assert client.get("/api/v1/desk").status_code == 200

    with at_the_command_line(database) as session:
        manage_accounts.grant_role(session, name, "planner")

    assert client.get("/api/v1/desk").status_code == 401
    assert sign_in(client, name, PASSWORD).headers["Location"] == SETTING_UP


def test_an_administrator_takes_a_lost_one_away_and_it_is_set_up_anew(desk, database, planner):
    client = desk.test_client()
    letters, codes = set_up(client, planner)
    with at_the_command_line(database) as session:
        administer_accounts.remove_second_factor(session, accounts.account_id_of(session, planner))

    assert client.get("/api/v1/desk").status_code == 401
    again, new_codes = set_up(desk.test_client(), planner)
    assert again != letters
    assert not set(codes) & set(new_codes)


def test_the_door_closes_after_ten_minutes(live_app, database, planner, monkeypatch):
    letters, _codes = set_up(live_app.test_client(), planner)
    forget_step(database, planner)
    client = live_app.test_client()
    sign_in(client, planner, PASSWORD)
    token, now = csrf_token(client, CODE), time.time()
    monkeypatch.setattr(pending.time, "time", lambda: now + 601)

    answer = client.post(CODE, data={"code": code_for(letters, now), "csrf_token": token})

    assert (answer.status_code, answer.headers["Location"]) == (303, "/ky/sign-in")


def test_a_disabled_account_does_not_pass_the_second_door(live_app, database, planner):
    _letters, codes = set_up(live_app.test_client(), planner)
    client = live_app.test_client()
    sign_in(client, planner, PASSWORD)
    token = csrf_token(client, CODE)
    with at_the_command_line(database) as session:
        manage_accounts.disable_account(session, planner)

    answer = client.post(CODE, data={"code": codes[0], "csrf_token": token})

    assert (answer.status_code, answer.headers["Location"]) == (303, "/ky/sign-in")


@pytest.mark.parametrize("address", [CODE, SETTING_UP])
def test_without_a_password_nobody_stands_at_the_second_door(live_app, address):
    answer = live_app.test_client().get(address)

    assert (answer.status_code, answer.headers["Location"]) == (303, "/ky/sign-in")


def test_name_and_password_in_a_header_are_not_enough(desk, planner):
    basic = "Basic " + b64encode(f"{planner}:{PASSWORD}".encode()).decode()

    answer = desk.test_client().get("/api/v1/desk?lang=en", headers={"Authorization": basic})

    assert answer.status_code == 403
    assert answer.get_json()["type"] == "/problems/second-factor-needed"
    assert "key" in answer.get_json()["detail"]


def test_signing_in_gives_a_session_that_no_older_cookie_holds(desk, database):
    name = make_account(database, "council")
    client, attacker = desk.test_client(), desk.test_client()
    attacker.get("/ky/sign-in")
    planted = attacker.get_cookie("mektep_session").value
    client.set_cookie("mektep_session", planted)

    sign_in(client, name, PASSWORD)

    assert client.get_cookie("mektep_session").value != planted
    assert client.get("/api/v1/desk").status_code == 200
    assert attacker.get("/api/v1/desk").status_code == 401
