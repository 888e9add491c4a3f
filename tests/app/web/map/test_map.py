"""The map page without a script: filters, legend, list, drawn map, card, search."""

import json
import re
from html import unescape

import pytest
from sqlalchemy import select

from geodata.models import Area, AreaResult
from tests.factories.areas import make_area
from tests.factories.runs import make_result, make_run
from tests.factories.schools import make_school


@pytest.fixture
def country(session):
    run = make_run(session, school_count=3, ranked_count=3)
    oblast = make_area(session, 1, box=(74.0, 42.5, 75.0, 43.0), name_ky="Чүй облусу", name_ru="Чуйская область")
    rayon = make_area(session, 2, parent=oblast, box=(74.0, 42.5, 75.0, 43.0), name_ky="Аламүдүн району")
    figures = {"schools": 3, "assessed": 2, "covered": 2, "is_rankable": True, "pupils": 1000, "pupils_at_risk": 640}
    for area, level in ((oblast, 1), (rayon, 2)):
        session.add(AreaResult(run_id=run.id, area_id=area.id, level=level, mean_priority=44.0, **figures))
    for rank, grade in enumerate(("E", "D", None), start=1):
        school = make_school(session, code=f"6000000{rank}", name_ky=f"№ {rank} Ак-Терек орто мектеби")
        make_result(session, run, school, rank, grade=grade, oblast_id=oblast.id, rayon_id=rayon.id)
    session.flush()
    return run


def config(page):
    return json.loads(unescape(re.search(r'data-config="([^"]*)"', page.text)[1]))


@pytest.mark.parametrize("lang", ["ky", "ru", "en"])
def test_the_page_shows_map_legend_and_list_without_a_script(client, country, lang):
    page = client.get(f"/{lang}/map")

    assert page.status_code == 200
    assert page.text.count("<h1") == 1
    assert '<svg xmlns="http://www.w3.org/2000/svg" class="svgmap"' in page.text
    assert [code for code in ("60000001", "60000002", "60000003") if f'data-code="{code}"' in page.text] == [
        "60000001",
        "60000002",
        "60000003",
    ]


def test_the_title_states_the_finding(client, country):
    title = re.search(r"<h1[^>]*>([^<]*)", client.get("/en/map").text)[1]

    assert title == "In 1 of 1 areas half of the pupils or more study in schools graded D or E"


def test_the_legend_counts_each_class(client, country):
    text = client.get("/en/map").text

    counts = dict(re.findall(r'name="grade" value="(\w+)".*?<span class="num">(\d+)</span>', text))
    shades = dict(re.findall(r'name="shade" value="(\d)".*?<span class="num">(\d+)</span>', text))

    assert counts == {"E": "1", "D": "1", "C": "0", "B": "0", "A": "0", "unknown": "1"}
    assert shades == {"5": "0", "4": "1", "3": "0", "2": "0", "1": "0", "0": "0"}


def test_a_filter_restricts_list_and_says_so(client, country):
    text = client.get("/en/map?grade=E").text

    assert 'data-code="60000001"' in text
    assert 'data-code="60000002"' not in text
    assert "1 of 3 schools remain" in text
    assert "Grade: E" in text


def test_inside_an_area_title_and_legend_leave_its_neighbours_out(client, country, session):
    neighbour = make_area(session, 1, box=(75.0, 42.5, 76.0, 43.0))
    rayon = make_area(session, 2, parent=neighbour, box=(75.0, 42.5, 75.5, 43.0), name_en="Neighbour rayon")
    figures = {"schools": 3, "assessed": 2, "covered": 2, "is_rankable": True, "pupils": 1000, "pupils_at_risk": 900}
    session.add(AreaResult(run_id=country.id, area_id=rayon.id, level=2, **figures))
    session.flush()
    code = re.search(r'<option value="(TEST-\d+)">[^<]*</option>', client.get("/ky/map").text)[1]

    text = client.get(f"/en/map?area={code}").text

    assert "In 1 of 1 areas" in re.search(r"<h1[^>]*>([^<]*)", text)[1]
    assert dict(re.findall(r'name="shade" value="(\d)".*?<span class="num">(\d+)</span>', text))["4"] == "1"


@pytest.fixture
def city(session, country):
    """A city of the first level with no unit below it."""
    city = make_area(session, 1, box=(75.0, 42.5, 75.4, 43.0), name_en="Sky city")
    figures = {"schools": 3, "assessed": 2, "covered": 2, "is_rankable": True, "pupils": 1000, "pupils_at_risk": 900}
    session.add(AreaResult(run_id=country.id, area_id=city.id, level=1, **figures))
    session.flush()
    return city


def shades_of(page):
    return dict(re.findall(r'name="shade" value="(\d)".*?<span class="num">(\d+)</span>', page.text))


@pytest.mark.parametrize("wanted", ["", "&by=2", "&by=3", "&at=75.2,42.8,10"])
def test_a_city_without_units_below_it_is_shaded_and_counted_at_every_level(client, city, wanted):
    page = client.get(f"/en/map?show=at_risk{wanted}")

    drawn = page.text.split("svgmap", 1)[1].split("</svg>")[0]
    assert re.search(r'<path class="u k5"[^>]*><title>Sky city: 90', drawn)
    assert shades_of(page)["5"] == "1"
    features = json.loads(client.get("/en/map/shapes.json?by=3").text)["areas"]["features"]
    assert city.code in {one["properties"]["code"] for one in features}


def test_the_map_of_a_city_without_units_shades_and_counts_the_city_itself(client, city):
    page = client.get(f"/en/map?area={city.code}")

    assert shades_of(page) == {"5": "1", "4": "0", "3": "0", "2": "0", "1": "0", "0": "0"}
    assert re.search(r"<h1[^>]*>([^<]*)", page.text)[1].startswith("Sky city: In 1 of 1 areas")
    assert config(page)["levels"] == {"shown": 1, "least": 2, "deepest": 1, "zooms": [4.1, 8.2]}
    mini = client.get(f"/en/areas/{city.code}").text.split("svgmap", 1)[1].split("</svg>")[0]
    assert re.search(r'<path class="u k5"[^>]*><title>Sky city: 90', mini)


@pytest.mark.parametrize(("zoom", "level"), [(3.5, 1), (6, 2), (9, 3)])
def test_the_legend_counts_the_level_of_the_zoom(client, country, session, zoom, level):
    rayon = session.scalars(select(Area).where(Area.level == 2)).one()
    for n in range(2):
        make_area(session, 3, parent=rayon, box=(74.0 + n / 2, 42.5, 74.5 + n / 2, 43.0))

    page = client.get(f"/en/map?at=74.5,42.8,{zoom}")

    assert config(page)["levels"]["shown"] == level
    assert sum(map(int, shades_of(page).values())) == {1: 1, 2: 1, 3: 2}[level]


def test_a_hidden_class_is_not_drawn(client, country):
    assert ' k4"' in client.get("/en/map").text.split("svgmap", 1)[1].split("</svg>")[0]
    assert ' k4"' not in client.get("/en/map?shade=0,1,2").text.split("svgmap", 1)[1].split("</svg>")[0]


def test_every_area_is_a_link_to_its_own_map(client, country):
    links = re.findall(r'<a href="(/en/map\?[^"]*area=[^"]*)"', client.get("/en/map").text)

    page = client.get(unescape(links[0]))

    assert page.status_code == 200
    assert "Аламүдүн" in page.text or "Area" in page.text


def test_the_chosen_school_has_its_card_ring_and_row(client, country):
    text = client.get("/en/map?school=60000002").text

    assert 'data-kind="school" data-code="60000002"' in text
    assert '<tr data-code="60000002" data-point="74.6,42.87" class="me">' in text
    assert 'class="sel"' in text


def test_an_unknown_school_is_no_card_and_no_error(client, country):
    page = client.get("/en/map?school=nobody")

    assert page.status_code == 200
    assert 'data-kind="school"' not in page.text


@pytest.mark.parametrize("bad", ["show=nothing", "by=9", "shade=7", "at=north", "at=1,2", "grade=Z", "at=nan,nan,nan"])
def test_a_wrong_value_is_told_and_nothing_breaks(client, country, bad):
    assert client.get(f"/ky/map?{bad}").status_code == 400


def test_nothing_ranked_yet_is_said_in_words(client, session):
    page = client.get("/en/map")

    assert page.status_code == 200
    assert "nothing has been ranked yet" in page.text


def test_the_script_gets_addresses_of_this_host_and_the_classes_of_the_server(client, country):
    found = config(client.get("/ru/map?grade=E&show=conformity&layers=x"))

    assert found["tiles"]["schools"] == f"/tiles/schools/{{z}}/{{x}}/{{y}}.mvt?run={'a' * 64}"
    assert found["grades"] == ["E"]
    assert found["indicator"] == {
        "attribute": "index",
        "breaks": [40, 55, 70, 85],
        "isReversed": True,
        "needsCover": True,
    }


def test_no_inline_style_and_no_script_but_the_import_map(client, country):
    text = client.get("/ky/map").text

    assert " style=" not in text
    assert [
        kind for kind in re.findall(r"<script([^>]*)>", text) if "src=" not in kind and "importmap" not in kind
    ] == []


def test_the_card_tells_rank_with_its_interval_and_what_is_unknown(client, country):
    text = client.get("/en/map/card?school=60000003").text

    assert "<b>3</b> (1–5), of 3" in text
    assert "6 of 8 factors known" in text
    assert "Unknown" in text
    assert client.get("/en/map/card?school=nobody").status_code == 404


def test_the_card_of_an_area_tells_value_and_coverage(client, country, session):
    code = re.search(r"area=(TEST-\d+)", client.get("/en/map").text)[1]

    text = client.get(f"/en/map/card?code={code}").text

    assert "<b>64%</b>" in text
    assert "2 of 3" in text


@pytest.mark.parametrize("question", ["ак-терек", "ak-terek", "Ак Терек", "60000001"])
def test_search_forgives_spelling(client, country, question):
    found = client.get("/ky/map/search", query_string={"q": question}).get_json()["results"]

    assert "60000001" in [one["code"] for one in found]


def test_search_finds_areas_with_their_bounds(client, country):
    found = client.get("/ky/map/search?q=alamudun").get_json()["results"]

    assert found[0]["kind"] == "area"
    assert found[0]["bounds"] == [74.0, 42.5, 75.0, 43.0]


def test_the_simple_map_gets_the_same_schools(client, country):
    found = client.get("/en/map/shapes.json?grade=E&by=2").get_json()

    assert [point[3] for point in found["schools"]] == ["60000001"]
    assert found["areas"]["features"][0]["properties"]["at_risk"] == 64.0


def test_the_simple_map_gets_the_base_map_once_and_only_when_it_asks(client, country):
    first = client.get("/en/map/shapes.json?base=1").get_json()["base"]["features"]

    assert "base" not in client.get("/en/map/shapes.json").get_json()
    assert {one["properties"]["kind"] for one in first} >= {"oblast", "oblast_label"}
    label = next(one for one in first if one["properties"]["kind"] == "oblast_label")
    assert label["geometry"]["type"] == "Point"
    assert label["properties"]["name_ky"]
