"""Keys of programs and bound identities from the command line."""

from __future__ import annotations

import secrets

import pytest

from app.workflows import manage_accounts
from geodata.database import open_session
from tests.support.command_line import CommandLine
from tests.support.importing import PASSWORD


@pytest.fixture
def mektep(database, tmp_path, monkeypatch, capfd):
    made = CommandLine(database, tmp_path, monkeypatch, capfd)
    yield made
    made.engine.dispose()


@pytest.fixture
def name(mektep) -> str:
    chosen = f"as{secrets.token_hex(4)}"
    with open_session(mektep.engine, "national") as session:
        manage_accounts.add_account(session, chosen, PASSWORD, "assessor")
    return chosen


def test_a_key_is_printed_once_listed_by_its_beginning_and_revoked(mektep, name):
    made = mektep("accounts", "key", name, "--expires", "30", "--scope", "read,see", "--json")
    key = made.json["key"]
    listed = mektep("accounts", "keys", name)
    revoked = mektep("accounts", "revoke", key[:11])
    again = mektep("accounts", "revoke", key[:11])

    assert (made.code, made.json["scope"]) == (0, ["read", "see"])
    assert key[:11] in listed.out
    assert key not in listed.out
    assert (revoked.code, again.code) == (0, 2)
    (row,) = mektep("accounts", "keys", name, "--json").json["keys"]
    assert (row["state"], row["scope"], row["last_used"]) == ("revoked", ["read", "see"], None)
    assert mektep.value("SELECT rights FROM api_key WHERE prefix = :prefix", prefix=key[:11]) == ["see"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--expires", "366"), "1 to 365 days"),
        (("--scope", "rank"), "rights that the account has"),
        (("--scope", "administer"), "rights that the account has"),
        (("--rate", "0"), "requests a minute"),
        (("--title", ""), "needs a title"),
    ],
)
def test_what_a_key_cannot_be_is_said(mektep, name, arguments, said):
    refused = mektep("accounts", "key", name, *arguments)

    assert refused.code == 2
    assert said in refused.err
    assert "mk_" not in refused.out


@pytest.mark.parametrize("arguments", [("key", "nobody-here"), ("keys", "nobody-here"), ("revoke", "mk_nothing__")])
def test_what_is_not_there_is_wrong_use(mektep, arguments):
    assert mektep("accounts", *arguments).code == 2


def test_a_subject_is_bound_to_one_account_and_unbound(mektep, name, monkeypatch):
    without = mektep("accounts", "bind", name, "person-1")
    monkeypatch.setenv("MEKTEP_OIDC_ISSUER", "https://id.example")
    subject = f"person-{secrets.token_hex(4)}"

    codes = [
        mektep("accounts", "bind", name, subject).code,
        mektep("accounts", "bind", name, subject).code,
        mektep("accounts", "bind", "nobody-here", "person-2").code,
        mektep("accounts", "unbind", name).code,
        mektep("accounts", "unbind", name).code,
    ]

    assert (without.code, "MEKTEP_OIDC_ISSUER" in without.err) == (2, True)
    assert codes == [0, 2, 2, 0, 2]
    bound = "SELECT count(*) FROM account_identity WHERE subject = :subject"
    assert mektep.value(bound, subject=subject) == 0
