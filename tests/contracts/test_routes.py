"""Every route declares who may use it, and no address disappears unnoticed."""

import json
from pathlib import Path

import pytest

from app.web.guard import action_of

ROUTES = Path(__file__).parent / "route-list.json"


def rules(app):
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"]


def test_every_route_declares_its_action(app):
    undeclared = [rule.rule for rule in rules(app) if action_of(app, rule.endpoint) is None]

    assert undeclared == []


def test_every_writing_route_needs_an_account(app):
    open_to_all = [
        f"{method} {rule.rule}"
        for rule in rules(app)
        for method in sorted(rule.methods & {"POST", "PUT", "PATCH", "DELETE"})
        if action_of(app, rule.endpoint) in ("read", "watch", "export", "jobs")
    ]

    assert open_to_all == []


def test_no_address_disappears(app):
    """A promise: take an address out of the list only with a decision record and a changelog line."""
    promised = set(json.loads(ROUTES.read_text(encoding="utf-8")))
    present = {rule.rule for rule in rules(app)}

    assert promised - present == set()
    assert present - promised == set(), "add the new addresses to route-list.json"


@pytest.mark.parametrize("method", ["get", "post"])
def test_an_unknown_address_is_a_plain_404(client, method):
    assert getattr(client, method)("/ky/no-such-page").status_code in (404, 400)
