"""Single points of the verification standard that no other test shows; SECURITY.md names them."""

from __future__ import annotations

import ast
import json
import logging
import re
import secrets
from pathlib import Path

import pytest
import structlog
from sqlalchemy import text

from app.web import logs
from app.workflows import manage_accounts
from geodata.database import make_engine, open_session
from tests.support.importing import PASSWORD
from tests.support.web import csrf_token, make_app, make_settings, sign_in

ROOT = Path(__file__).resolve().parents[3]
TEMPLATES = ROOT / "app/web/templates"


@pytest.fixture
def name(database) -> str:
    """An assessor of this test's own, who signs in with a password alone."""
    chosen = f"as{secrets.token_hex(4)}"
    engine = make_engine(database.url("mektep_worker"))
    with open_session(engine, "national") as session:
        manage_accounts.add_account(session, chosen, PASSWORD, "assessor")
    engine.dispose()
    return chosen


def test_over_https_the_cookie_is_bound_to_this_host(database, tmp_path, name):
    app = make_app(make_settings(database, tmp_path, https_only=True))
    client, kept = app.test_client(), {"base_url": "https://localhost"}
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/ky/sign-in", **kept).text)[1]
    form = {"name": name, "password": PASSWORD, "csrf_token": token}

    answer = client.post("/ky/sign-in", data=form, headers={"Referer": "https://localhost/ky/sign-in"}, **kept)
    app.extensions["engine"].dispose()

    (cookie,) = answer.headers.getlist("Set-Cookie")
    assert cookie.startswith("__Host-mektep_session=")
    assert "Secure" in cookie
    assert "Domain=" not in cookie


@pytest.mark.parametrize("method", ["TRACE", "TRACK", "CONNECT", "PROPFIND", "PUT", "DELETE", "PATCH"])
@pytest.mark.parametrize("address", ["/ky/sign-in", "/api/v1/schools", "/tiles/base.json", "/static/css/base.css"])
def test_methods_that_nobody_uses_are_refused(live_app, method, address):
    answer = live_app.test_client().open(address, method=method)

    assert answer.status_code in (404, 405)
    answer.close()


@pytest.mark.parametrize(
    "address", ["/static/", "/static/css/", "/.git/config", "/static/../app/settings.py", "/.env", "/var/", "/static/."]
)
def test_folders_and_hidden_files_are_not_shown(live_app, address):
    answer = live_app.test_client().get(address)

    assert answer.status_code == 404
    answer.close()


@pytest.mark.parametrize("field", ["key", "api_key", "auth_token", "access_token", "token", "password"])
def test_no_secret_is_taken_from_an_address(live_app, name, field):
    client = live_app.test_client()

    assert client.get(f"/api/v1/schools?{field}=mk_{'a' * 43}").status_code == 400, "told, not ignored"
    assert client.get(f"/ky/account/keys?{field}={PASSWORD}&name={name}").status_code == 303


def test_signing_out_clears_what_the_browser_kept(live_app, name):
    client = live_app.test_client()
    sign_in(client, name, PASSWORD)

    answer = client.post("/ky/sign-out", data={"csrf_token": csrf_token(client, "/ky/account/keys")})

    assert '"storage"' in answer.headers["Clear-Site-Data"]
    assert '"cache"' in answer.headers["Clear-Site-Data"]


def test_every_page_of_who_is_signed_in_has_a_way_out_and_is_kept_by_nobody(live_app, name):
    client = live_app.test_client()
    sign_in(client, name, PASSWORD)

    for address in ("/ky/", "/ky/method", "/ky/account/keys", "/ky/data"):
        answer = client.get(address)
        assert 'action="/ky/sign-out"' in answer.text
        assert answer.headers["Cache-Control"] == "private, no-store"


def test_fields_that_a_form_does_not_have_change_nothing(live_app, database, name):
    client = live_app.test_client()
    sign_in(client, name, PASSWORD)
    form = {"title": "a", "days": "5", "per_minute": "9", "csrf_token": csrf_token(client, "/ky/account/keys")}
    more = {"account_id": "1", "secret_sha256": "0" * 64, "expires_at": "2999-01-01", "prefix": "mk_mine", "id": "7"}
    more |= {"role": "administrator", "roles": "administrator", "active": "true", "is_synthetic": "true"}

    assert client.post("/ky/account/keys", data=form | more).status_code == 201

    engine = make_engine(database.url("mektep_worker"))
    with open_session(engine, "national") as session:
        made = session.execute(
            text(
                "SELECT account.name, secret_sha256, prefix, expires_at < now() + interval '6 days' AS is_short, "
                "is_synthetic, (SELECT array_agg(role) FROM account_grant AS held WHERE held.account_id = account.id) "
                "FROM api_key JOIN account ON account.id = account_id WHERE account.name = :name"
            ),
            {"name": name},
        ).one()
    engine.dispose()
    assert made[0] == name
    assert made[1] != "0" * 64
    assert made[2] != "mk_mine"
    assert tuple(made[3:]) == (True, False, ["assessor"])


@pytest.mark.parametrize("query", ["limit=1&limit=5000", "offset=0&offset=-1", "run=a&run=b", "lang=ky&lang=zz"])
def test_a_parameter_that_comes_twice_is_one_value_and_never_a_fault(live_app, query):
    answer = live_app.test_client().get(f"/api/v1/schools?{query}")

    assert answer.status_code < 500
    assert answer.status_code != 200 or answer.json["limit"] <= 1000


def test_every_text_says_its_character_set(live_app):
    client = live_app.test_client()

    for address in ("/ky/method", "/static/css/base.css", "/static/js/main.js", "/metrics"):
        answer = client.get(address)
        kind = answer.headers["Content-Type"].replace('"', "").lower()
        assert "charset=utf-8" in kind or not kind.startswith("text/"), address
        answer.close()


def test_passwords_are_masked_and_helpers_may_fill_them_in():
    fields = [
        (path.name, tag)
        for path in TEMPLATES.rglob("*.html")
        for tag in re.findall(r"<input[^>]*password[^>]*>", path.read_text(encoding="utf-8"))
    ]
    assert fields

    for name, tag in fields:
        assert 'type="password"' in tag, name
        assert re.search(r'autocomplete="(current|new)-password"', tag), name
        assert "onpaste" not in tag, name


def test_a_line_of_the_log_stays_one_line(caplog):
    """What people send cannot end a line of the log and begin one of its own."""
    logs.configure_events()
    handler = logging.StreamHandler()
    finish = [structlog.stdlib.ProcessorFormatter.remove_processors_meta, structlog.processors.JSONRenderer()]
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(processors=finish))
    with caplog.at_level(logging.INFO):
        structlog.get_logger("mektep.web").info("request", path='/ky/\r\n{"event": "forged"}')

    told = handler.format(caplog.records[-1])

    assert "\n" not in told
    assert json.loads(told)["event"] == "request"
    assert json.loads(told)["timestamp"].endswith("Z"), "UTC"


def test_the_program_runs_no_text_as_code():
    """No ``eval``, ``exec``, ``pickle``, ``yaml.load`` or shell in what is served."""
    found = []
    for path in [*(ROOT / "app").rglob("*.py"), *(ROOT / "geodata").rglob("*.py"), *(ROOT / "layers").rglob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("eval", "exec"):
                found.append(f"{path.name}: {node.func.id}")
            if isinstance(node, ast.Import | ast.ImportFrom):
                names = [alias.name for alias in node.names] + [getattr(node, "module", "") or ""]
                found += [
                    f"{path.name}: {name}" for name in names if name.split(".")[0] in ("pickle", "shelve", "yaml")
                ]
            if isinstance(node, ast.keyword) and node.arg == "shell":
                found.append(f"{path.name}: shell")

    assert found == []


def test_scripts_write_text_and_never_markup():
    """No ``innerHTML``, ``document.write``, ``eval`` or listener of messages in our own scripts."""
    danger = re.compile(r"\.(inner|outer)HTML\s*=|insertAdjacentHTML|document\.write|\beval\(|new Function\(|onmessage")
    found = [
        f"{path.name}: {line.strip()}"
        for path in (ROOT / "app/web/static/js").rglob("*.js")
        for line in path.read_text(encoding="utf-8").splitlines()
        if danger.search(line)
    ]

    assert found == []


def test_keys_of_signing_are_compared_and_made_by_the_libraries_for_it():
    """No ``random`` where secrets are made, no MD5 and no SHA-1 at all."""
    found = []
    for path in (ROOT / "app").rglob("*.py"):
        source = path.read_text(encoding="utf-8")
        if re.search(r"^(import random|from random)", source, re.M) and "workflows/demonstration" not in str(path):
            found.append(f"{path.name}: random")
        if re.search(r"hashlib\.(md5|sha1)\(", source):
            found.append(f"{path.name}: weak hash")

    assert found == []
