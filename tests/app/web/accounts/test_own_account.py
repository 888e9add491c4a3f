"""One's own account: what one may do, password, second factor, browsers and history; never anybody else's."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import text

from app.workflows import second_factor
from geodata.queries import accounts
from tests.support.accounts import PASSWORD, at_the_command_line, make_account
from tests.support.web import KEY, csrf_token, sign_in

NEW = "seven grey stones sleep"


@pytest.fixture
def council(database) -> str:
    return make_account(database, "council")


@pytest.fixture
def client(live_app, council):
    made = live_app.test_client()
    sign_in(made, council, PASSWORD)
    return made


def post(client, address: str, **form: str):
    page = address if client.get(address).status_code == 200 else "/ky/account"
    return client.post(address, data={**form, "csrf_token": csrf_token(client, page)})


def account_of(database, name: str):
    with at_the_command_line(database) as session:
        return accounts.account_by_name(session, name)


@pytest.mark.parametrize(
    ("lang", "told"),
    [("ky", "Коомдук кеңеш"), ("ru", "Последние входы"), ("en", "the whole country")],
)
def test_the_page_says_in_words_what_one_may_do_and_where(client, council, lang, told):
    page = client.get(f"/{lang}/account").text

    assert council in page
    assert told in page


def test_a_visitor_is_led_to_signing_in(live_app):
    assert live_app.test_client().get("/ky/account").headers["Location"] == "/ky/sign-in?next=/ky/account"


def test_a_new_password_signs_the_other_browsers_out_and_this_one_stays(live_app, client, council):
    other = live_app.test_client()
    sign_in(other, council, PASSWORD)

    answer = post(client, "/ky/account/password", current=PASSWORD, password=NEW, again=NEW)

    assert answer.status_code == 303
    assert client.get("/ky/account").status_code == 200
    assert other.get("/ky/account").status_code == 303
    assert sign_in(live_app.test_client(), council, PASSWORD).status_code == 401
    assert sign_in(live_app.test_client(), council, NEW).status_code == 303


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"current": "wrong one here", "password": NEW, "again": NEW}, 401),
        ({"current": PASSWORD, "password": NEW, "again": f"{NEW}!"}, 422),
        ({"current": PASSWORD, "password": "short", "again": "short"}, 422),
        ({"password": NEW, "again": NEW}, 401),
    ],
    ids=["wrong present password", "two different ones", "too easy", "no present password"],
)
def test_a_password_is_changed_only_with_the_present_one_and_by_the_rules(live_app, client, council, form, status):
    assert post(client, "/ky/account/password", **form).status_code == status
    assert sign_in(live_app.test_client(), council, PASSWORD).status_code == 303


def test_one_browser_or_all_others_are_signed_out(live_app, client, council):
    others = [live_app.test_client() for _ in range(3)]
    for other in others:
        sign_in(other, council, PASSWORD)
    references = re.findall(r'name="which" value="([0-9a-f]{64})"', client.get("/ky/account").text)
    assert len(references) == 3

    post(client, "/ky/account/sessions/end", which=references[0])
    after_one = [other.get("/ky/account").status_code for other in others]
    post(client, "/ky/account/sessions/end", which="others")
    after_all = [other.get("/ky/account").status_code for other in others]

    assert sorted(after_one) == [200, 200, 303]
    assert after_all == [303, 303, 303]
    assert client.get("/ky/account").status_code == 200


def test_nobody_signs_somebody_elses_browser_out(live_app, database, client):
    name, victim = make_account(database, "trainer"), live_app.test_client()
    sign_in(victim, name, PASSWORD)
    with at_the_command_line(database) as session:
        reference = session.scalar(
            text(
                "SELECT secret_sha256 FROM account_session JOIN account ON account.id = account_id WHERE name = :name"
            ),
            {"name": name},
        )

    post(client, "/ky/account/sessions/end", which=reference)

    assert victim.get("/ky/account").status_code == 200


def test_the_history_shows_sign_ins_and_refused_tries_of_this_account_only(live_app, database, client, council):
    sign_in(live_app.test_client(), council, "wrong password here")
    sign_in(live_app.test_client(), make_account(database, "trainer"), "wrong password here")

    page = client.get("/en/account").text

    assert page.count("refused: the password was wrong") == 1
    assert page.count("<td>signed in</td>") == 1


def test_history_is_forgotten_after_180_days(database, council):
    from app.workflows.account_sessions import forget_expired
    from geodata.database import make_engine

    with at_the_command_line(database) as session:
        session.execute(
            text("""
                INSERT INTO sign_in_record (account_id, address, outcome, at)
                SELECT id, days::text, 'signed_in', now() - make_interval(days => days)
                FROM account, (VALUES (179), (181)) AS past (days) WHERE name = :name
            """),
            {"name": council},
        )
    engine = make_engine(database.url("mektep_worker"))

    forget_expired(engine)

    with at_the_command_line(database) as session:
        kept = session.scalars(
            text("SELECT address FROM sign_in_record JOIN account ON account.id = account_id WHERE name = :name"),
            {"name": council},
        ).all()
    engine.dispose()
    assert kept == ["179"]


def test_a_voluntary_second_factor_is_set_up_asked_for_and_taken_away(live_app, database, client, council):
    other = live_app.test_client()
    sign_in(other, council, PASSWORD)
    begun = post(client, "/ky/account/second-factor", change="begin", current=PASSWORD)
    letters = re.search(r'<p class="mono"[^>]*>([A-Z2-7 ]+)</p>', client.get("/ky/account/second-factor/new").text)
    assert (begun.headers["Location"], bool(letters)) == ("/ky/account/second-factor/new", True)
    with client.session_transaction() as stored:
        code = second_factor.code_at(stored["mektep_setup"], KEY)

    wrong = post(client, "/ky/account/second-factor/new", code="000000" if code != "000000" else "111111")
    right = post(client, "/ky/account/second-factor/new", code=code)

    assert (wrong.status_code, right.status_code) == (401, 200)
    assert len(re.findall(r"<code>[a-z2-9]{5}-[a-z2-9]{5}</code>", right.text)) == 10
    assert other.get("/ky/account").status_code == 303
    assert sign_in(live_app.test_client(), council, PASSWORD).headers["Location"] == "/ky/sign-in/code"

    post(client, "/ky/account/second-factor", change="remove", current=PASSWORD)
    assert account_of(database, council).tf_totp_secret is None


def test_who_needs_a_second_factor_cannot_take_it_away(live_app, database):
    name, client = make_account(database, "planner"), live_app.test_client()
    sign_in(client, name, PASSWORD)
    with client.session_transaction() as stored:
        code = second_factor.code_at(stored["mektep_pending"]["secret"], KEY)
    post(client, "/ky/sign-in/second-factor", code=code)

    post(client, "/ky/account/second-factor", change="remove", current=PASSWORD)

    assert account_of(database, name).tf_totp_secret is not None


@pytest.mark.parametrize("change", ["begin", "codes", "remove"])
def test_the_second_factor_is_changed_only_with_the_password(client, change):
    assert post(client, "/ky/account/second-factor", change=change, current="wrong one here").status_code == 401


def test_a_session_of_twelve_hours_may_be_prolonged_to_twenty_four(database, client, council):
    def hours() -> float:
        with at_the_command_line(database) as session:
            found = session.scalar(
                text("""
                    SELECT extract(epoch FROM expires_at - account_session.created_at) / 3600 FROM account_session
                    JOIN account ON account.id = account_id WHERE name = :name
                """),
                {"name": council},
            )
        return round(float(found), 1)

    before = hours()
    with at_the_command_line(database) as session:
        session.execute(
            text("""
                UPDATE account_session SET created_at = created_at - interval '11 hours',
                    expires_at = expires_at - interval '11 hours'
                WHERE account_id = (SELECT id FROM account WHERE name = :name)
            """),
            {"name": council},
        )
    seconds = post(client, "/ky/account/session/extend").get_json()["seconds"]
    after = hours()
    with at_the_command_line(database) as session:
        session.execute(
            text(
                "UPDATE account_session SET created_at = created_at - interval '9 hours' WHERE account_id = "
                "(SELECT id FROM account WHERE name = :name)"
            ),
            {"name": council},
        )
    post(client, "/ky/account/session/extend")

    assert (before, after, hours()) == (12.0, 23.0, 24.0)
    assert 12 * 3600 - 60 < seconds <= 12 * 3600


def test_pages_tell_how_long_the_session_lasts(client):
    page = client.get("/ky/account").text

    assert 12 * 3600 - 120 < int(re.search(r'data-seconds="(\d+)"', page)[1]) <= 12 * 3600
    assert int(re.search(r'data-idle="(\d+)"', page)[1]) == 3600


def leave_alone(database, name, minutes):
    with at_the_command_line(database) as session:
        session.execute(
            text("""
                UPDATE account_session SET seen_at = now() - make_interval(mins => :minutes)
                WHERE account_id = (SELECT id FROM account WHERE name = :name)
            """),
            {"name": name, "minutes": minutes},
        )


def test_a_browser_that_was_left_alone_for_an_hour_is_out(database, client, council):
    leave_alone(database, council, 61)

    assert client.get("/ky/account").status_code in (302, 303)
    assert client.get("/ky/areas").status_code == 200


def test_each_request_begins_the_hour_anew(database, client, council):
    leave_alone(database, council, 59)
    first = client.get("/ky/account").status_code
    with at_the_command_line(database) as session:
        since = session.scalar(
            text(
                "SELECT extract(epoch FROM now() - max(account_session.seen_at)) FROM account_session "
                "JOIN account ON account.id = account_id WHERE name = :name"
            ),
            {"name": council},
        )

    assert first == 200
    assert since < 30


def test_going_on_answers_both_times(database, client, council):
    leave_alone(database, council, 57)

    found = post(client, "/ky/account/session/extend").get_json()

    assert found["idle"] == 3600
    assert found["seconds"] > 11 * 3600
