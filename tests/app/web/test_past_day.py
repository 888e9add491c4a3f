"""A past day in an address: every channel shows the ranking that was public then, or says that there was none."""

import gzip
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import text

from geodata.database import set_scope
from geodata.models import AreaResult, Building
from geodata.queries import appeals
from geodata.queries.runs import published_run
from tests.app.web.revisions.test_as_of import note_import
from tests.factories.areas import make_area
from tests.factories.officers import become, become_everybody, make_officer, make_two_rayons
from tests.factories.plans import make_offer, make_plan
from tests.factories.runs import make_result, make_run
from tests.support.mvt import read_tile
from tests.support.pages import PageClient
from tests.support.rights import EVERYTHING

NOON = datetime(2026, 3, 10, 6, tzinfo=UTC)  # noon in Bishkek
OLD, NEW = "a" * 64, "b" * 64
BEFORE, THEN, LATER = "2026-03-09", "2026-03-12", "2026-03-16"
PLACE = "9/362/188"
AREA_PLACE = "6/45/23"
FIGURES = {"assessed": 2, "covered": 2, "is_rankable": True, "pupils": 800, "mean_priority": 40.0, "level": 1}


def day(number):
    return NOON + timedelta(days=number)


@pytest.fixture
def country(session):
    """Two rankings: on day 1 the own school is first, since day 5 the foreign one is."""
    made = make_two_rayons(session)
    box = make_area(session, 1, box=(74, 42, 76, 44), valid_from=date(2000, 1, 1))
    for number, run_hash, ranks, at_risk in ((1, OLD, (1, 2), 100), (5, NEW, (2, 1), 700)):
        run = make_run(session, run_hash, published_at=day(number), school_count=2, ranked_count=2)
        for school, rank in zip((made.own, made.foreign), ranks, strict=True):
            make_result(session, run, school, rank, grade="E" if rank == 1 else "B", pupils=100 * number)
        for area in (made.oblast, box):
            session.add(AreaResult(run_id=run.id, area_id=area.id, schools=2, pupils_at_risk=at_risk, **FIGURES))
    session.flush()
    session.expire_all()
    become_everybody(session)
    return made


def get(app, address, status=200):
    response = app.test_client().get(address, headers={"Accept-Language": "en"})
    assert response.status_code == status, response.text[:300]
    return response


def first_of_page(app, address):
    return PageClient(app).get(address).rows()[0]


def test_the_list_of_a_day_is_that_of_its_ranking(app, country):
    orders = {on: first_of_page(app, f"/en/priorities?date={on}")[1] for on in (THEN, LATER)}
    today = first_of_page(app, "/en/priorities")[1]

    assert country.own.name_en in orders[THEN]
    assert country.foreign.name_en in orders[LATER]
    assert country.foreign.name_en in today


def test_a_day_ends_in_bishkek(app, session, country):
    run = make_run(session, "c" * 64, published_at=datetime(2026, 3, 20, 17, 30, tzinfo=UTC))  # 23:30 there
    make_result(session, run, country.own, 1)

    assert get(app, "/api/v1/priorities?date=2026-03-20").json["run"] == "c" * 64
    assert get(app, "/api/v1/priorities?date=2026-03-19").json["run"] == NEW


@pytest.mark.parametrize("address", ["/en/priorities", "/en/map", "/en/areas", "/en/areas/{oblast}"])
def test_pages_say_that_they_show_a_past_day_and_which_ranking(app, country, address):
    page = PageClient(app).get(f"{address.format(oblast=country.oblast.code)}?date={THEN}")

    assert "This is the state of 12 March 2026, not of today." in page.text
    assert f"/en/priorities/runs/{OLD[:16]}" in page.links()
    assert "those of the ranking that was shown on that day" in page.text


@pytest.mark.parametrize("address", ["/en/priorities", "/en/map", "/en/areas", "/en/areas/{oblast}"])
def test_before_the_first_ranking_pages_say_so_and_rank_nobody(app, country, address):
    page = PageClient(app).get(f"{address.format(oblast=country.oblast.code)}?date={BEFORE}")

    assert "No ranking had been published by that day." in page.text
    assert country.own.name_en not in page.text
    assert "400" not in page.text


def test_a_list_of_the_past_says_what_is_of_today_and_leads_on_within_the_day(app, country):
    page = PageClient(app).get(f"/en/priorities?date={THEN}")

    assert "Names, owners and places of schools are not kept by day for whole lists" in page.text
    assert f"/en/schools/{country.own.code}?date={THEN}" in page.links()


def test_the_page_of_an_area_has_figures_and_schools_of_the_day(app, country):
    page = PageClient(app).get(f"/en/areas/{country.oblast.code}?date={THEN}")

    assert "100 pupils learn in them" in page.text
    assert page.rows()[0][1].startswith(country.own.name_en)
    assert all("date=" in link for link in page.links() if "/schools/" in link or "/priorities?" in link), page.links()


def test_shapes_and_cards_of_the_map_are_of_the_day(app, country):
    shapes = get(app, f"/en/map/shapes.json?date={THEN}").json
    card = get(app, f"/en/map/card?school={country.own.code}&date={THEN}").text

    assert {row[3]: row[4] for row in shapes["schools"]} == {country.own.code: 1, country.foreign.code: 2}
    assert f"/en/schools/{country.own.code}?date={THEN}" in card
    assert "<dd><b>1</b>" in card


def test_programs_get_the_ranking_of_the_day_and_are_told_what_is_of_today(app, country):
    old, today = (get(app, f"/api/v1/priorities{on}").json for on in (f"?date={THEN}", ""))

    assert (old["run"], old["items"][0]["code"], old["items"][0]["pupils"]) == (OLD, country.own.code, 100)
    assert (today["run"], today["items"][0]["code"], today["as_of"]) == (NEW, country.foreign.code, None)
    assert old["as_of"]["date"] == THEN
    assert {"name_ky", "ownership", "lon"} <= set(old["as_of"]["of_today"]) <= set(old["items"][0])


def test_programs_are_told_that_there_was_no_ranking(app, country):
    found = get(app, f"/api/v1/priorities?date={BEFORE}").json

    assert (found["run"], found["total"], found["items"]) == (None, 0, [])
    get(app, f"/api/v1/priorities.csv?date={BEFORE}", status=404)
    get(app, f"/tiles/schools/{PLACE}.mvt?date={BEFORE}", status=404)


def test_areas_for_programs_have_figures_of_the_day(app, country):
    listed = get(app, f"/api/v1/areas?date={THEN}&unit_level=1").json
    one = get(app, f"/api/v1/areas/{country.oblast.code}?date={THEN}").json
    before = get(app, f"/api/v1/areas/{country.oblast.code}?date={BEFORE}").json

    assert {item["pupils_at_risk"] for item in listed["items"] if item["code"] == country.oblast.code} == {100}
    assert (one["run"], one["pupils_at_risk"], one["as_of"]["date"]) == (OLD, 100, THEN)
    assert (before["run"], before["pupils_at_risk"]) == (None, None)


def test_one_school_for_programs_has_its_values_of_the_day(app, session, country):
    for number, name in ((0, "old"), (4, "new")):
        code = f"{country.own.code}-{name}"
        session.add(Building(code=code, school_id=country.own.id, name=name, created_at=day(number), storeys=2))
    note_import(session, country.own, day(4), {"pupils": 300, "name_en": "Former name"}, {"pupils": 400})
    session.execute(text("UPDATE school SET created_at = :at WHERE id = :id"), {"at": day(0), "id": country.own.id})

    then = get(app, f"/api/v1/schools/{country.own.code}?date={THEN}").json
    now = get(app, f"/api/v1/schools/{country.own.code}").json
    get(app, f"/api/v1/schools/{country.own.code}?date={BEFORE}", status=404)

    assert (then["pupils"], then["name_en"], then["run"], then["priority"]["national_rank"]) == (
        300, "Former name", OLD, 1,
    )  # fmt: skip
    assert [building["name"] for building in then["buildings"]] == ["old"]
    assert (now["pupils"], now["run"], now["as_of"], len(now["buildings"])) == (400, NEW, None, 2)
    assert {"hazards", "source", "updated_at", "other_codes"} <= set(then["as_of"]["of_today"])
    assert not {"pupils", "name_en", "priority", "buildings"} & set(then["as_of"]["of_today"])


@pytest.mark.parametrize("kind", ["csv", "xlsx", "geojson"])
def test_files_hold_the_ranking_of_the_day(app, country, kind):
    response = get(app, f"/api/v1/priorities.{kind}?date={THEN}")

    assert OLD[:12] in response.headers["Content-Disposition"]
    assert (
        get(app, f"/api/v1/priorities.{kind}").headers["Content-Disposition"] != response.headers["Content-Disposition"]
    )


def test_a_file_says_the_day(app, country):
    html = get(app, f"/api/v1/priorities.html?lang=en&date={THEN}").text

    assert "As it was public on the day" in html
    assert "12 March 2026" in html


def test_tiles_are_of_the_day(app, country):
    def grades(on):
        content = get(app, f"/tiles/schools/{PLACE}.mvt{on}").data
        found = read_tile(gzip.decompress(content) if content[:2] == b"\x1f\x8b" else content)
        return {one.attributes["code"]: one.attributes["grade"] for one in found["schools"]}

    assert grades(f"?date={THEN}") == {country.own.code: "E", country.foreign.code: "B"}
    assert grades("") == {country.own.code: "B", country.foreign.code: "E"}


def test_tiles_of_areas_and_their_description_are_of_the_day(app, country):
    def at_risk(on):
        content = get(app, f"/tiles/areas/{AREA_PLACE}.mvt?by=1{on}").data
        found = read_tile(gzip.decompress(content) if content[:2] == b"\x1f\x8b" else content)
        return {one.attributes.get("pupils_at_risk") for one in found["areas"]}

    assert at_risk(f"&date={THEN}") == {100}
    assert at_risk("") == {700}
    assert OLD in get(app, f"/tiles/schools.json?date={THEN}").json["tiles"][0]


def test_collections_have_the_ranking_of_the_end_of_the_period(app, country):
    def ranks(on):
        found = get(app, f"/ogc/collections/schools/items{on}").json
        return {one["id"]: one["properties"]["national_rank"] for one in found["features"]}, found.get("as_of")

    then, told = ranks(f"?datetime={THEN}")
    assert then == {country.own.code: 1, country.foreign.code: 2}
    assert told["date"] == THEN
    assert "pupils" in told["of_today"]
    assert ranks(f"?datetime={LATER}/..") == ({country.own.code: 2, country.foreign.code: 1}, None)
    assert set(ranks(f"?datetime={BEFORE}")[0].values()) == {None}


def test_a_named_ranking_stands_before_the_day(app, country):
    assert get(app, f"/api/v1/priorities?date={THEN}&run={NEW}").json["run"] == NEW
    assert "not of today" not in PageClient(app).get(f"/en/priorities?date={THEN}&run={NEW}").text


def test_money_is_that_of_the_plan_that_was_public_then(app, session, country):
    set_scope(session, "national", rights=EVERYTHING)
    runs = [published_run(session, run_hash) for run_hash in (OLD, NEW)]
    early = make_offer(session, runs[0], country.own, "seismic_retrofit")
    late = make_offer(session, runs[0], country.foreign, "seismic_retrofit")
    make_plan(session, runs[0], [early], "c" * 64, published_at=day(2))
    make_plan(session, runs[0], [late], "d" * 64, published_at=day(8))
    become_everybody(session)

    def funded(on):
        return [item["code"] for item in get(app, f"/api/v1/priorities?funded=1&date={on}").json["items"]]

    assert funded("2026-03-13") == [country.own.code]
    assert funded("2026-03-18") == [country.foreign.code]
    refused = get(app, "/api/v1/priorities?funded=1&date=2026-03-11", status=400).json["detail"]
    assert "No plan of money was public on that day" in refused
    assert "has no value" not in refused
    assert "c" * 12 in PageClient(app).get("/en/priorities?date=2026-03-13").html
    assert "c" * 12 not in PageClient(app).get("/en/priorities?date=2026-03-11").html


def test_a_queue_is_kept_for_no_day_and_refused(app, country):
    refused = get(app, f"/api/v1/priorities?queue=build&date={THEN}", status=400).json["detail"]
    page = get(app, f"/en/priorities?queue=build&date={THEN}", status=400).text

    assert "Queues are not kept for past days: leave out the day or the queue." in refused
    assert "has no value" not in refused
    assert f'href="/en/priorities?date={THEN}"' in page
    assert 'href="/en/priorities?queue=build"' in page

    assert 'name="queue"' not in PageClient(app).get(f"/en/priorities?date={THEN}").html
    assert 'name="queue"' in PageClient(app).get("/en/priorities").html


def test_a_fact_is_under_appeal_between_its_appeal_and_the_decision(session, country):
    def now():
        return session.scalar(text("SELECT clock_timestamp()"))

    writer, judge = (make_officer(session, role, area=country.rayon) for role in ("local_body", "department"))
    before = now()
    become(session, writer)
    facts = {"fact": "pupils", "claimed": "500", "evidence": "a list", "reason": "more pupils", "working_days": 10}
    number = appeals.add_appeal(session, {"school_id": country.own.id, "created_by": writer.id, **facts})
    between = now()
    become(session, judge)
    appeals.decide(session, number, "rejected", "the list is of another year")
    become_everybody(session)

    found = [country.own.id in appeals.appealed(session, [country.own.id], at) for at in (before, between, now(), None)]

    assert found == [False, True, False, False]


def test_pages_that_keep_no_days_take_no_notice_of_one(app, country):
    assert "not of today" not in PageClient(app).get(f"/en/quality?date={THEN}").text
