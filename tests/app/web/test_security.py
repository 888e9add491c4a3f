"""What every answer carries, what no form and no address may do, and what an error must not tell."""

from __future__ import annotations

import io
import re
import secrets

import pytest

from app.web.guard import action_of
from app.workflows import manage_accounts
from geodata.database import make_engine, open_session
from geodata.models import HazardLayer
from tests.factories.ranked_country import make_ranked_country
from tests.factories.runs import make_run
from tests.factories.schools import make_school
from tests.support.crawl import choices_of
from tests.support.importing import PASSWORD
from tests.support.web import csrf_token, make_app, make_settings, sign_in

ANSWERS = {
    "page": "/ky/priorities",
    "map": "/ky/map",
    "part of a page": "/ky/map/card?school={school}",
    "page of an error": "/ky/none",
    "redirect": "/r/{run}",
    "API": "/api/v1/priorities",
    "description": "/api/v1/openapi.json",
    "error of the API": "/api/v1/priorities?grade=Z",
    "health": "/healthz",
    "OGC": "/ogc/collections/schools/items",
    "tile": "/tiles/schools/5/22/11.mvt",
    "TileJSON": "/tiles/schools.json",
    "CSV": "/api/v1/priorities.csv",
    "workbook": "/api/v1/priorities.xlsx",
    "map as a file": "/api/v1/priorities.html",
    "GeoJSON": "/api/v1/priorities.geojson",
    "brief": "/ky/areas/{area}/brief.pdf",
    "picture": "/static/favicon.svg",
    "style": "/static/css/base.css",
    "script": "/static/js/main.js",
}
LEAK = re.compile(r"Traceback|psycopg|sqlalchemy|SELECT |INSERT |\.py\b|site-packages|mektep_web")
HOSTILE = (
    "/api/v1/schools/%27%20OR%201=1--",
    "/api/v1/schools/..%2f..%2fetc%2fpasswd",
    "/api/v1/schools?q=%00",
    "/api/v1/schools?area=%27%22%3E%3Cscript%3E",
    "/api/v1/schools?limit=99999999999999999999",
    "/api/v1/schools?date=2024-13-45",
    "/api/v1/runs/zzzz",
    "/api/v1/jobs/%00",
    "/tiles/%00/1/1/1.mvt",
    "/tiles/schools/99/1/1.mvt",
    "/tiles/schools/1/99999999999999999999/1.mvt",
    "/ogc/collections/schools/items?bbox=nan,1,2,3",
    "/ogc/collections/schools/items?datetime=0000-00-00",
    "/ogc/collections/schools/items/%00",
    "/ky/schools/%00",
    "/ky/areas/%ff%fe",
    "/ky/map?at=inf,nan,1",
    "/ky/map/search?q=%00%00",
    "/ky/priorities?sort=;drop%20table",
    "/static/..%2f..%2fapp%2fsettings.py",
)
NEXT = (
    "//evil.example/", "https://evil.example/", "/\\evil.example", "\\\\evil.example", "javascript:alert(1)",
    "/\t/evil.example", "/%09/evil.example", "///evil.example", "/ky/\r\nSet-Cookie: a=b", "evil.example",
)  # fmt: skip


@pytest.fixture
def places(session):
    made = make_ranked_country(session)
    return {"school": made.worst.code, "area": made.oblast.code, "run": made.run.hash[:16]}


@pytest.fixture
def name(database) -> str:
    """The name of an operator account of this test's own."""
    chosen = f"op{secrets.token_hex(4)}"
    engine = make_engine(database.url("mektep_worker"))
    with open_session(engine, "national") as session:
        manage_accounts.add_account(session, chosen, PASSWORD, is_synthetic=True)
    engine.dispose()
    return chosen


def directives(policy: str) -> dict[str, list[str]]:
    return {part.split()[0]: part.split()[1:] for part in policy.split(";") if part.strip()}


@pytest.mark.parametrize("kind", ANSWERS)
def test_every_kind_of_answer_is_strict_about_what_may_run(client, places, kind):
    answer = client.get(ANSWERS[kind].format(**places))

    assert answer.status_code < 500
    policy = directives(answer.headers["Content-Security-Policy"])
    assert policy["default-src"] == ["'none'"]
    scripts = policy.get("script-src", [])
    assert all(source == "'self'" or re.fullmatch(r"'nonce-[\w-]{20,}'", source) for source in scripts), scripts
    allowed = {source for sources in policy.values() for source in sources if not source.startswith("'nonce-")}
    assert allowed <= {"'none'", "'self'", "data:", "blob:", *({"'unsafe-inline'"} if kind == "brief" else ())}
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    if not ANSWERS[kind].startswith("/static/"):
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert answer.headers["Referrer-Policy"] == "same-origin"
        assert "camera=()" in answer.headers["Permissions-Policy"]
    assert "Server" not in answer.headers or "Python" not in answer.headers["Server"]
    answer.close()


def test_a_nonce_is_used_once(client, places):
    first, second = (client.get("/ky/map").headers["Content-Security-Policy"] for _ in range(2))

    assert first != second


@pytest.mark.parametrize("https_only", [False, True])
def test_the_cookie_of_a_session_is_kept_from_scripts_and_other_sites(database, tmp_path, name, https_only):
    app = make_app(make_settings(database, tmp_path, https_only=https_only))
    client = app.test_client()
    kept = {"base_url": "https://localhost"}
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/ky/sign-in", **kept).text)[1]
    form = {"name": name, "password": PASSWORD, "csrf_token": token}
    sent = {"Referer": "https://localhost/ky/sign-in"}

    answer = client.post("/ky/sign-in", data=form, headers=sent, **kept)
    app.extensions["engine"].dispose()

    (cookie,) = answer.headers.getlist("Set-Cookie")
    parts = {part.strip() for part in cookie.split(";")[1:]}
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= parts
    assert ("Secure" in parts) is https_only
    assert ("Strict-Transport-Security" in answer.headers) is https_only
    assert not any(part.startswith("Domain") for part in parts)


def test_no_form_is_taken_without_its_token(live_app, name):
    client = live_app.test_client()
    sign_in(client, name, PASSWORD)
    posts = [
        rule
        for rule in live_app.url_map.iter_rules()
        if "POST" in (rule.methods or ()) and action_of(live_app, rule.endpoint) is not None
    ]
    assert len(posts) >= 9

    for rule in posts:
        given = {key: {"ext": "csv", "extension": "csv"}.get(key, 1) for key in rule.arguments} | choices_of(rule)
        given |= {"lang": "ky"} if "lang" in rule.arguments else {}
        address = live_app.url_map.bind("localhost").build(rule.endpoint, given, method="POST")
        for form in ({}, {"csrf_token": "x" * 40}):
            answer = client.post(address, data=form)
            assert answer.status_code == 400, address
            assert "forgery" in answer.text or "csrf" not in answer.text.lower()
    assert client.get("/ky/imports").status_code == 200, "still signed in: sign-out was refused too"


@pytest.mark.parametrize("wanted", NEXT)
def test_signing_in_never_leads_to_another_site(live_app, name, wanted):
    client = live_app.test_client()
    form = {"name": name, "password": PASSWORD, "csrf_token": csrf_token(client), "next": wanted}

    answer = client.post("/ky/sign-in", data=form)
    again = client.get("/ky/sign-in", query_string={"next": wanted})

    for found in (answer, again):
        assert found.status_code == 303
        target = found.headers["Location"]
        assert re.match(r"/(?![/\\])", target), target
        assert "\\" not in target
        assert not re.search(r"[\x00-\x20]", target)


@pytest.mark.parametrize("address", HOSTILE)
@pytest.mark.parametrize("accept", ["text/html", "application/json"])
def test_hostile_addresses_get_a_calm_answer(live_app, address, accept):
    answer = live_app.test_client().get(address, headers={"Accept": accept})

    assert answer.status_code < 500
    assert not LEAK.search(answer.text), answer.text


@pytest.mark.parametrize("where", ["/api/v1/imports", "/ky/imports"])
def test_a_file_over_the_limit_is_refused_before_it_is_kept(database, tmp_path, name, where):
    app = make_app(make_settings(database, tmp_path, upload_limit_mb=1))
    client = app.test_client()
    sign_in(client, name, PASSWORD)
    for size in (1024 * 1024 + 1, 3 * 1024 * 1024):
        token = csrf_token(client, "/ky/imports")
        form = {"kind": "schools", "file": (io.BytesIO(b"a" * size), "big.csv"), "csrf_token": token}

        answer = client.post(where, data=form, headers={"X-CSRFToken": token})

        assert answer.status_code == 413
        assert not LEAK.search(answer.text)
        if where.startswith("/api/"):
            assert answer.mimetype == "application/problem+json"
            assert answer.json["type"] == "/problems/too-large"
    app.extensions["engine"].dispose()
    assert [path for path in (tmp_path / "uploads").rglob("*") if path.is_file()] == []


def test_what_is_foreign_answers_exactly_as_what_is_absent(client, session):
    """An unpublished school, run and layer beside ones that never were: same status, same body, any channel."""
    mark = secrets.token_hex(4)
    hidden, absent = f"hid-{mark}", f"non-{mark}"
    _add_hidden(session, hidden, mark)
    run, no_run = mark + "0" * 56, "".join("f" if c == "0" else "0" for c in mark) + "0" * 56
    for pattern, own, other in (
        ("/ky/schools/{}", hidden, absent),
        ("/api/v1/schools/{}", hidden, absent),
        ("/ogc/collections/schools/items/{}", hidden, absent),
        ("/ky/map/card?school={}", hidden, absent),
        ("/ogc/collections/{}", hidden, absent),
        ("/ogc/collections/{}/items", hidden, absent),
        ("/tiles/{}.json", hidden, absent),
        ("/tiles/{}/5/22/11.mvt", hidden, absent),
        ("/ky/priorities/runs/{}", run, no_run),
        ("/ky/priorities?run={}", run, no_run),
        ("/api/v1/runs/{}", run, no_run),
        ("/api/v1/priorities?run={}", run, no_run),
        ("/api/v1/priorities.csv?run={}", run, no_run),
        ("/tiles/schools/5/22/11.mvt?run={}", run, no_run),
        ("/ogc/collections/schools/items?run={}", run, no_run),
    ):
        foreign, nothing = (_shape(client.get(pattern.format(value)), value) for value in (own, other))
        assert foreign == nothing, pattern
        assert foreign[0] == 404, pattern
    found = client.get(f"/ky/map/search?q={hidden}").json
    assert [row for row in found["results"] if row["code"] == hidden] == []


def _add_hidden(session, hidden: str, mark: str) -> None:
    make_school(session, code=hidden, name_ky=hidden, is_published=False)
    make_run(session, mark + "0" * 56, published=False)
    session.add(
        HazardLayer(
            code=hidden, version=1, hazard="flood", kind="polygon", data_sha256=mark, is_current=True, is_public=False,
            manifest={"code": hidden, "title": hidden, "source": {"publisher": "x", "licence": "not stated"}},
        )
    )  # fmt: skip
    session.flush()


def _shape(answer, value: str) -> tuple[int, str, str]:
    """Return status, kind and body without the asked name, the reference number and the nonce."""
    body = answer.text.replace(value, "*").replace(answer.headers["X-Request-ID"], "#")
    body = re.sub(r'nonce="[^"]+"|value="[\w.-]{60,}"', "", body)
    return answer.status_code, answer.mimetype, body
