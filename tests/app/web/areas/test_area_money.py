"""An area's page says what the newest public plan does there, per pupil beside its level, and what it pays itself."""

import pytest

from geodata.models import AreaResult, PlanPayment
from geodata.queries.area_money import domains_and_money
from tests.app.web.test_pages import MOST_QUERIES
from tests.factories.areas import make_area
from tests.factories.plans import make_offer, make_plan
from tests.factories.ranked_country import FIGURES, make_ranked_country
from tests.support.pages import PageClient
from tests.support.queries import questions_of


@pytest.fixture
def made(session):
    """Two more rayons beside that of the schools: 200 pupils, and pupils unknown; no money in both."""
    country = make_ranked_country(session)
    for pupils in (200, None):
        other = make_area(session, 2, parent=country.oblast)
        session.add(AreaResult(run_id=country.run.id, area_id=other.id, level=2, **FIGURES | {"pupils": pupils}))
    paid = make_offer(session, country.run, country.worst, "RET", cost_som=8_120_000)
    country.plan = make_plan(session, country.run, [paid])
    share = {"source": "local_budget", "year": 2027, "amount_som": 812_000}
    session.add(PlanPayment(plan_id=country.plan.id, school_id=country.worst.id, **share))
    session.flush()
    return country


def test_money_per_pupil_stands_beside_the_middle_of_the_level(session, made):
    _domains, money = domains_and_money(session, made.run.id, made.rayon.id, 2, 10)
    found = {one.area_id: one for one in money.level}

    own = found[made.rayon.id]
    assert (own.schools, own.som, own.local_som) == (1, 8_120_000, 812_000)
    assert own.per_pupil_som == 10_000
    assert sorted(str(one.per_pupil_som) for one in found.values()) == ["0.0", "10000.0", "None"]


@pytest.mark.parametrize("language", ["ky", "ru", "en"])
def test_the_page_of_an_area_names_its_funded_schools_and_its_own_share(app, made, language):
    page = PageClient(app).get(f"/{language}/areas/{made.rayon.code}")
    rows = page.all(".//section[@id='money']//tbody/tr")

    assert len(rows) == 1
    if language == "en":
        assert "Schools here that get money: 1" in page.text
        assert "10,000 the middle of 2 areas of its level: 5,000" in page.text
        assert "812,000 10.0%" in page.text


def test_an_area_without_money_is_told_so_and_a_draft_is_no_plan(app, session, made):
    made.plan.is_published = False
    session.flush()

    assert not PageClient(app).get(f"/en/areas/{made.rayon.code}").all(".//section[@id='money']")


def test_the_page_with_money_asks_no_more_than_any_page(app, session, made):
    areas = (made.country, made.oblast, made.rayon, made.aimak, made.former)
    for address in [f"/ky/areas/{area.code}" for area in areas]:
        with questions_of(session) as asked:
            PageClient(app).get(address)

        assert len(asked) <= MOST_QUERIES, (address, len(asked))
