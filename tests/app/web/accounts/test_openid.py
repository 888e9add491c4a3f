"""Signing in at a provider: only with an answer to what this browser asked, and only into a bound account."""

from __future__ import annotations

import secrets
import time

import pytest
from joserfc.jwk import KeySet, RSAKey
from sqlalchemy import text

from app.permissions import Grant, rights_of
from app.workflows import manage_accounts, openid
from geodata.database import make_engine, open_session
from tests.support.importing import PASSWORD
from tests.support.openid_provider import CLIENT_ID, CLIENT_SECRET, running_provider
from tests.support.web import csrf_token, make_app, make_settings

NOW = int(time.time())
WRONG_CLAIMS = {
    "another nonce": {"nonce": "x" * 43},
    "no nonce": {"nonce": None},
    "another issuer": {"iss": "https://evil.example"},
    "no issuer": {"iss": None},
    "another audience": {"aud": "another-party"},
    "no audience": {"aud": None},
    "others in the audience, not said for whom": {"aud": [CLIENT_ID, "another-party"]},
    "for another party": {"aud": [CLIENT_ID, "another-party"], "azp": "another-party"},
    "ended": {"exp": NOW - 3600, "iat": NOW - 7200},
    "without an end": {"exp": None},
    "from the future": {"iat": NOW + 7200, "exp": NOW + 9000},
    "no subject": {"sub": None},
    "an empty subject": {"sub": ""},
    "a subject that is no text": {"sub": 7},
    "an endless subject": {"sub": "x" * 256},
}
WRONG_SIGNATURES = ("sign_with_another_key", "sign_with_the_public_key", "sign_with_our_secret", "sign_not")


@pytest.fixture
def provider():
    with running_provider() as made:
        yield made


@pytest.fixture
def app(database, tmp_path, provider):
    settings = {"oidc_issuer": provider.issuer, "oidc_client_id": CLIENT_ID, "oidc_client_secret": CLIENT_SECRET}
    made = make_app(make_settings(database, tmp_path, **settings, oidc_name="Түндүк"))
    yield made
    made.extensions["engine"].dispose()


@pytest.fixture
def name(database, provider):
    """An assessor who is person-1 at the provider."""
    chosen = f"as{secrets.token_hex(4)}"
    engine = make_engine(database.url("mektep_worker"))
    with open_session(engine, "national") as session:
        manage_accounts.add_account(session, chosen, PASSWORD, "assessor")
        openid.bind(session, chosen, provider.issuer, "person-1")
    yield chosen
    with open_session(engine, "national") as session:
        openid.unbind(session, chosen, provider.issuer)
    engine.dispose()


def begin(client, wanted: str = "/ky/method"):
    return client.post("/ky/sign-in/openid", data={"csrf_token": csrf_token(client), "next": wanted})


def sign_in(client, provider, **changed):
    came = provider.sign_in(begin(client).headers["Location"]) | changed
    return client.get("/sign-in/openid", query_string={key: value for key, value in came.items() if value is not None})


def is_signed_in(client) -> bool:
    return client.get("/ky/account/keys").status_code == 200


def test_a_bound_person_is_signed_in_and_goes_on(app, provider, name):
    client = app.test_client()

    answer = sign_in(client, provider)

    assert (answer.status_code, answer.headers["Location"]) == (303, "/ky/method")
    assert is_signed_in(client)
    with client.session_transaction() as kept:
        assert "mektep_openid" not in kept
        assert "eyJ" not in str(dict(kept)), "no token of the provider is kept"


@pytest.mark.parametrize("claims", WRONG_CLAIMS.values(), ids=WRONG_CLAIMS)
def test_a_token_with_a_wrong_claim_signs_nobody_in(app, provider, name, claims):
    client = app.test_client()
    provider.claims = claims

    answer = sign_in(client, provider)

    assert answer.status_code == 401
    assert not is_signed_in(client)


@pytest.mark.parametrize("how", WRONG_SIGNATURES)
def test_a_token_with_a_wrong_signature_signs_nobody_in(app, provider, name, how):
    client = app.test_client()
    provider.sign = getattr(provider, how)

    answer = sign_in(client, provider)

    assert answer.status_code == 401
    assert not is_signed_in(client)


@pytest.mark.parametrize(
    "changed",
    [
        {"state": "x" * 43}, {"state": None}, {"state": "ы"}, {"code": None}, {"code": "x" * 3000}, {"code": "made-up"},
        {"iss": "https://evil.example"}, {"error": "access_denied"},
    ],
    ids=str,
)  # fmt: skip
def test_an_answer_to_something_else_signs_nobody_in(app, provider, name, changed):
    client = app.test_client()

    answer = sign_in(client, provider, **changed)

    assert answer.status_code == 401
    assert 'role="alert"' in answer.text
    assert not is_signed_in(client)


def test_an_answer_counts_only_in_the_browser_that_asked_and_once(app, provider, name):
    owner, thief = app.test_client(), app.test_client()
    came = provider.sign_in(begin(owner).headers["Location"])

    stolen = thief.get("/sign-in/openid", query_string=came)
    first = owner.get("/sign-in/openid", query_string=came)
    owner.post("/ky/sign-out", data={"csrf_token": csrf_token(owner, "/ky/account/keys")})
    again = owner.get("/sign-in/openid", query_string=came)

    assert (stolen.status_code, first.status_code, again.status_code) == (401, 303, 401)
    assert not is_signed_in(thief)


def test_an_answer_after_ten_minutes_signs_nobody_in(app, provider, name, monkeypatch):
    client = app.test_client()
    came = provider.sign_in(begin(client).headers["Location"])
    monkeypatch.setattr(openid.time, "time", lambda: NOW + 3600)

    assert client.get("/sign-in/openid", query_string=came).status_code == 401


def test_the_code_is_worth_nothing_without_the_verifier(app, provider, name):
    """PKCE: a code that was caught on its way cannot be used by who sends another verifier."""
    client = app.test_client()
    came = provider.sign_in(begin(client).headers["Location"])
    with client.session_transaction() as kept:
        kept["mektep_openid"] = {**kept["mektep_openid"], "verifier": "another" * 8}

    assert client.get("/sign-in/openid", query_string=came).status_code == 401


def test_who_is_not_bound_gets_no_account_and_is_told_their_name_there(app, provider, name):
    client = app.test_client()
    provider.claims = {"sub": "stranger <b>"}

    answer = sign_in(client, provider)

    assert answer.status_code == 403
    assert "stranger &lt;b&gt;" in answer.text
    assert not is_signed_in(client)


def test_a_disabled_account_is_not_signed_in(app, provider, name, database):
    engine = make_engine(database.url("mektep_worker"))
    with open_session(engine, "national") as session:
        manage_accounts.disable_account(session, name)
    engine.dispose()

    assert sign_in(app.test_client(), provider).status_code == 403


def test_who_owes_a_second_factor_owes_it_after_the_provider_too(app, provider, database):
    engine, chosen = make_engine(database.url("mektep_worker")), f"pl{secrets.token_hex(4)}"
    with open_session(engine, "national") as session:
        manage_accounts.add_account(session, chosen, PASSWORD, "planner")
        openid.bind(session, chosen, provider.issuer, "planner-1")
    engine.dispose()
    client, provider.claims = app.test_client(), {"sub": "planner-1"}

    answer = sign_in(client, provider)

    assert answer.headers["Location"].endswith("/sign-in/second-factor")
    assert client.get("/ky/imports").status_code in (302, 303)


@pytest.mark.parametrize(
    "description",
    [
        {"issuer": "https://evil.example"},
        {"token_endpoint": "http://evil.example/token"},
        {"jwks_uri": "file:///etc/passwd"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"authorization_endpoint": None},
    ],
    ids=str,
)
def test_a_description_that_leads_elsewhere_is_not_followed(app, provider, name, description):
    client = app.test_client()
    provider.description = description

    answer = begin(client)

    assert answer.status_code == 503
    assert "Location" not in answer.headers


def test_a_description_that_has_moved_is_not_followed(app, provider, name):
    provider.has_moved = True

    assert begin(app.test_client()).status_code == 503


def test_a_provider_that_is_down_is_told_and_the_password_still_works(app, provider, name):
    provider.is_down = True
    client = app.test_client()

    answer = begin(client)

    assert answer.status_code == 503
    assert 'name="password"' in answer.text


def test_a_changed_key_of_the_provider_is_taken_at_the_next_sign_in(app, provider, name):
    assert sign_in(app.test_client(), provider).status_code == 303

    provider.key = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})
    provider.shown_keys = KeySet([provider.key])

    assert sign_in(app.test_client(), provider).status_code == 303


def test_the_way_back_never_leads_to_another_site(app, provider, name):
    client = app.test_client()
    came = provider.sign_in(begin(client, "//evil.example/").headers["Location"])

    assert client.get("/sign-in/openid", query_string=came).headers["Location"].startswith("/ky/")


def test_only_the_sign_in_page_may_lead_to_the_provider(app, provider):
    client = app.test_client()

    at_sign_in = client.get("/ky/sign-in")
    elsewhere = client.get("/ky/method")

    assert f"form-action 'self' {provider.issuer};" in at_sign_in.headers["Content-Security-Policy"]
    assert "form-action 'self';" in elsewhere.headers["Content-Security-Policy"]
    assert "Түндүк" in at_sign_in.text


def test_without_a_provider_there_is_no_button_and_no_address(live_app):
    client = live_app.test_client()
    page = client.get("/ky/sign-in")

    assert "sign-in/openid" not in page.text
    assert "form-action 'self';" in page.headers["Content-Security-Policy"]
    assert client.post("/ky/sign-in/openid", data={"csrf_token": csrf_token(client)}).status_code == 404
    assert client.get("/sign-in/openid").status_code == 404


def test_the_web_role_binds_nobody_and_lists_no_one(engine, name):
    with open_session(engine, "national", 0, rights_of([Grant("planner")])) as session:
        assert session.execute(text("SELECT count(*) FROM account_identity")).scalar_one() == 0
        with pytest.raises(Exception, match="row-level security"):
            session.execute(text("INSERT INTO account_identity (account_id, issuer, subject) VALUES (1, 'a', 'b')"))
        session.rollback()
