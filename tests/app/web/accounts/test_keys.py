"""Keys of programs: made once, held to what was chosen, refused at once when they end."""

from __future__ import annotations

import hashlib
import io
import json
import re
import secrets

import pytest
from flask import Flask, g, jsonify
from sqlalchemy import text

from app.permissions import KEY_RIGHTS, ROLES, Grant, rights_of, scope_of
from app.web.guard import requires
from app.web.request import current_session
from app.workflows import account_links, manage_accounts, manage_keys
from app.workflows.jobs import JobContext
from app.workflows.manage_keys import KeyWish
from geodata.database import make_engine, open_session, set_scope
from geodata.models import SchoolArea
from geodata.models.account import Account, AccountGrant
from geodata.queries import accounts, jobs
from tests.factories.ranked_country import make_ranked_country
from tests.factories.schools import make_school
from tests.support.importing import PASSWORD
from tests.support.rights import EVERYTHING
from tests.support.web import csrf_token, sign_in

PROGRAM_ADDRESSES = ("/api/v1/schools", "/ogc/collections", "/tiles/base.json")
WRONG = {
    "unknown": "Bearer mk_" + "a" * 43,
    "no key at all": "Bearer ",
    "another kind of token": "Bearer eyJhbGciOiJub25lIn0.e30.",
    "markup": "Bearer <script>",
    "NUL": "Bearer mk_%00",
    "cut off": "Bearer mk_" + "a" * 42,
    "another scheme": "Digest username=a",
}


@pytest.fixture(scope="module")
def worker_engine(database):
    made = make_engine(database.url("mektep_worker"))
    yield made
    made.dispose()


@pytest.fixture
def name(worker_engine) -> str:
    """A planner of this test's own."""
    chosen = f"pl{secrets.token_hex(4)}"
    with open_session(worker_engine, "national") as session:
        manage_accounts.add_account(session, chosen, PASSWORD, is_synthetic=True)
    return chosen


@pytest.fixture
def person(worker_engine) -> str:
    """An assessor of the whole country, who signs in with a password alone."""
    chosen = f"as{secrets.token_hex(4)}"
    with open_session(worker_engine, "national") as session:
        manage_accounts.add_account(session, chosen, PASSWORD, "assessor")
    return chosen


@pytest.fixture
def make(worker_engine, name):
    """Make a key for the planner."""

    def made(*rights: str, account: str = name) -> str:
        with open_session(worker_engine, "national") as session:
            return manage_keys.make_key_for(session, account, KeyWish("a program", rights, 30, 6000))

    return made


@pytest.fixture
def desk(live_app: Flask) -> Flask:
    """The application with addresses that say who asks, and what the transaction holds."""

    @live_app.get("/api/v1/desk")
    @requires("read")
    def show():
        held = current_session().execute(
            text("SELECT current_setting('app.scope'), current_setting('app.rights'), current_setting('app.account')")
        )
        scope, rights, account = held.one()
        return jsonify(account=g.account_name, scope=scope, rights=rights, id=account)

    @live_app.get("/api/v1/desk/import")
    @requires("import")
    def take():
        return jsonify(done=True)

    return live_app


def ask(app: Flask, key: str, address: str = "/api/v1/desk"):
    return app.test_client().get(address, headers={"Authorization": f"Bearer {key}"})


def change(worker_engine, statement: str, key: str) -> None:
    digest = hashlib.sha256(key.encode()).hexdigest()
    with open_session(worker_engine, "national") as session:
        done = session.execute(text(statement + " WHERE secret_sha256 = :digest"), {"digest": digest})
        assert done.rowcount == 1


@pytest.mark.parametrize("address", PROGRAM_ADDRESSES)
@pytest.mark.parametrize("header", WRONG.values(), ids=WRONG)
def test_a_wrong_key_is_never_taken_for_a_visitor(live_app, address, header):
    as_visitor = live_app.test_client().get(address)

    answer = live_app.test_client().get(address, headers={"Authorization": header})

    assert as_visitor.status_code == 200
    assert answer.status_code == 401
    assert answer.mimetype == "application/problem+json"
    assert answer.json["type"] == "/problems/wrong-key"
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_key_asks_as_its_account_with_its_own_rights_only(desk, make, name):
    reading, seeing, importing = make(), make("see"), make("see", "import")

    answers = [ask(desk, key).json for key in (reading, seeing, importing)]

    assert {answer["account"] for answer in answers} == {name}
    assert [answer["scope"] for answer in answers] == ["area", "area", "national"]
    assert answers[0]["rights"] == "{}"
    assert [sorted(json.loads(answer["rights"])) for answer in answers[1:]] == [["see"], ["import", "see"]]
    allowed = [ask(desk, key, "/api/v1/desk/import").status_code for key in (reading, seeing, importing)]
    assert allowed == [403, 403, 200]


def test_answers_to_keys_are_kept_by_nobody(desk, make):
    answer = ask(desk, make(), "/api/v1/schools")

    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "Authorization" in answer.headers["Vary"]


@pytest.mark.parametrize(
    "statement",
    [
        pytest.param("UPDATE api_key SET revoked_at = now()", id="revoked"),
        pytest.param("UPDATE api_key SET expires_at = now() - interval '1 second'", id="ended"),
        pytest.param("DELETE FROM api_key", id="removed"),
    ],
)
def test_a_key_that_is_over_is_refused_at_the_next_request(desk, worker_engine, make, statement):
    key = make("see")
    assert ask(desk, key).status_code == 200

    change(worker_engine, statement, key)

    assert ask(desk, key).status_code == 401


def test_a_key_of_a_disabled_account_is_refused(desk, worker_engine, make, name):
    key = make("see")

    with open_session(worker_engine, "national") as session:
        manage_accounts.disable_account(session, name)

    assert ask(desk, key).status_code == 401


@pytest.mark.parametrize("how", ["command line", "link"])
def test_a_reset_of_the_password_revokes_the_keys(desk, engine, worker_engine, make, name, how):
    """Who took an account over may have made a key for later; a reset ends that too."""
    key = make("see")
    with open_session(worker_engine, "national") as session:
        if how == "command line":
            manage_accounts.reset_account(session, name, "another long pass phrase")
        else:
            link = account_links.make_link(session, accounts.account_id_of(session, name))
    if how == "link":
        with open_session(engine, "public") as session:
            account_links.choose_password(session, link.token, "another long pass phrase")

    assert ask(desk, key).status_code == 401


def test_a_right_that_the_account_loses_is_lost_by_its_keys(desk, worker_engine, make, name):
    key = make("see", "import")
    assert ask(desk, key, "/api/v1/desk/import").status_code == 200

    with open_session(worker_engine, "national") as session:
        manage_accounts.grant_role(session, name, "council")
        session.execute(
            text("DELETE FROM account_grant USING account WHERE account.id = account_id AND name = :name "
                 "AND role = 'planner'"), {"name": name}
        )  # fmt: skip

    assert ask(desk, key, "/api/v1/desk/import").status_code == 403
    assert ask(desk, key).json["rights"] == "{}"


def test_a_key_shows_what_is_not_published_only_with_the_right_to_see_it(client, session, name, worker_engine, app):
    country = make_ranked_country(session)
    hidden = make_school(session, code=f"h{secrets.token_hex(4)}", is_published=False)
    area = country.oblast
    account = account_of(session, "oblast", area.id)
    held = rights_of([Grant("oblast", area.id)])
    set_scope(session, "area", account.id, held)
    seeing = manage_keys.make_key(session, account.id, account.name, held, KeyWish("a", ["see"], 5, 100))
    reading = manage_keys.make_key(session, account.id, account.name, held, KeyWish("b", [], 5, 100))
    set_scope(session, "national", rights=EVERYTHING)
    session.add(SchoolArea(school_id=hidden.id, area_id=area.id, level=1))
    session.flush()

    found = [ask(app, key, f"/api/v1/schools/{hidden.code}").status_code for key in (seeing, reading)]

    assert found == [200, 404]
    assert client.get(f"/api/v1/schools/{hidden.code}").status_code == 404


def account_of(session, role, area_id):
    account = Account(name=f"ob{secrets.token_hex(4)}", fs_uniquifier=secrets.token_hex(16))
    account.grants = [AccountGrant(role=role, area_id=area_id)]
    session.add(account)
    session.flush()
    return account


def test_a_job_of_a_key_gets_no_more_than_the_key(live_app, worker_engine, make, monkeypatch):
    monkeypatch.setattr("app.web.imports.steps.LARGE_BYTES", 1, raising=False)
    key = make("import")
    big = b"code,name_ky\n" + b"".join(b"%d,A\n" % number for number in range(1, 60_000))

    answer = live_app.test_client().post(
        "/api/v1/imports",
        data={"file": (io.BytesIO(big), "big.csv"), "kind": "schools"},
        headers={"Authorization": f"Bearer {key}"},
    )

    assert answer.status_code == 202, answer.text
    token = answer.json["job"].rsplit("/", 1)[-1]
    with open_session(worker_engine, "national") as session:
        record = jobs.find_job(session, token)
    context = JobContext(worker_engine, live_app.extensions["settings"], record)
    assert record.only_rights == ["import"]
    assert set(context.rights.held) == {"import"}
    assert context.scope == "national"


def test_the_last_use_is_noted_once_a_minute(live_app, worker_engine, make):
    key = make()
    seen = "SELECT last_used_at FROM api_key WHERE secret_sha256 = :digest"
    digest = {"digest": hashlib.sha256(key.encode()).hexdigest()}

    def last_used():
        with open_session(worker_engine, "national") as session:
            return session.execute(text(seen), digest).scalar_one()

    before = last_used()
    ask(live_app, key, "/api/v1/hazards")
    first = last_used()
    ask(live_app, key, "/api/v1/hazards")

    assert before is None
    assert first is not None
    assert last_used() == first


def test_the_page_shows_a_key_once_and_keeps_only_its_hash(live_app, worker_engine, person):
    client = live_app.test_client()
    sign_in(client, person, PASSWORD)
    form = {"title": "nightly <b>import</b>", "rights": ["see", "edit"], "days": "30", "per_minute": "60"}

    answer = client.post("/ky/account/keys", data=form | {"csrf_token": csrf_token(client, "/ky/account/keys")})
    again = client.get("/ky/account/keys").text

    assert answer.status_code == 201
    (key,) = set(re.findall(r"mk_[\w-]{43}", answer.text))
    assert key not in again
    assert key[:11] in again
    assert "nightly &lt;b&gt;import" in again
    assert answer.headers["Cache-Control"] == "private, no-store"
    with open_session(worker_engine, "national") as session:
        rows = session.execute(text("SELECT api_key::text FROM api_key WHERE prefix = :p"), {"p": key[:11]}).scalars()
        assert all(key not in row for row in rows)
        noted = session.execute(text("SELECT count(*) FROM audit_event WHERE tag = 'key:made' AND subject = :name"),
                                {"name": person})  # fmt: skip
        assert noted.scalar_one() in (0, 1)
    assert ask(live_app, key, "/api/v1/schools").status_code == 200


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", ""), ("title", "x" * 81), ("days", "0"), ("days", "366"), ("days", "-1"), ("days", "٣"),
        ("days", "1e3"), ("per_minute", "0"), ("per_minute", "6001"), ("rights", "see_restricted"),
        ("rights", "administer"), ("rights", "work"), ("rights", "system"), ("rights", ""),
    ],
)  # fmt: skip
def test_a_field_that_cannot_be_used_is_said_and_makes_no_key(live_app, worker_engine, person, field, value):
    client = live_app.test_client()
    sign_in(client, person, PASSWORD)
    form = {"title": "a", "days": "30", "per_minute": "60", "csrf_token": csrf_token(client, "/ky/account/keys")}

    answer = client.post("/ky/account/keys", data=form | {field: value})

    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    with open_session(worker_engine, "national") as session:
        assert session.execute(
            text("SELECT count(*) FROM api_key JOIN account ON account.id = account_id WHERE name = :name"),
            {"name": person},
        ).scalar_one() == 0  # fmt: skip


def test_revoking_acts_at_once_and_only_on_ones_own_keys(live_app, worker_engine, make, person):
    key, other = make("see", account=person), f"ot{secrets.token_hex(4)}"
    with open_session(worker_engine, "national") as session:
        manage_accounts.add_account(session, other, PASSWORD, "council")
        (made,) = session.execute(text("SELECT id FROM api_key WHERE prefix = :p"), {"p": key[:11]}).one()
    stranger, owner = live_app.test_client(), live_app.test_client()
    sign_in(stranger, other, PASSWORD)
    sign_in(owner, person, PASSWORD)
    address = f"/ky/account/keys/{made}/revoke"

    refused = stranger.post(address, data={"csrf_token": csrf_token(stranger, "/ky/account/keys")})
    works = ask(live_app, key, "/api/v1/schools").status_code
    done = owner.post(address, data={"csrf_token": csrf_token(owner, "/ky/account/keys")})

    assert (refused.status_code, works, done.status_code) == (404, 200, 303)
    assert ask(live_app, key, "/api/v1/schools").status_code == 401
    assert key[:11] in owner.get("/ky/account/keys").text
    again = owner.post(address, data={"csrf_token": csrf_token(owner, "/ky/account/keys")})
    assert again.status_code == 404


def test_an_account_has_twenty_working_keys_at_most(live_app, make, person):
    for _ in range(manage_keys.MOST_KEYS):
        make(account=person)
    client = live_app.test_client()
    sign_in(client, person, PASSWORD)
    form = {"title": "a", "days": "30", "per_minute": "60", "csrf_token": csrf_token(client, "/ky/account/keys")}

    assert client.post("/ky/account/keys", data=form).status_code == 409


def test_no_key_opens_the_pages_of_an_account(live_app, make):
    key = make(*KEY_RIGHTS.keys() & rights_of([Grant("planner")]).held.keys())

    for address in ("/ky/account/keys", "/ky/imports"):
        answer = ask(live_app, key, address)
        assert answer.status_code in (303, 401), address


def test_the_web_role_reads_and_changes_no_key_that_it_does_not_name(engine, make, worker_engine):
    key = make("see")
    stranger = rights_of([Grant("council")])
    with open_session(engine, "area", 0, stranger) as session:
        assert session.execute(text("SELECT count(*) FROM api_key")).scalar_one() == 0
        assert session.execute(text("UPDATE api_key SET revoked_at = now()")).rowcount == 0
    change(worker_engine, "UPDATE api_key SET revoked_at = now()", key)
    digest = hashlib.sha256(key.encode()).hexdigest()
    with open_session(engine, "area", 0, stranger) as session:
        session.execute(text("SELECT set_config('app.credential', :digest, true)"), {"digest": digest})
        assert session.execute(text("SELECT count(*) FROM api_key")).scalar_one() == 1
        assert session.execute(text("UPDATE api_key SET revoked_at = NULL")).rowcount == 0, "revoked for good"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE api_key SET rights = '{rank}'",
        "UPDATE api_key SET expires_at = now()",
        "DELETE FROM api_key",
        "INSERT INTO api_key (account_id, title, prefix, secret_sha256, per_minute, expires_at) "
        "SELECT 1, 'a', 'b', gen_random_uuid()::text, 5, now()",
    ],
)
def test_the_web_role_gives_no_key_more_and_nobody_else_a_key(engine, statement):
    with open_session(engine, "area", 0, rights_of([Grant("administrator")])) as session:
        with pytest.raises(Exception, match=r"permission denied|row-level security"):
            session.execute(text(statement))
        session.rollback()


def test_every_role_keeps_its_scope_when_the_key_carries_all_its_rights():
    for role in ROLES:
        held = rights_of([Grant(role)])
        assert scope_of(held.only(held.held)) == scope_of(held)


@pytest.mark.parametrize("lang", ["ky", "ru", "en"])
def test_the_page_is_in_the_readers_language(live_app, person, lang):
    client = live_app.test_client()
    sign_in(client, person, PASSWORD)

    page = client.get(f"/{lang}/account/keys").text

    assert {"ky": "Программалар үчүн ачкычтар", "ru": "Ключи для программ", "en": "Keys for programs"}[lang] in page
