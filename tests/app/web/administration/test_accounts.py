"""Administrators: what they can change on others' accounts, and that no form gives more than its fields say."""

from __future__ import annotations

import re
import secrets

import pytest
from sqlalchemy import text

from geodata.queries import accounts
from tests.factories.areas import make_area
from tests.support.accounts import PASSWORD, at_the_command_line, make_account
from tests.support.web import csrf_token, sign_in

ADDRESS = "/en/admin/accounts"


@pytest.fixture
def administrator(database) -> str:
    return make_account(database, "administrator", is_synthetic=True)


@pytest.fixture
def client(live_app, administrator):
    made = live_app.test_client()
    assert sign_in(made, administrator, PASSWORD).headers["Location"] == "/ky/admin/accounts"
    return made


@pytest.fixture
def trainer(database) -> str:
    return make_account(database, "trainer")


def post(client, path: str = "", **form: str):
    return client.post(f"{ADDRESS}{path}", data={**form, "csrf_token": csrf_token(client, ADDRESS)})


def account_of(database, name: str):
    with at_the_command_line(database) as session:
        return accounts.account_by_name(session, name)


def roles_of(database, name: str) -> list[str]:
    return sorted(grant.role for grant in account_of(database, name).grants)


def events_of(database, name: str) -> list[str]:
    with at_the_command_line(database) as session:
        query = text("SELECT tag FROM audit_event WHERE subject = :name ORDER BY id")
        return list(session.scalars(query, {"name": name}))


@pytest.mark.parametrize("role", ["planner", "council", "auditor", "visitor"])
def test_only_administrators_come_in(live_app, database, role):
    name = None if role == "visitor" else make_account(database, role, is_synthetic=True)
    client = live_app.test_client()
    if name:
        sign_in(client, name, PASSWORD)
    paths = ("", "/1", "/1/grants", "/1/disable", "/1/enable", "/1/link", "/1/second-factor/remove", "/1/sign-out")

    read = {client.get(ADDRESS + path).status_code for path in paths[:2]}
    token = csrf_token(client, "/en/account" if name else "/en/sign-in")
    written = {client.post(ADDRESS + path, data={"csrf_token": token}).status_code for path in paths if path != "/1"}

    assert read == ({403} if name else {303})
    assert written == ({403} if name else {401})


def test_an_invitation_makes_the_account_and_shows_its_link_once(live_app, database, client):
    name = f"new{secrets.token_hex(4)}"

    page = post(client, name=name.upper(), person="Айнура Асанова", role="council")
    link = re.search(r"http://localhost(/en/welcome/[\w-]+)", page.text)[1]
    account_id = account_of(database, name).id

    assert page.status_code == 200
    assert live_app.test_client().get(link).status_code == 200
    assert link not in client.get(f"{ADDRESS}/{account_id}").text
    assert roles_of(database, name) == ["council"]
    assert events_of(database, name) == ["account:added", "account:granted", "account:invited"]


def test_a_form_gives_nothing_that_it_has_no_field_for(database, client):
    name = f"new{secrets.token_hex(4)}"
    more = {"is_synthetic": "true", "active": "true", "password": PASSWORD, "roles": "administrator",
            "account_id": "1", "granted_by": "1", "fs_uniquifier": "x", "grants-0-role": "planner"}  # fmt: skip

    post(client, name=name, role="council", **more)

    made = account_of(database, name)
    assert (made.is_synthetic, made.password, roles_of(database, name)) == (False, None, ["council"])


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ({"name": "two words", "role": "council"}, "A name has 2 to 64"),
        ({"name": "fine-name", "role": "king"}, "Choose a role."),
        ({"name": "fine-name", "role": ""}, "Choose a role."),
        ({"name": "fine-name", "role": "council", "place": "zzzzzzzz"}, "There is no area and no school"),
        ({"name": "fine-name", "role": "school"}, "not given for a place of this kind"),
    ],
)
def test_what_cannot_be_made_is_said_beside_the_field(database, client, form, told):
    page = post(client, **form)

    assert page.status_code == 422
    assert told in page.text
    assert account_of(database, "fine-name") is None


def test_a_name_is_taken_once(client, trainer):
    assert "An account of this name exists." in post(client, name=trainer, role="trainer").text


def test_roles_are_given_and_taken_away_at_once(live_app, database, client, trainer):
    account_id, person = account_of(database, trainer).id, live_app.test_client()
    sign_in(person, trainer, PASSWORD)

    post(client, f"/{account_id}/grants", role="auditor")
    both = roles_of(database, trainer)
    grant_id = next(grant.id for grant in account_of(database, trainer).grants if grant.role == "auditor")
    post(client, f"/{account_id}/grants/{grant_id}/revoke")
    again = post(client, f"/{account_id}/grants/{grant_id}/revoke")

    assert both == ["auditor", "trainer"]
    assert roles_of(database, trainer) == ["trainer"]
    assert again.status_code == 303
    assert events_of(database, trainer)[-2:] == ["account:granted", "account:revoked"]


def test_a_grant_is_taken_only_from_the_account_that_the_address_names(database, client, trainer):
    other = account_of(database, make_account(database, "council"))

    post(client, f"/{account_of(database, trainer).id}/grants/{other.grants[0].id}/revoke")

    assert roles_of(database, other.name) == ["council"]


def test_nobody_changes_ones_own_roles_nor_shuts_oneself_out(database, client, administrator):
    own = account_of(database, administrator)

    answers = [
        post(client, f"/{own.id}/grants", role="planner"),
        post(client, f"/{own.id}/grants/{own.grants[0].id}/revoke"),
        post(client, f"/{own.id}/disable"),
        post(client, f"/{own.id}/link"),
        post(client, f"/{own.id}/second-factor/remove"),
    ]

    assert {answer.status_code for answer in answers} == {409}
    assert roles_of(database, administrator) == ["administrator"]
    assert account_of(database, administrator).active


def test_the_last_other_administrator_may_go_but_not_the_last_one(database, client, administrator):
    from app.workflows import administer_accounts
    from app.workflows.account_errors import LastAdministratorError

    other = account_of(database, make_account(database, "administrator"))
    assert post(client, f"/{other.id}/disable").status_code == 303
    with at_the_command_line(database) as session:
        session.execute(
            text("""
                UPDATE account SET active = false WHERE name <> :name AND id IN
                    (SELECT account_id FROM account_grant WHERE role = 'administrator')
            """),
            {"name": administrator},
        )
        own = accounts.account_by_name(session, administrator)
        with pytest.raises(LastAdministratorError):
            administer_accounts.disable(session, own.id)
        with pytest.raises(LastAdministratorError):
            administer_accounts.revoke(session, own.id, own.grants[0].id)


def test_disabling_signs_out_at_once_and_enabling_lets_in_again(live_app, database, client, trainer):
    account_id, person = account_of(database, trainer).id, live_app.test_client()
    sign_in(person, trainer, PASSWORD)

    post(client, f"/{account_id}/disable")
    out = person.get("/ky/account").status_code
    refused = sign_in(live_app.test_client(), trainer, PASSWORD).status_code
    post(client, f"/{account_id}/enable")

    assert (out, refused) == (303, 401)
    assert sign_in(live_app.test_client(), trainer, PASSWORD).status_code == 303


def test_a_reset_link_is_shown_once_and_the_old_password_works_until_it_is_used(live_app, database, client, trainer):
    page = post(client, f"/{account_of(database, trainer).id}/link")

    assert re.search(r"/en/welcome/[\w-]{40,}", page.text)
    assert "2 hours" in page.text
    assert sign_in(live_app.test_client(), trainer, PASSWORD).status_code == 303


def test_the_list_is_searched_paged_and_filtered_by_role(database, client):
    mark = secrets.token_hex(4)
    with at_the_command_line(database) as session:
        for number in range(3):
            accounts.add_account(session, f"{mark}-{number}", None, display_name=f"Persons% {number}")
        accounts.add_grant(session, accounts.account_id_of(session, f"{mark}-1"), "auditor")

    def names(query: str) -> list[str]:
        return re.findall(
            rf"{mark}-\d", " ".join(re.findall(r'class="sub">([^<]+)<', client.get(ADDRESS + query).text))
        )

    assert names(f"?q={mark}") == [f"{mark}-{number}" for number in range(3)]
    assert names(f"?q={mark}&limit=2&offset=2") == [f"{mark}-2"]
    assert names(f"?q={mark}&role=auditor") == [f"{mark}-1"]
    assert names(f"?q={mark}%25") == []
    assert client.get(f"{ADDRESS}?offset=-1").status_code == 400


def test_an_unknown_account_is_a_plain_404(client):
    assert client.get(f"{ADDRESS}/999999999").status_code == 404
    assert post(client, "/999999999/disable").status_code == 404


def test_a_place_is_found_by_its_name_and_chosen_when_it_is_not_the_only_one(database, live_app, administrator):
    mark = secrets.token_hex(3)
    with at_the_command_line(database) as session:
        for number in (1, 2):
            make_area(session, 2, code=f"{mark}{number}", name_en=f"Keremet {mark}", name_ky=f"Керемет {mark}")
    client, name = live_app.test_client(), f"new{secrets.token_hex(4)}"
    sign_in(client, administrator, PASSWORD)
    form = {"name": name, "role": "local_body", "place": f"Керемет {mark}"}

    asked = post(client, **form)
    chosen = post(client, **form, choice=f"{mark}2")

    assert asked.status_code == 422
    assert asked.text.count(f'name="choice" value="{mark}') == 2
    assert chosen.status_code == 200
    assert f"Keremet {mark}" in chosen.text
    assert roles_of(database, name) == ["local_body"]
