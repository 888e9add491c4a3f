"""Every page for reading: what a person looks for is on it, unknown is a word, and nothing restricted leaks."""

import json

import pytest
from sqlalchemy import event

from tests.factories.ranked_country import make_ranked_country
from tests.factories.runs import make_run
from tests.support.pages import PageClient

LANGUAGES = ("ky", "ru", "en")
MOST_QUERIES = 9
"""Eight of the page and one that sets the scope."""


@pytest.fixture
def made(session):
    return make_ranked_country(session)


@pytest.fixture
def pages(app, made):
    return PageClient(app)


def addresses(made, lang):
    return {
        "home": f"/{lang}/",
        "list": f"/{lang}/priorities",
        "filtered list": f"/{lang}/priorities?grade=E&hazard=flood&q=Чолпон&domain=STR&area={made.rayon.code}",
        "empty list": f"/{lang}/priorities?q=zzzzzz",
        "areas": f"/{lang}/areas",
        "country": f"/{lang}/areas/{made.country.code}",
        "oblast": f"/{lang}/areas/{made.oblast.code}",
        "rayon": f"/{lang}/areas/{made.rayon.code}",
        "aimak": f"/{lang}/areas/{made.aimak.code}",
        "former aimak": f"/{lang}/areas/{made.former.code}",
        "school": f"/{lang}/schools/{made.worst.code}",
        "unknown school": f"/{lang}/schools/{made.unknown.code}",
        "standard": f"/{lang}/standard",
        "method": f"/{lang}/method",
        "data": f"/{lang}/data",
        "runs": f"/{lang}/priorities/runs",
        "run": f"/{lang}/priorities/runs/{made.run.hash[:16]}",
    }


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_page_is_well_formed_and_marked_as_sample(pages, made, lang):
    mark = {"ky": "Үлгү", "ru": "Образец", "en": "Sample"}[lang]
    for name, address in addresses(made, lang).items():
        page = pages.get(address)

        assert page.tree.findtext(".//aside[@class='sample']/b") == mark, name
        assert made.run.hash[:12] in page.html, name
        others = {link.attrib["hreflang"] for link in page.all(".//head/link[@hreflang]")}
        assert others == set(LANGUAGES), name


def test_no_page_asks_the_database_more_than_eight_times(pages, made, session, monkeypatch):
    monkeypatch.setattr("app.web.page_cache.visible_state", lambda reader: "one state")
    asked = []
    event.listen(session.connection(), "before_cursor_execute", lambda *parts: asked.append(parts[2]))
    for lang in ("ru", "ky"):  # what pages share is in memory after the first
        for name, address in addresses(made, lang).items():
            session.expire_all()
            asked.clear()

            pages.get(address)

            questions = [text for text in asked if not text.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK"))]
            assert lang == "ru" or len(questions) <= MOST_QUERIES, (name, len(questions))


def test_list_shows_rank_with_its_range_and_unknown_as_a_word(pages, made):
    rows = pages.get("/ky/priorities").rows()

    assert [row[:3] for row in rows] == [
        ["11–3", "№ 1 Чолпон орто мектебиКочкор району", "E"],
        ["21–4", "№ 2 Сары-Булак мектебиКочкор району", "Белгисиз"],
    ]
    assert "Белгисиз" in rows[1][4]


def test_chip_says_how_many_schools_its_filter_hides_and_takes_it_off(pages, made):
    page = pages.get("/ky/priorities?grade=E&sort=name")
    chip = page.all(".//ul[@class='chips']/li/a")[0]

    assert "−1" in "".join(chip.itertext())
    assert chip.attrib["href"] == "/ky/priorities?sort=name"


def test_language_switch_keeps_the_filter(pages, made):
    page = pages.get("/ky/priorities?grade=E&sort=name")

    switch = {link.attrib["hreflang"]: link.attrib["href"] for link in page.all(".//nav[@class='langs']/a")}
    assert switch["ru"] == "/ru/priorities?grade=E&sort=name"


def test_column_head_offers_the_other_order(pages, made):
    head = pages.get("/ky/priorities?sort=pupils&desc=1").all(".//th[@aria-sort]")

    assert [(cell.attrib["aria-sort"], cell.find("a").attrib["href"]) for cell in head] == [
        ("descending", "/ky/priorities?sort=pupils")
    ]


def test_empty_list_says_what_to_do(pages, made):
    page = pages.get("/en/priorities?q=zzzzzz&grade=E")

    assert "No school matches all of these filters." in page.text
    assert page.links().count("/en/priorities") >= 2


def test_wrong_filter_is_told_and_not_guessed(pages, made):
    page = pages.get("/en/priorities?grade=Z", status=400)

    assert "grade" in page.text


def test_school_page_explains_grade_parts_and_sources(pages, made):
    page = pages.get(f"/en/schools/{made.worst.code}")

    assert "Critical requirement broken: “en STR-02" in page.text
    assert "Rank between 1 and 3" in page.text
    assert "6 of 8 parts known" in page.text
    assert "EMIS 2025" in page.text
    assert "The place of this school is in doubt: in a lake." in page.text
    flood = next(row for row in page.rows() if row[0] == "Flood")
    assert flood[1].startswith("Unknown")
    assert "outside the layer's coverage" in flood[1]
    assert "CC BY 4.0" in flood[2]


def test_restricted_criterion_stays_out_of_the_school_page(pages, made):
    for lang in LANGUAGES:
        html = pages.get(f"/{lang}/schools/{made.worst.code}").html

        assert "SEC-01" not in html
        assert "Кайтаруу жашыруун" not in html


def test_unknown_part_of_the_score_shows_its_whole_range(pages, made):
    rows = {row[0][:2]: row for row in pages.get(f"/en/schools/{made.worst.code}").rows() if row[0].startswith("C")}

    assert rows["C2"][2] == "7.50–15"
    assert rows["C2"][3] == "Unknown"


def test_area_page_says_why_it_is_not_ranked(pages, made):
    page = pages.get(f"/en/areas/{made.rayon.code}")

    assert "Fewer than 60% of the schools are well assessed" in page.text
    assert page.heading.endswith("1 of 2 schools have grade D or E")


def test_former_unit_names_its_successor_and_back(pages, made):
    former = pages.get(f"/en/areas/{made.former.code}")
    today = pages.get(f"/en/areas/{made.aimak.code}")

    assert f"/en/areas/{made.aimak.code}" in former.links()
    assert "This unit existed until 1 January 2025." in former.text
    assert f"/en/areas/{made.former.code}" in today.links()


def test_units_of_a_date_are_those_of_that_map(pages, made):
    today = pages.get(f"/ky/areas/{made.rayon.code}").text
    before = pages.get(f"/ky/areas/{made.rayon.code}?date=2024-06-01").text

    assert "Эски айыл аймагы" not in today
    assert "Эски айыл аймагы" in before


def test_short_address_of_a_citation_leads_to_its_run(app, made):
    answer = app.test_client().get(f"/r/{made.run.hash[:16]}", headers={"Accept-Language": "ru"})

    assert answer.status_code == 302
    assert answer.location == f"/ru/priorities/runs/{made.run.hash[:16]}"


def test_run_page_cites_itself_in_three_languages(pages, made):
    page = pages.get(f"/en/priorities/runs/{made.run.hash}")
    cited = [element.attrib["lang"] for element in page.all(".//p[@class='cite']")]

    assert cited == list(LANGUAGES)
    assert f"/r/{made.run.hash[:16]}" in page.text


def test_page_of_an_older_run_shows_that_run_and_no_other(pages, made, session):
    newest = make_run(session, "b" * 64, school_count=99, code_version="newest")

    for address in (f"/en/priorities/runs/{made.run.hash}", f"/en/priorities/runs/{made.run.hash}?run={'9' * 64}"):
        page = pages.get(address)

        assert page.heading == f"Ranking {made.run.hash[:12]}"
        assert newest.hash[:12] not in page.html
        assert page.all(".//aside[@class='sample']"), "the older run is of sample data, the newest is not"


def test_run_page_names_the_layers_of_that_run_and_not_todays(pages, made, session):
    content = {
        "layers": {"flood_test": {"version": 2, "data": "d" * 64, "measured": "f" * 64}},
        "hazards_without_layer": ["landslide"],
    }
    make_run(session, "b" * 64, canonical=json.dumps(content))

    page = pages.get(f"/en/priorities/runs/{'b' * 64}")

    (layer,) = [row for row in page.rows() if row[0] == "Flood, test"]
    assert layer[1] == "2 newer in force: version 3"
    assert layer[3] == "d" * 16
    assert "unknown for every school: landslide" in page.text


def test_method_page_shows_the_weights_that_the_program_uses(pages, made):
    from app.prioritisation.scheme import load_scheme

    page = pages.get("/en/method")
    shown = {row[0]: row[6] for row in page.rows() if len(row) == 8}

    scheme = load_scheme("default")
    assert shown == {code: f"{weight:.2f}" for code, weight in zip(scheme.factors, scheme.weights, strict=True)}


def test_standard_marks_proposals_and_restricted_answers(pages, made):
    page = pages.get("/en/standard")

    assert "the act exists; the wording is a proposal" in page.text
    assert "not public: seen by the school itself and its department only" in page.text


@pytest.mark.parametrize("address", ["/ky/schools/none", "/ky/areas/none", "/ky/priorities/runs/0000000000"])
def test_what_is_not_there_is_a_page_too(pages, address):
    assert pages.get(address, status=404).heading


def test_pages_stand_without_any_run(app):
    pages = PageClient(app)

    for address in (
        "/ky/",
        "/ky/priorities",
        "/ky/areas",
        "/ky/method",
        "/ky/data",
        "/ky/standard",
    ):
        pages.get(address)
