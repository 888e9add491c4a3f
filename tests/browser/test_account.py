"""The session in a browser: the warning before its end, drafts that come back, and what signing out leaves."""

import pytest
from sqlalchemy import create_engine, text

from tests.browser.test_every_page import AXE
from tests.support.accounts import PASSWORD, make_account


@pytest.fixture(scope="module")
def administrator(demonstration):
    return make_account(demonstration, "administrator", is_synthetic=True)


@pytest.fixture
def let_it_end(demonstration, administrator):
    """Let the administrator's sessions end so many seconds from now."""
    engine = create_engine(demonstration.url("mektep_owner"))

    def change(seconds):
        with engine.begin() as connection:
            connection.execute(
                text("""
                    UPDATE account_session SET expires_at = now() + make_interval(secs => :seconds)
                    WHERE account_id = (SELECT id FROM account WHERE name = :name)
                """),
                {"seconds": seconds, "name": administrator},
            )

    yield change
    engine.dispose()


def sign_in(made, name, path="/ky/sign-in"):
    page = made.open(path)
    page.fill("#sign-in-name", name)
    page.fill("#sign-in-password", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_load_state("networkidle")
    return page


@pytest.mark.browser
@pytest.mark.parametrize("width", [360, 1400])
@pytest.mark.parametrize("path", ["/account", "/account/password", "/account/second-factor", "/admin/accounts"])
def test_pages_of_accounts_are_accessible_and_keep_to_the_screen(visit, administrator, path, width):
    made = visit(width=width, bypass_csp=True)
    sign_in(made, administrator)
    page = made.open(f"/ky{path}")

    page.add_script_tag(content=AXE)
    found = page.evaluate("axe.run({resultTypes: ['violations']})")

    assert [f"{row['id']}: {node['html'][:160]}" for row in found["violations"] for node in row["nodes"]] == []
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    assert made.outgoing == []


@pytest.mark.browser
def test_the_page_warns_before_the_end_and_the_session_can_be_prolonged(visit, administrator, let_it_end):
    made = visit(width=360)
    sign_in(made, administrator)
    let_it_end(240)
    page = made.open("/ky/account")

    page.locator("[data-state=warning] button").click()
    page.locator("[data-state=warning]").wait_for(state="hidden")

    page = made.open("/ky/account")
    assert page.locator("[data-state=warning]").is_hidden()
    assert made.errors == []


@pytest.mark.browser
def test_what_was_typed_stands_in_the_form_again_after_the_session_ended(visit, administrator, let_it_end):
    made = visit()
    sign_in(made, administrator)
    let_it_end(2)
    page = made.open("/ky/admin/accounts")
    page.fill("#f-name", "typed-before-the-end")
    page.select_option("#f-role", "council")
    page.locator("[data-state=ended]").wait_for(state="visible")
    page.wait_for_timeout(1200)  # the page counts whole seconds, and says so rather too early than too late
    with page.expect_response(lambda answer: answer.request.method == "POST") as refused:
        page.click("form[data-draft] button")
    page.wait_for_load_state("networkidle")
    assert refused.value.status in (400, 401)

    sign_in(made, administrator)
    page = made.open("/ky/admin/accounts")
    came_back = page.input_value("#f-name")
    page.click("form[data-sign-out] button")
    page.wait_for_load_state("networkidle")

    assert came_back == "typed-before-the-end"
    assert page.evaluate("Object.keys(sessionStorage)") == []
