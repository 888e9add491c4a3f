"""The page of winter readiness: three counts that add up, areas, reasons with the age of their evidence, the file."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest

from app.workflows import winter_readiness
from geodata.records.winter import WinterCriterion, WinterRules
from tests.factories.country import add_answers, make_country
from tests.factories.officers import become_everybody, make_officer
from tests.support.pages import PageClient, check
from tests.support.web import sign_in

RULES = WinterRules(
    (
        WinterCriterion("FIRE-01", "roof", "required", "shelf_life", "always", "proposal"),
        WinterCriterion("WSH-01", "fuel", "required", "season", "always", "proposal"),
        WinterCriterion("SEC-05", "road", "required", "shelf_life", "avalanche", "proposal"),
        WinterCriterion("SOC-06", "air", "advice", "shelf_life", "always", "proposal"),
        WinterCriterion("NOT-99", "light", "required", "shelf_life", "always", "proposal"),
    ),
    (11, 1),
    (3, 31),
    2,
)


@pytest.fixture
def pages(app):
    return PageClient(app)


@pytest.fixture
def country(session, monkeypatch):
    """S1 meets all, S2 fails fuel and in part the road, S3 says nothing, S4 lies nowhere and says nothing."""
    monkeypatch.setattr(winter_readiness, "read_winter_rules", lambda: RULES)
    monkeypatch.setattr("geodata.queries.past.today_in_country", lambda _session: date(2026, 12, 1))
    made = make_country(session)
    for code in ("R1", "R2"):
        made.areas[code].parent_id = made.areas["O1"].id
    made.areas["O1"].parent_id = made.areas["KG"].id
    add_answers(session, made, "S2", {"SEC-05": "partly"}, kind="verification", on=date(2026, 10, 7))
    session.flush()
    return made


def numbers(page, heading):
    """Return the figure below a heading: (count, of all)."""
    place = next(one for one in page.all(".//dl[@class='figs']/div") if one.findtext("dt") == heading)
    count, everything = "".join(place.find("dd").itertext()).split("/")
    return int(count), int(everything)


def test_the_three_counts_are_of_all_schools_and_unknown_is_its_own(pages, country):
    page = pages.get("/en/winter")

    assert numbers(page, "Not ready for winter") == (1, 4)
    assert numbers(page, "Readiness unknown") == (2, 4)
    assert numbers(page, "Ready for winter") == (1, 4)


def test_a_school_that_is_not_ready_stands_with_reasons_and_the_month_of_the_evidence(pages, country):
    page = pages.get("/en/winter")
    row = next(row for row in page.rows() if "S2" in row[0])

    assert "Fuel for the season WSH-01, 05.2026" in row[1]
    assert "Road and avalanches (partly) SEC-05, 10.2026" in row[1]
    assert "Air in classrooms" not in row[1]  # for advice: it fails and decides nothing
    assert "/en/winter/schools/S1" not in page.links()
    assert "/en/winter/schools/S3" not in page.links()


def test_areas_count_their_own_schools_and_lead_to_them(pages, country):
    rayons = pages.get("/en/winter?area=O1")
    lines = {row[0]: row[2:] for row in rayons.rows() if row[0].startswith("Район")}

    assert lines == {"Район 1": ["1", "0", "1", "2"], "Район 2": ["0", "1", "0", "1"]}
    assert numbers(pages.get("/en/winter?area=R2"), "Readiness unknown") == (1, 1)


def test_fuel_of_the_last_season_says_nothing_of_this_one(pages, country, monkeypatch):
    monkeypatch.setattr("geodata.queries.past.today_in_country", lambda _session: date(2027, 5, 1))

    page = pages.get("/en/winter")

    assert "2027/28" in page.html
    assert numbers(page, "Ready for winter") == (0, 4)
    assert "Fuel for the season WSH-01" not in page.html


def test_a_topic_and_a_state_narrow_the_list_and_the_file_alike(pages, client, country):
    assert "/en/winter/schools/S2" in pages.get("/en/winter?topic=road").links()
    assert "/en/winter/schools/S2" not in pages.get("/en/winter?topic=roof").links()
    answer = client.get("/en/winter/schools.csv?state=any")
    rows = {row["code"]: row for row in csv.DictReader(io.StringIO(answer.text.lstrip("\ufeff")))}

    assert rows.keys() == {"S1", "S2", "S3", "S4"}
    assert rows["S2"]["evidence_on"] == "2026-05-01"
    assert rows["S3"]["state"] == "Readiness unknown"
    assert (rows["S4"]["evidence_on"], rows["S4"]["pupils"], rows["S4"]["avalanche"]) == ("", "", "")


@pytest.mark.parametrize(("address", "status"), [("state=perhaps", 400), ("topic=ghosts", 400), ("area=NOWHERE", 400)])
def test_a_wrong_choice_is_refused(client, country, address, status):
    assert client.get(f"/en/winter?{address}").status_code == status


def test_a_school_has_its_requirements_with_state_age_and_part(pages, session, country):
    add_answers(session, country, "S1", {"SOC-06": "fails"}, kind="verification", on=date(2026, 6, 1))
    page = pages.get("/en/winter/schools/S2")
    rows = {code: row[1:] for row in page.rows() for code in ("FIRE-01", "WSH-01", "SEC-05") if code in row[0]}

    assert rows["WSH-01"] == ["Fails", "1 May 2026", "decides"]
    assert rows["SEC-05"] == ["Partly", "7 October 2026", "decides"]
    assert rows["FIRE-01"][0] == "Meets"
    assert "Ready for winter" in pages.get("/en/winter/schools/S1").text  # what is for advice fails there


def test_a_school_nobody_knows_is_unknown_and_one_that_is_not_there_is_not_found(pages, client, country):
    assert "Readiness unknown" in pages.get("/en/winter/schools/S3").text
    assert client.get("/en/winter/schools/S9").status_code == 404


def test_who_is_signed_in_reads_the_same_of_a_part_as_a_visitor_of_the_whole(app, session, pages, country):
    officer = make_officer(session, "council", password="correct horse battery")
    client = app.test_client()
    addresses = ("/en/winter?area=R1&state=any", "/en/winter?area=R2&state=any", "/en/winter/schools/S2")
    open_rows = [pages.get(address).rows() for address in addresses]
    become_everybody(session)
    assert sign_in(client, officer.name, "correct horse battery").status_code == 303

    assert [check(address, client.get(address)).rows() for address in addresses] == open_rows
