"""Queries about accounts touch the row that they name and no other, also where no policy of the database helps."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, text, update

from geodata.models.account import Account, AccountGrant, AccountLink, AccountSession, SignInRecord
from geodata.models.api_key import ApiKey
from geodata.queries import account_links, account_lists, account_sessions, accounts, api_keys, identities

ISSUER, OTHER_ISSUER = "https://id.example", "https://other.example"
PAST = datetime.now(UTC) - timedelta(days=2)


@pytest.fixture
def two(unguarded):
    """Two accounts, each with a session, a link, a key, an identity, codes and a line of history; the ids."""
    ids = []
    for name in ("own", "other"):
        number = accounts.add_account(unguarded, name, "hash", display_name=f"Person {name}")
        account_sessions.add_session(unguarded, number, f"session {name}", 12)
        account_links.add_link(unguarded, number, "reset", f"link {name}", 24, None)
        api_keys.add_key(
            unguarded, number, title="t", prefix=name, secret_sha256=f"key {name}", rights=["import"], per_minute=1,
            days=9,
        )  # fmt: skip
        identities.bind(unguarded, number, ISSUER, f"subject {name}", bound_by=None)
        accounts.set_second_factor(unguarded, number, f"seed {name}", 5)
        accounts.set_recovery_codes(unguarded, number, ["shared", f"code {name}"])
        account_sessions.record_sign_in(unguarded, name, "10.0.0.1", "signed_in")
        ids.append(number)
    unguarded.flush()
    return ids


def column(session, value, **wanted):
    return session.scalar(select(value).filter_by(**wanted))


def test_a_link_is_found_and_used_by_its_own_token_while_it_works(unguarded, two):
    assert account_links.find_link(unguarded, "link own").account_id == two[0]
    assert account_links.find_link(unguarded, "no such") is None

    assert account_links.use_link(unguarded, "link own") == two[0]

    assert account_links.use_link(unguarded, "link own") is None
    assert account_links.find_link(unguarded, "link own") is None
    assert account_links.find_link(unguarded, "link other") is not None
    unguarded.execute(update(AccountLink).values(expires_at=PAST, used_at=None))
    assert account_links.use_link(unguarded, "link other") is None


def test_the_open_link_is_the_accounts_own_unused_and_in_time(unguarded, two):
    account_links.use_link(unguarded, "link other")

    assert account_links.open_link_of(unguarded, two[0]) is not None
    assert account_links.open_link_of(unguarded, two[1]) is None
    unguarded.execute(update(AccountLink).values(expires_at=PAST, used_at=None))
    assert account_links.open_link_of(unguarded, two[0]) is None


def test_a_new_link_ends_the_accounts_own_unused_ones(unguarded, two):
    account_links.use_link(unguarded, "link own")
    account_links.remove_links(unguarded, two[0])

    assert set(unguarded.scalars(select(AccountLink.token_sha256))) == {"link own", "link other"}
    account_links.remove_links(unguarded, two[1])
    assert set(unguarded.scalars(select(AccountLink.token_sha256))) == {"link own"}


def test_old_links_and_sessions_are_forgotten_and_others_kept(unguarded, two):
    unguarded.execute(update(AccountLink).where(AccountLink.account_id == two[0]).values(expires_at=PAST))
    unguarded.execute(update(AccountSession).where(AccountSession.account_id == two[0]).values(expires_at=PAST))
    account_links.remove_old_links(unguarded)
    account_sessions.remove_expired(unguarded)

    assert list(unguarded.scalars(select(AccountLink.token_sha256))) == ["link other"]
    assert list(unguarded.scalars(select(AccountSession.secret_sha256))) == ["session other"]
    assert unguarded.scalar(select(func.count()).select_from(SignInRecord)) == 2


def test_history_past_its_time_is_forgotten(unguarded, two):
    unguarded.execute(
        update(SignInRecord).where(SignInRecord.account_id == two[0]).values(at=datetime(2020, 1, 1, tzinfo=UTC))
    )

    account_sessions.remove_expired(unguarded)

    assert account_sessions.sign_ins_of(unguarded, two[0]) == []
    assert len(account_sessions.sign_ins_of(unguarded, two[1])) == 1


def test_a_session_is_found_by_its_secret_and_its_account(unguarded, two):
    assert account_sessions.find_session(unguarded, two[0], "session own") is not None
    assert account_sessions.find_session(unguarded, two[0], "session other") is None
    assert account_sessions.find_session(unguarded, two[0], "no such") is None
    assert [one.reference for one in account_sessions.browsers_of(unguarded, two[1])] == ["session other"]


def test_only_the_named_session_is_extended_noted_and_removed(unguarded, two):
    long_ago = datetime(2026, 1, 1, tzinfo=UTC)
    unguarded.execute(update(AccountSession).values(seen_at=long_ago))
    before = column(unguarded, AccountSession.expires_at, secret_sha256="session other")

    account_sessions.extend_session(unguarded, "session own", 20, 24)
    account_sessions.note_request(unguarded, "session own")

    assert column(unguarded, AccountSession.expires_at, secret_sha256="session other") == before
    assert column(unguarded, AccountSession.seen_at, secret_sha256="session other") == long_ago
    account_sessions.remove_session(unguarded, "session own")
    assert list(unguarded.scalars(select(AccountSession.secret_sha256))) == ["session other"]


def test_a_session_that_ended_is_not_extended(unguarded, two):
    unguarded.execute(update(AccountSession).values(expires_at=PAST))

    assert account_sessions.extend_session(unguarded, "session own", 20, 24) is None
    assert account_sessions.find_session(unguarded, two[0], "session own") is None


def test_sessions_of_one_account_end_and_those_of_others_stay(unguarded, two):
    account_sessions.add_session(unguarded, two[0], "second own", 12)

    assert account_sessions.end_sessions(unguarded, two[0], only="session other") == []
    assert account_sessions.end_sessions(unguarded, two[0], but="second own") == ["session own"]
    assert set(unguarded.scalars(select(AccountSession.secret_sha256))) == {"second own", "session other"}


@pytest.mark.parametrize(
    "change",
    [
        lambda session, own: accounts.set_password(session, own, "new"),
        lambda session, own: accounts.change_account(session, "own", password_hash="new"),
    ],
)
def test_a_new_password_is_one_accounts_and_ends_its_sessions_alone(unguarded, two, change):
    change(unguarded, two[0])

    assert [column(unguarded, Account.password, id=number) for number in two] == ["new", "hash"]
    assert list(unguarded.scalars(select(AccountSession.secret_sha256))) == ["session other"]


def test_a_second_factor_and_its_codes_are_one_accounts(unguarded, two):
    accounts.set_second_factor(unguarded, two[0], "new seed", 6)
    accounts.set_recovery_codes(unguarded, two[0], ["new code"])

    assert column(unguarded, Account.tf_totp_secret, id=two[1]) == "seed other"
    assert column(unguarded, Account.mf_recovery_codes, id=two[1]) == ["shared", "code other"]
    assert accounts.use_counter(unguarded, two[0], 7)
    assert not accounts.use_counter(unguarded, two[0], 7)
    assert column(unguarded, Account.tf_last_counter, id=two[1]) == 5


def test_a_recovery_code_is_taken_from_its_own_account(unguarded, two):
    assert not accounts.use_recovery_code(unguarded, two[0], "code other")
    assert accounts.use_recovery_code(unguarded, two[0], "shared")
    assert column(unguarded, Account.mf_recovery_codes, id=two[1]) == ["shared", "code other"]


def test_accounts_are_found_by_what_names_them(unguarded, two):
    key = column(unguarded, Account.fs_uniquifier, id=two[0])

    assert accounts.account_by_name(unguarded, " OWN ").id == two[0]
    assert accounts.account_by_key(unguarded, key).id == two[0]
    assert accounts.account_by_id(unguarded, two[0]).id == two[0]
    assert accounts.account_id_of(unguarded, "own") == two[0]
    assert accounts.account_by_name(unguarded, "nobody") is None


def test_a_disabled_account_has_no_grants_and_a_role_is_counted_where_it_is_held(unguarded, two):
    unguarded.add_all(AccountGrant(account_id=number, role=role) for number, role in zip(two, ROLES_HELD, strict=True))
    unguarded.flush()

    assert accounts.grants_of(unguarded, two[0]) == [("administrator", None, None)]
    assert list(account_lists.grants_of(unguarded, [two[0]])) == [two[0]]
    assert account_lists.count_accounts(unguarded, "", "planner") == 1
    assert [row.id for row in account_lists.select_accounts(unguarded, "", "planner", 9, 0)] == [two[1]]
    assert account_lists.count_accounts(unguarded, "person other", None) == 1
    assert accounts.other_administrators(unguarded, two[1]) == 1
    assert accounts.other_administrators(unguarded, two[0]) == 0
    unguarded.execute(update(Account).where(Account.id == two[0]).values(password=None))
    assert accounts.other_administrators(unguarded, two[1]) == 0
    unguarded.execute(update(Account).where(Account.id == two[0]).values(password="hash", active=False))
    assert accounts.other_administrators(unguarded, two[1]) == 0
    assert accounts.grants_of(unguarded, two[0]) == []
    assert identities.active_account(unguarded, two[0]) is None
    assert identities.active_account(unguarded, two[1]).id == two[1]


ROLES_HELD = ("administrator", "planner")


def test_a_key_is_found_by_its_secret_and_revoked_once(unguarded, two):
    found = api_keys.key_by_secret(unguarded, "key own")

    assert found.account_id == two[0]
    assert api_keys.key_by_secret(unguarded, "no such") is None
    assert api_keys.account_of_key(unguarded, found).id == two[0]
    assert api_keys.name_of_account(unguarded, found) == "own"
    assert [key.account_id for key in api_keys.keys_of(unguarded, two[1])] == [two[1]]
    assert [key.account_id for key in api_keys.keys_by_prefix(unguarded, "other")] == [two[1]]
    assert api_keys.revoke(unguarded, found.id).id == found.id
    assert api_keys.revoke(unguarded, found.id) is None
    assert api_keys.key_by_secret(unguarded, "key own") is None
    assert api_keys.key_by_secret(unguarded, "key other") is not None


def test_the_use_of_a_key_is_noted_at_that_key_once_a_minute(unguarded, two):
    found = api_keys.key_by_secret(unguarded, "key own")

    assert api_keys.note_use(unguarded, found)
    assert not api_keys.note_use(unguarded, found)
    assert column(unguarded, ApiKey.last_used_at, prefix="other") is None


def test_an_identity_is_of_its_issuer_and_its_account(unguarded, two):
    identities.bind(unguarded, two[0], OTHER_ISSUER, "subject other", bound_by=None)

    assert identities.account_id_of(unguarded, ISSUER, "subject own") == two[0]
    assert identities.account_id_of(unguarded, OTHER_ISSUER, "subject own") is None
    assert identities.account_id_of(unguarded, ISSUER, "subject other") == two[1]
    assert identities.unbind(unguarded, two[0], ISSUER)
    assert identities.account_id_of(unguarded, OTHER_ISSUER, "subject other") == two[0]
    assert identities.account_id_of(unguarded, ISSUER, "subject other") == two[1]


def test_tries_count_under_their_own_key_and_in_their_window(unguarded, two):
    for key in ("a", "a", "b"):
        account_sessions.count_try(unguarded, key, 60)

    assert account_sessions.recent_tries(unguarded, "a", 60) == 2
    unguarded.execute(text("UPDATE sign_in_try SET at = at - interval '2 minutes' WHERE key = 'a'"))
    assert account_sessions.recent_tries(unguarded, "a", 60) == 0
    account_sessions.count_try(unguarded, "b", 60)
    assert account_sessions.count_try(unguarded, "a", 60) == 1
    unguarded.execute(text("UPDATE sign_in_try SET at = at - interval '2 minutes' WHERE key = 'b'"))
    account_sessions.count_try(unguarded, "a", 60)
    assert unguarded.scalar(text("SELECT count(*) FROM sign_in_try WHERE key = 'b'")) == 2
    account_sessions.count_try(unguarded, "b", 60)
    account_sessions.forget_tries(unguarded, "a")
    assert account_sessions.recent_tries(unguarded, "a", 60) == 0
    assert account_sessions.recent_tries(unguarded, "b", 60) == 1
    unguarded.execute(text("UPDATE sign_in_try SET at = at - interval '2 days'"))
    account_sessions.count_try(unguarded, "c", 60)
    account_sessions.remove_expired(unguarded)
    assert list(unguarded.scalars(text("SELECT key FROM sign_in_try"))) == ["c"]


def test_a_line_of_history_is_of_the_name_that_signed_in(unguarded, two):
    account_sessions.record_sign_in(unguarded, "own", "10.0.0.2", "wrong_password")
    account_sessions.record_sign_in(unguarded, "nobody at all", "10.0.0.3", "wrong_password")

    assert [line.address for line in account_sessions.sign_ins_of(unguarded, two[0])] == ["10.0.0.2", "10.0.0.1"]
    assert [line.address for line in account_sessions.sign_ins_of(unguarded, two[1])] == ["10.0.0.1"]
