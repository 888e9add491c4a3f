"""The catalogue on its pages: found by word, kind and cost, one measure with its history, corrected by who ranks."""

import io

import pytest

from app.workflows.state_price import state_price
from tests.factories.country import make_country
from tests.factories.officers import become_everybody, make_officer
from tests.support.pages import PageClient, check
from tests.support.web import csrf_token, sign_in

PASSWORD = "correct horse battery"
LIST = "/money/measures"
GOOD = {
    "low_som": "500000", "default_som": "1000000", "high_som": "3000000", "price_date": "2026-05-31",
    "source": "Contract 7", "status": "verified", "reason": "three contracts",
}  # fmt: skip


@pytest.fixture
def country(session):
    return make_country(session)


@pytest.fixture
def send(app, session, country):
    """Post as somebody of a role."""
    become_everybody(session)
    staff = {role: make_officer(session, role, password=PASSWORD, is_synthetic=True) for role in ("planner", "auditor")}
    clients = {role: app.test_client() for role in staff}
    for role, officer in staff.items():
        assert sign_in(clients[role], officer.name, PASSWORD).status_code == 303

    def post(role, path, **form):
        data = {"csrf_token": csrf_token(clients[role], "/en/data"), **form}
        return clients[role].post(path, data=data, content_type="multipart/form-data")

    return post


def names(app, query=""):
    return [row[0] for row in PageClient(app).get(f"/en{LIST}{query}").rows()]


@pytest.mark.parametrize("language", ["ky", "ru", "en"])
def test_the_catalogue_and_a_measure_can_be_read_in_every_language(session, app, country, language):
    state_price(session, GOOD | {"measure": "ACC", "area": country.areas["R1"].code, "altitude_from_m": "2000"})
    reader = PageClient(app)
    listed, one = reader.get(f"/{language}{LIST}"), reader.get(f"/{language}{LIST}/ACC")

    assert len(listed.rows()) > 35
    assert "Contract 7" in one.text
    assert "three contracts" in one.text


@pytest.mark.parametrize("query", ["group=xx", "shown=xx"])
def test_a_group_that_is_none_is_refused_and_answers_no_empty_list(app, country, query):
    PageClient(app).get(f"/en{LIST}?{query}", status=400)


def test_measures_are_found_by_word_kind_and_what_is_known_of_their_cost(session, app, country):
    state_price(session, GOOD | {"measure": "M23"})

    assert len(names(app, "?q=toilets")) == 1
    assert len(names(app, "?q=RET-")) == 3
    assert len(names(app, "?q=M07")) == 3  # protection from water, of a slope, relocation: by the crosswalk
    assert all("Fire and wiring" in name for name in names(app, "?group=fire"))
    assert {name.split(" · ")[0][-7:] for name in names(app, "?shown=quick")} >= {"QW-EXIT", "QW-WIRE"}
    assert any("M04" in name for name in names(app, "?shown=unknown"))
    assert not any("M23" in name for name in names(app, "?shown=unknown"))
    assert len(names(app, "?shown=stated")) == 1


def test_a_planner_states_a_cost_and_others_do_not(app, session, country, send):
    refused = send("planner", f"/en{LIST}/ACC", **GOOD | {"low_som": "2000000"})
    assert refused.status_code == 422
    told = check("/x", refused)
    assert "Low must not be above usual" in told.text
    assert 'value="2000000"' in told.html

    assert send("auditor", f"/en{LIST}/ACC", **GOOD).status_code == 403
    assert send("planner", f"/en{LIST}/ACC", **GOOD).status_code == 303
    assert send("planner", f"/en{LIST}/ACC", **GOOD).status_code == 409  # not seen: somebody stated one meanwhile
    rows = PageClient(app).get(f"/en{LIST}/ACC").rows()
    assert any(row[:4] == ["everywhere", "500,000", "1,000,000", "3,000,000"] for row in rows)
    assert app.test_client().get(f"/en{LIST}/NONE").status_code == 404


def test_the_file_is_taken_out_corrected_and_sent_back(app, session, country, send):
    body = app.test_client().get(f"/en{LIST}/file.csv").get_data().decode("utf-8-sig")
    line = next(line for line in body.splitlines() if line.startswith("ACC,"))
    wrong = body.replace(line, "ACC,building,,,0,900000,2500000,2026-05-31,1,,Contract 7,verified,")
    right = body.replace(line, "ACC,building,,,400000,900000,2500000,2026-05-31,1,,Contract 7,verified,")

    def take(text):
        file = (io.BytesIO(text.encode()), "costs.csv")
        return send("planner", f"/en{LIST}/file", file=file, reason="contracts")

    refused = take(wrong)
    assert refused.status_code == 422
    assert "A cost is above zero" in check("/x", refused).text
    assert take(right).status_code == 303
    assert any("400,000" in row for row in PageClient(app).get(f"/en{LIST}").rows())
    assert app.test_client().get(f"/en{LIST}/file.xlsx").data[:2] == b"PK"
