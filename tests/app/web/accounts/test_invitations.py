"""Invitations and resets: a link works once, for its time, and nobody learns a password but who chooses it."""

from __future__ import annotations

import secrets

import pytest
from sqlalchemy import text

from app.workflows import account_links, administer_accounts, manage_accounts, passwords
from geodata.queries import accounts
from tests.support.accounts import PASSWORD, at_the_command_line, make_account
from tests.support.web import csrf_token, sign_in

CHOSEN = "seven grey stones sleep"


@pytest.fixture
def invited(database) -> tuple[str, str]:
    """The name of an invited trainer and the token of the link."""
    name = f"new{secrets.token_hex(4)}"
    with at_the_command_line(database) as session:
        _id, token = account_links.invite(session, name, "trainer", display_name="Айнура Асанова")
    return name, token


def choose(client, token: str, password: str, again: str | None = None, lang: str = "ky", **more: str):
    address = f"/{lang}/welcome/{token}"
    form = {"password": password, "again": password if again is None else again, **more}
    return client.post(address, data={**form, "csrf_token": csrf_token(client, f"/{lang}/sign-in")})


def change_link(database, statement: str, name: str) -> None:
    with at_the_command_line(database) as session:
        session.execute(
            text(f"UPDATE account_link SET {statement} WHERE account_id = (SELECT id FROM account WHERE name = :name)"),
            {"name": name},
        )


def test_the_invited_person_chooses_a_password_and_signs_in(live_app, invited):
    name, token = invited
    client = live_app.test_client()
    page = client.get(f"/en/welcome/{token}")

    answer = choose(client, token, CHOSEN)
    signed_in = sign_in(client, name, CHOSEN)

    assert page.status_code == 200
    assert name in page.text
    assert "Айнура Асанова" in page.text
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert page.headers["Cache-Control"] == "no-store"
    assert (answer.status_code, answer.headers["Location"]) == (303, "/ky/sign-in")
    assert signed_in.status_code == 303


def test_nobody_signs_in_before_a_password_was_chosen(live_app, invited):
    name, _token = invited

    assert {sign_in(live_app.test_client(), name, password).status_code for password in ("", "None", CHOSEN)} == {401}


def test_a_link_works_once(live_app, invited):
    name, token = invited
    client = live_app.test_client()
    choose(client, token, CHOSEN)

    again = choose(client, token, "another four short words")

    assert again.status_code == 410
    assert client.get(f"/ky/welcome/{token}").status_code == 410
    assert sign_in(client, name, "another four short words").status_code == 401


def test_looking_at_a_link_does_not_use_it(live_app, invited):
    _name, token = invited
    client = live_app.test_client()

    assert [client.get(f"/ky/welcome/{token}").status_code for _ in range(3)] == [200] * 3


def test_used_old_and_unknown_links_answer_alike(live_app, database, invited):
    name, token = invited
    other = f"{name}x"
    with at_the_command_line(database) as session:
        _id, used = account_links.invite(session, other, "trainer")
    choose(live_app.test_client(), used, CHOSEN)
    client = live_app.test_client()
    change_link(database, "expires_at = now() - interval '1 second'", name)

    pages = [client.get(f"/ky/welcome/{one}") for one in (token, used, "x", secrets.token_urlsafe(32), "%00" * 9)]

    assert {page.status_code for page in pages} == {410}
    assert len({without_references(page.text, (token, used)) for page in pages[:2]}) == 1
    assert choose(client, token, CHOSEN).status_code == 410


def without_references(page: str, tokens) -> str:
    import re

    for token in tokens:
        page = page.replace(token, "")
    return re.sub(r"[0-9a-f]{12}|nonce=\"[^\"]*\"", "", page)


@pytest.mark.parametrize(("has_password", "hours"), [(False, 168), (True, 2)], ids=["invitation", "reset"])
def test_a_link_lives_as_long_as_its_kind(database, has_password, hours):
    name = make_account(database, "council")
    with at_the_command_line(database) as session:
        if not has_password:
            session.execute(text("UPDATE account SET password = NULL WHERE name = :name"), {"name": name})
        account_links.make_link(session, accounts.account_id_of(session, name))
        lived = session.scalar(
            text("""
                SELECT extract(epoch FROM expires_at - account_link.created_at) / 3600 FROM account_link
                JOIN account ON account.id = account_id WHERE name = :name
            """),
            {"name": name},
        )

    assert float(lived) == hours


def test_the_database_keeps_no_token(database, invited):
    _name, token = invited
    with at_the_command_line(database) as session:
        rows = session.execute(text("SELECT account_link::text FROM account_link")).scalars().all()
        events = session.execute(text("SELECT audit_event::text FROM audit_event")).scalars().all()

    assert rows
    assert not any(token in row for row in [*rows, *events])


def test_the_log_keeps_no_token(live_app, invited, caplog):
    _name, token = invited
    caplog.set_level("INFO")

    live_app.test_client().get(f"/ky/welcome/{token}")

    assert token not in caplog.text
    assert "/ky/welcome/***" in caplog.text


def test_a_reset_signs_out_everywhere_and_the_old_password_works_until_then(live_app, database):
    name = make_account(database, "council")
    with at_the_command_line(database) as session:
        token = account_links.make_link(session, accounts.account_id_of(session, name)).token
    browser, other = live_app.test_client(), live_app.test_client()
    assert sign_in(browser, name, PASSWORD).status_code == 303

    choose(other, token, CHOSEN)

    assert browser.get("/ky/account/keys").headers["Location"].startswith("/ky/sign-in")
    assert sign_in(live_app.test_client(), name, PASSWORD).status_code == 401
    assert sign_in(live_app.test_client(), name, CHOSEN).status_code == 303


def test_a_newer_link_ends_the_older_one(live_app, database, invited):
    name, older = invited
    with at_the_command_line(database) as session:
        newer = account_links.make_link(session, accounts.account_id_of(session, name)).token
    client = live_app.test_client()

    assert client.get(f"/ky/welcome/{older}").status_code == 410
    assert client.get(f"/ky/welcome/{newer}").status_code == 200


def test_a_disabled_account_has_no_way_back_by_a_link(live_app, database, invited):
    name, token = invited
    with at_the_command_line(database) as session:
        administer_accounts.disable(session, accounts.account_id_of(session, name))
    client = live_app.test_client()

    assert client.get(f"/ky/welcome/{token}").status_code == 410
    assert choose(client, token, CHOSEN).status_code == 410


def test_a_link_changes_nothing_but_the_password(live_app, database, invited):
    """Fields that the form does not have are not read."""
    name, token = invited
    more = {"role": "administrator", "active": "false", "is_synthetic": "true", "name": "other", "username": "other"}

    choose(live_app.test_client(), token, CHOSEN, **more)

    with at_the_command_line(database) as session:
        account = accounts.account_by_name(session, name)
        assert (account.active, account.is_synthetic) == (True, False)
        assert [grant.role for grant in account.grants] == ["trainer"]


@pytest.mark.parametrize(
    ("password", "rules"),
    [
        ("short", ["short"]),
        ("x" * 201, ["long", "repeated"]),
        ("aaaa bbbb cccc dddd", ["repeated"]),
        ("abababababab", ["repeated"]),
        ("Password2026!!", ["common"]),
        ("сырсөз-сырсөз-2026", []),
        ("Кыргызстан2026", ["common"]),
        ("123456789012", ["common"]),
        ("poiuytrewq1q", []),
        ("qwertyuiopas", ["common"]),
        ("Leave-Me-Alone", ["common"]),
        ("ghjcnjgfhjkm", ["common"]),
        ("barcelona-2026", ["common"]),
        ("мен айгүл болом", ["name"]),
        ("seven grey stones sleep", []),
    ],
)
def test_rules_of_passwords(password, rules):
    assert list(passwords.broken_rules(password, "айгүл")) == rules


@pytest.mark.parametrize("lang", ["ky", "ru", "en"])
def test_a_weak_password_is_refused_in_words_and_the_link_still_works(live_app, invited, lang):
    _name, token = invited
    client = live_app.test_client()

    refused = choose(client, token, "password2026", lang=lang)
    different = choose(client, token, CHOSEN, again="something else here", lang=lang)

    told = {"ky": "кеңири таралган сырсөз эмес", "ru": "не распространённый пароль", "en": "no common password"}[lang]
    assert refused.status_code == 422
    assert refused.text.count(told) == 2  # among the rules, and as the one that is broken
    assert "password2026" not in refused.text
    assert different.status_code == 422
    assert choose(client, token, CHOSEN).status_code == 303


@pytest.mark.parametrize("name", ["", "a", "two words", "x" * 65, "<b>", "a/b"])
def test_a_name_is_letters_digits_and_four_signs(database, name):
    with at_the_command_line(database) as session, pytest.raises(manage_accounts.AccountsError):
        account_links.invite(session, name, "trainer")


def test_the_web_role_can_neither_list_links_nor_make_one(engine, invited):
    from geodata.database import open_session

    with open_session(engine, "public") as session:
        assert session.scalar(text("SELECT count(*) FROM account_link")) == 0
        assert session.execute(text("UPDATE account_link SET used_at = NULL")).rowcount == 0
        with pytest.raises(Exception, match="row-level security"):
            session.execute(
                text(
                    "INSERT INTO account_link (token_sha256, account_id, kind, expires_at) "
                    "VALUES ('x', 1, 'reset', now())"
                )
            )
        session.rollback()
