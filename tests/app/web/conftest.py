"""Two rayons and browsers of their staff, for pages on which people work; a module says who its ``staff`` are."""

from __future__ import annotations

import pytest

from tests.factories.officers import PASSWORD, become_everybody, make_two_rayons
from tests.support.web import sign_in


@pytest.fixture
def place(session):
    return make_two_rayons(session)


@pytest.fixture
def desk(app, session, staff):
    """Return a browser in which one of the staff is signed in."""

    def enter(who):
        become_everybody(session)
        session.flush()
        client = app.test_client()
        answer = sign_in(client, staff[who].name, PASSWORD)
        assert answer.status_code == 303, answer.text
        return client

    return enter
