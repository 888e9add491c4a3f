"""Sources side by side on the page of a school, and the page of decisions."""

import pytest

from app.workflows.settle_hazard import Settlement, settle_hazard
from geodata.models import Exposure, ExposureRun, HazardLayer
from tests.factories.officers import become_everybody, make_officer
from tests.factories.ranked_country import make_ranked_country
from tests.support.pages import PageClient, check
from tests.support.web import csrf_token, sign_in

PASSWORD = "correct horse battery"


@pytest.fixture
def country(session):
    """Two more public layers of floods: one says 2 at the worst school, the other 4; that of the country is unknown."""
    made = make_ranked_country(session)
    for code, level in (("flood_a", 2), ("flood_b", 4)):
        layer = HazardLayer(
            code=code, version=1, hazard="flood", kind="polygon", data_sha256="o", is_current=True, is_public=True,
            manifest={"code": code, "title": f"Layer {code}", "source": {"licence": "CC BY 4.0"}},
        )  # fmt: skip
        session.add(layer)
        session.flush()
        run = ExposureRun(layer_id=layer.id, input_sha256="o", is_current=True)
        session.add(run)
        session.flush()
        session.add(Exposure(run_id=run.id, school_id=made.worst.id, level=level, status="measured"))
    session.flush()
    return made


@pytest.mark.parametrize("language", ["ky", "ru", "en"])
def test_both_sources_stand_side_by_side_until_and_after_the_decision(session, app, country, language):
    reader = PageClient(app)
    before = reader.get(f"/{language}/schools/{country.worst.code}").text
    named = reader.get(f"/{language}/data/conflicts").text
    settle_hazard(session, Settlement("flood", "flood_a", "measured", "Order No. 9"))
    after = reader.get(f"/{language}/schools/{country.worst.code}").text
    listed = reader.get(f"/{language}/data/conflicts?school={country.worst.code}").text

    assert "Order No. 9" in listed
    assert country.worst.code in named
    if language == "en":
        assert ("Layer flood_a: level 2" in named, "Layer flood_b: level 4" in named) == (True, True)
        assert "the sources disagree. Layer flood_a: 2; Layer flood_b: 4;" in before
        assert "Until this is decided the worse one counts." in before
        assert "this counts: Layer flood_a." in after


def test_a_planner_decides_on_the_page_and_others_do_not(app, session, country):
    become_everybody(session)
    staff = {role: make_officer(session, role, password=PASSWORD, is_synthetic=True) for role in ("planner", "auditor")}
    clients = {role: app.test_client() for role in staff}
    for role, officer in staff.items():
        assert sign_in(clients[role], officer.name, PASSWORD).status_code == 303

    def send(role, **form):
        token = csrf_token(clients[role], "/en/data")
        return clients[role].post("/en/data/conflicts", data={"csrf_token": token, **form})

    assert send("auditor", source="flood:flood_b", reason="r", document="d").status_code == 403
    refused = send("planner", source="flood:flood_b", reason="", document="Order 3")
    assert refused.status_code == 422
    assert 'value="Order 3"' in check("/x", refused).html
    assert send("planner", source="flood:flood_b", reason="r", document="Order 3").status_code == 303
    assert "Order 3" in PageClient(app).get("/en/data/conflicts").text
    assert app.test_client().get("/en/data/conflicts?school=none").status_code == 404


def add_shaking(session, country, code, value, level, unit, **manifest):
    layer = HazardLayer(
        code=code, version=1, hazard="earthquake", kind="polygon", data_sha256="o", is_current=True, is_public=True,
        manifest={"code": code, "title": f"Layer {code}", "unit": unit, "source": {"licence": "CC BY 4.0"}, **manifest},
    )  # fmt: skip
    session.add(layer)
    session.flush()
    run = ExposureRun(layer_id=layer.id, input_sha256="o", is_current=True)
    session.add(run)
    session.flush()
    session.add(Exposure(run_id=run.id, school_id=country.worst.id, value=value, level=level, status="measured"))
    session.flush()


def test_shaking_of_one_level_disagrees_by_its_motion_at_the_surface_with_both_values_and_units(session, app, country):
    add_shaking(session, country, "quake_rock", 0.2, 4, "g", quantity="pga_g", return_period_years=475)
    add_shaking(session, country, "quake_zone", 9.0, 4, "MSK-64", quantity="msk")
    reader = PageClient(app)
    page = reader.get(f"/en/schools/{country.worst.code}").text
    listed = reader.get("/en/data/conflicts").text

    for text in (page, listed):
        assert "4 (0.20 g; at the surface 0.24 g)" in text
        assert "4 (9 MSK-64; at the surface 0.40 g)" in text
    assert "up to 1.7 times" in listed


@pytest.mark.parametrize(
    ("value", "manifest"),
    [
        pytest.param(0.3, {"return_period_years": 475}, id="close enough"),
        pytest.param(0.05, {"return_period_years": 95}, id="another point of a curve"),
    ],
)
def test_shaking_that_is_close_or_of_another_period_contradicts_nobody(session, app, country, value, manifest):
    level = 4 if value > 0.1 else 1
    add_shaking(session, country, "quake_rock", value, level, "g", quantity="pga_g", **manifest)
    add_shaking(session, country, "quake_zone", 9.0, 4, "MSK-64", quantity="msk")
    reader = PageClient(app)

    assert "quake_zone: " not in reader.get(f"/en/schools/{country.worst.code}").text
    assert "quake_zone: " not in reader.get("/en/data/conflicts").text
