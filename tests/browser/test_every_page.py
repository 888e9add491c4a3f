"""Every page in every language: nothing for axe, no policy violation, no foreign request, no sideways scroll."""

import re
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

AXE = (Path(__file__).parent / "axe/axe.min.js").read_text(encoding="utf-8")
PAGES = {
    "home": "/{lang}/",
    "map": "/{lang}/map",
    "areas": "/{lang}/areas",
    "country": "/{lang}/areas/41700000000000",
    "oblast": "/{lang}/areas/41706000000000",
    "rayon": "/{lang}/areas/{rayon}",
    "aimak": "/{lang}/areas/{aimak}",
    "former aimak": "/{lang}/areas/{former}",
    "school": "/{lang}/schools/{school}",
    "list": "/{lang}/priorities",
    "filtered list": "/{lang}/priorities?grade=E&area=41706000000000&q=ак",
    "empty list": "/{lang}/priorities?q=zzzzzzzz",
    "runs": "/{lang}/priorities/runs/{run}",
    "official lists": "/{lang}/priorities/official?date=2026-12-01",
    "check of a hash": "/{lang}/priorities/verify?hash={run}",
    "unknown hash": "/{lang}/priorities/verify?hash=0123456789abcdef",
    "survey first": "/{lang}/priorities/survey",
    "appeals": "/{lang}/priorities/appeals",
    "funded out of order": "/{lang}/priorities/deviations?all=1",
    "stated numbers": "/{lang}/data/claims",
    "workbench": "/{lang}/priorities/workbench?C1=0.4&scale=1",
    "wrong weights": "/{lang}/priorities/workbench?C1=0.9",
    "rankings side by side": "/{lang}/priorities/workbench/compare?s=run&s=safety&s=gap&s=benefit",
    "why this rank": "/{lang}/schools/{school}/why",
    "standard": "/{lang}/standard",
    "search in the standard": "/{lang}/standard?q=даараткана&critical=1",
    "criterion": "/{lang}/standard/2026-proposal/STR-02",
    "restricted criterion": "/{lang}/standard/2026-proposal/SEC-01",
    "guidance": "/{lang}/standard/2026-proposal/guidance?domain=FIRE",
    "editions": "/{lang}/standard/editions",
    "edition": "/{lang}/standard/editions/2026-proposal",
    "editions compared": "/{lang}/standard/compare?from=2026-proposal&to=2026-proposal",
    "method": "/{lang}/method",
    "data": "/{lang}/data",
    "data quality": "/{lang}/quality?order=age",
    "data quality of a rayon": "/{lang}/quality?area={rayon}",
    "locations": "/{lang}/work/locations",
    "sign in": "/{lang}/sign-in",
    "not found": "/{lang}/schools/no-such-school",
}
LANGUAGES = ("ky", "ru", "en")


@pytest.fixture(scope="module")
def codes(demonstration):
    engine = create_engine(demonstration.url("mektep_owner"))
    with engine.connect() as connection:
        one = connection.scalar
        found = {
            "rayon": one(text("SELECT code FROM area WHERE level = 2 AND kind = 'rayon' ORDER BY code LIMIT 1")),
            "aimak": one(text("SELECT code FROM area WHERE level = 3 AND valid_to IS NULL ORDER BY code LIMIT 1")),
            "former": one(text("SELECT code FROM area WHERE level = 3 AND valid_to IS NOT NULL ORDER BY code LIMIT 1")),
            "school": one(
                text("""
                    SELECT school.code FROM school JOIN school_result ON school_result.school_id = school.id
                    ORDER BY national_rank LIMIT 1
                """)
            ),
            "run": one(text("SELECT hash FROM run WHERE is_published ORDER BY id DESC LIMIT 1")),
        }
    engine.dispose()
    return found


def path_of(name, lang, codes):
    return PAGES[name].format(lang=lang, **codes)


@pytest.mark.browser
@pytest.mark.parametrize("width", [360, 1400])
@pytest.mark.parametrize("name", PAGES)
def test_kyrgyz_page_is_accessible_and_keeps_to_itself(visit, codes, name, width):
    made = visit(width=width, bypass_csp=True)
    page = made.open(path_of(name, "ky", codes))

    page.add_script_tag(content=AXE)
    found = page.evaluate("axe.run({resultTypes: ['violations']})")

    violations = [f"{row['id']}: {node['html'][:160]}" for row in found["violations"] for node in row["nodes"][:3]]
    assert violations == []
    assert made.outgoing == []
    sideways = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert sideways <= 0


@pytest.mark.browser
@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", PAGES)
def test_page_obeys_the_policy_in_every_language(visit, codes, name, lang):
    made = visit()
    page = made.open(path_of(name, lang, codes))

    assert page.locator("html").get_attribute("lang") == lang
    assert page.locator("h1").count() == 1
    expected = ["404"] if name == "not found" else []
    unexpected = [message for message in made.errors if not any(code in message for code in expected)]
    assert unexpected == []
    assert made.outgoing == []


@pytest.mark.browser
def test_kyrgyz_page_is_dark_where_the_system_is_dark_and_still_legible(visit, codes):
    made = visit(bypass_csp=True, color_scheme="dark")
    page = made.open(path_of("list", "ky", codes))

    page.add_script_tag(content=AXE)
    found = page.evaluate("axe.run({runOnly: ['color-contrast'], resultTypes: ['violations']})")

    assert [node["html"][:160] for row in found["violations"] for node in row["nodes"][:5]] == []


@pytest.mark.browser
@pytest.mark.parametrize(("name", "most_pages"), [("list", 2), ("rayon", 3), ("school", 3)])
def test_printed_page_is_dense_and_names_its_run(visit, codes, name, most_pages):
    made = visit()
    page = made.open(path_of(name, "ky", codes))

    printed = page.pdf(prefer_css_page_size=True)
    page.emulate_media(media="print")

    assert 1 <= len(re.findall(rb"/Type\s*/Page\b(?!s)", printed)) <= most_pages
    assert page.locator(".foot .hash").inner_text() == codes["run"]
    assert not page.locator("nav.nav").is_visible()
    assert page.locator(".sample").first.is_visible()


@pytest.mark.browser
@pytest.mark.parametrize("lang", ["ru", "en"])
def test_no_page_is_wider_than_a_phone(visit, codes, lang):
    made = visit(width=360)
    wide = {}
    for name in PAGES:
        page = made.open(path_of(name, lang, codes))
        wide[name] = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")

    assert {name: pixels for name, pixels in wide.items() if pixels > 0} == {}
