"""Accounts of the demonstration: one a role, around one school, and none among real schools."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from app.permissions import ROLES
from app.workflows import manage_accounts
from app.workflows.demonstration_accounts import RealSchoolsError, add_demonstration_accounts
from tests.factories.ranked_country import make_ranked_country
from tests.factories.schools import make_school
from tests.support.importing import PASSWORD
from tests.support.web import make_settings, sign_in


@pytest.fixture
def synthetic(session):
    country = make_ranked_country(session)
    session.execute(text("UPDATE school SET is_synthetic = true"))
    return country


def test_each_role_gets_an_account_around_the_school_that_is_ranked_first(session, synthetic):
    made = {one.role: one for one in add_demonstration_accounts(session)}

    assert set(made) == set(ROLES)
    assert {role: made[role].place for role in ("school", "local_body", "department", "oblast", "planner")} == {
        "school": synthetic.worst.code,
        "local_body": synthetic.aimak.code,
        "department": synthetic.rayon.code,
        "oblast": synthetic.oblast.code,
        "planner": None,
    }
    assert len({one.password for one in made.values()}) == len(ROLES)
    assert add_demonstration_accounts(session) == []


def test_none_is_made_among_real_schools_not_even_hidden_ones(session, synthetic):
    make_school(session, is_published=False)

    with pytest.raises(RealSchoolsError):
        add_demonstration_accounts(session)


@pytest.fixture
def closing_app(app, database, tmp_path):
    """The application as it is installed: accounts of the demonstration close among real schools."""
    kept = app.extensions["settings"]
    app.extensions["settings"] = make_settings(database, tmp_path, demonstration_accounts="closed")
    yield app
    app.extensions["settings"] = kept


def test_the_first_real_school_signs_them_out_and_keeps_them_out(closing_app, session, synthetic):
    manage_accounts.add_account(session, "a-planner", PASSWORD, "planner", is_synthetic=True)
    client = closing_app.test_client()
    assert sign_in(client, "a-planner", PASSWORD).status_code == 303
    assert client.get("/ky/imports").status_code == 200

    make_school(session, is_published=False)

    assert client.get("/ky/imports").status_code in (302, 303, 401)
    assert "a-planner" not in client.get("/ky/").text
    refused = sign_in(client, "a-planner", PASSWORD)
    assert refused.status_code == 403
    assert "Көрсөтмө каттоо эсептери жабык" in refused.text
    assert client.get("/ky/imports").status_code in (302, 303, 401)
