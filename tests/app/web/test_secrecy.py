"""Every role against every readable address, with canaries planted in one's own and in other territories.

Addresses come from the application's own table, so that a new page, tile, file or call is in the matrix by itself.
"""

from __future__ import annotations

import re

import pytest

from app.permissions import AIMAK, OBLAST, RAYON, ROLES, SCHOOL
from app.web.guard import action_of
from app.workflows import manage_accounts
from tests.factories.canaries import AUDITED, CANARY, FAR, OWN, STATE, Country, mark, marks_in, plant
from tests.geodata.test_row_security import expected
from tests.support.crawl import choices_of, crawl
from tests.support.importing import PASSWORD
from tests.support.web import csrf_token, sign_in

NUMBERS = re.compile(r"<int:(\w+)>")


@pytest.fixture
def country(session) -> Country:
    return plant(session)


def test_no_address_shows_a_visitor_what_is_not_public(app, client, country):
    found = crawl(client, app, country, is_thorough=True)

    named = {address: status for address, (status, _text) in found.items() if CANARY in address}
    assert len(named) > 20
    asked = {address for address, status in named.items() if status == 303}
    forms = ("/edit", "/new", "/field/", "/appeal", "/funded", "/grant")
    assert all(any(part in address for part in forms) for address in asked), "forms ask who it is, known code or not"
    assert all("/sign-in?next=" in found[address][1] for address in asked)
    assert set(named.values()) <= {303, 400, 404}
    others = {address: text for address, (_status, text) in found.items() if CANARY not in address}
    assert [address for address, text in others.items() if CANARY in text] == []
    assert sum("Чолпон" in text for text in others.values()) > 50
    naming = {address for address, text in others.items() if "SEC-01" in text}
    assert [address for address in naming if "/standard" not in address] == []
    assert naming, "the restricted requirement stands in the public Standard, its answers nowhere"


def sign_in_as(client, session, country: Country, role: str) -> int:
    """Sign in as a new account of ``role`` in the smallest territory that the role is given for; return its level."""
    own, level = country.places[OWN], max(ROLES[role].levels)
    codes = {OBLAST: own.oblast.code, RAYON: own.rayon.code, AIMAK: own.aimak.code, SCHOOL: own.school.code}
    manage_accounts.add_account(session, f"one-{role}", PASSWORD, role, codes.get(level), is_synthetic=True)
    session.flush()
    assert sign_in(client, f"one-{role}", PASSWORD).status_code == 303
    return level


@pytest.mark.parametrize("role", ROLES)
def test_no_address_shows_a_role_more_than_its_table_says(app, client, session, country, role):
    level = sign_in_as(client, session, country, role)

    found = crawl(client, app, country)

    allowed = expected(role, level)
    leaks = {address: sorted(marks_in(text) - allowed - marks_in(address)) for address, (_, text) in found.items()}
    assert {address: leak for address, leak in leaks.items() if leak} == {}
    assert {status for address, (status, _) in found.items() if marks_in(address) - allowed} <= {400, 403, 404}
    shown = set().union(*(marks_in(text) for _, text in found.values()))
    if "see" in ROLES[role].rights and level != SCHOOL:
        assert mark("school", OWN) in shown
    if "audit" in ROLES[role].rights:
        assert {mark(what, FAR) for what in AUDITED} & shown
    if "rank" in ROLES[role].rights:
        assert {mark(what, STATE) for what in ("layer", "run", "file", "problem")} <= shown


@pytest.mark.parametrize("role", ROLES)
def test_no_role_may_call_what_its_table_does_not_name(app, client, session, country, role):
    """Each address and method answers 403 to a role without its right; with the right it gets past the door."""
    sign_in_as(client, session, country, role)
    token = {"X-CSRFToken": csrf_token(client, "/ky/")}
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) & {"GET", "POST", "PUT", "PATCH", "DELETE"}):
            action = action_of(app, rule.endpoint)
            if action in ROLES[role].rights:
                continue
            numbers = set(NUMBERS.findall(rule.rule))
            given = {name: 1 if name in numbers else "x" for name in rule.arguments}
            given |= choices_of(rule)
            given |= {name: one for name, one in (("lang", "ky"), ("extension", "csv")) if name in rule.arguments}
            address = app.url_map.bind("localhost").build(rule.endpoint, given, method=method)
            answer = client.open(address, method=method, headers=token)
            assert answer.status_code == 403, (method, address, action)
