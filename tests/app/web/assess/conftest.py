"""A school that assesses itself, and who signs in there."""

import re

import pytest

from tests.factories.assessing import make_assessed_place
from tests.factories.officers import become_everybody
from tests.support.pages import check
from tests.support.web import sign_in

PASSWORD = "correct horse battery"


@pytest.fixture
def place(session):
    return make_assessed_place(session, password=PASSWORD)


@pytest.fixture
def desk(app, session, place):
    """Return a browser in which somebody is signed in."""

    def enter(officer=None):
        become_everybody(session)
        session.flush()
        client = app.test_client()
        answer = sign_in(client, (officer or place.director).name, PASSWORD)
        assert answer.status_code == 303, answer.text
        return client

    return enter


def token(client, address):
    return re.search(r'name="csrf_token" value="([^"]+)"', client.get(address).text)[1]


def begin(client, place, lang="en"):
    form = {"school": place.rayons.own.code, "kind": "self", "assessed_on": "2026-03-01"}
    answer = client.post(f"/{lang}/assess", data={**form, "csrf_token": token(client, f"/{lang}/assess")})
    assert answer.status_code == 303, answer.text
    return answer.location


def page_at(client, address, status=200):
    answer = client.get(address)
    assert answer.status_code == status, answer.text[-2000:]
    return check(address, answer)
