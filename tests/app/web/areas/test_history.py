"""An area over time: each published ranking with its coverage, domains, units that came later, ended campaigns."""

from __future__ import annotations

from datetime import date

import pytest

from app.workflows.rank_schools import rank_schools
from geodata.models import Area, AreaSuccession, SchoolArea
from tests.factories.country import add_answers, make_country
from tests.support.pages import PageClient


@pytest.fixture
def pages(app):
    return PageClient(app)


@pytest.fixture
def country(session):
    """Two rankings: in May 2026 nobody has assessed S3, the only school of R2; in September somebody has."""
    made = make_country(session)
    for code in ("R1", "R2"):
        made.areas[code].parent_id = made.areas["O1"].id
    made.areas["O1"].parent_id = made.areas["KG"].id
    rank_schools(session)
    answers = {"STR-01": "meets", "STR-02": "meets", "FIRE-01": "meets", "WSH-01": "fails", "SEC-05": "meets"}
    add_answers(session, made, "S3", answers, kind="verification", on=date(2026, 9, 1))
    session.flush()
    rank_schools(session)
    return made


def known(page):
    """Return the first four cells of each ranking in the table of what was known."""
    return [row[:3] for row in page.rows() if len(row) == 9]


def test_each_ranking_stands_with_its_index_and_coverage_and_unknown_is_a_word(pages, country):
    rows = known(pages.get("/en/areas/R2/history"))

    # 4 + 3 + 5 + 2 of the weights 4 + 3 + 5 + 3 + 2 are met: 82.4 of 100
    assert [row[0] for row in rows] == ["1 September 2026", "1 May 2026"]
    assert [row[2] for row in rows] == ["1 of 1", "0 of 1"]
    assert rows[0][1].startswith("82")
    assert rows[1][1] == "Unknown"


def test_every_level_has_the_page_and_the_area_leads_to_it(pages, country):
    assert "/en/areas/R1/history" in pages.get("/en/areas/R1").links()
    for code, schools in (("KG", 3), ("O1", 3), ("R1", 2), ("NEW", 2), ("OLD", 1)):
        assert known(pages.get(f"/en/areas/{code}/history"))[0][2] == f"{schools} of {schools}"


def test_what_moved_is_told_with_its_sign_and_leads_to_reality_rule_or_data(pages, country):
    page = pages.get("/en/areas/O1/history")
    row = next(row for row in page.rows() if row[:2] == ["1 May 2026", "1 September 2026"])

    assert row[3:5] == ["+1", "+1"]
    assert any("against_date=2026-05-01" in link and "date=2026-09-01" in link for link in page.links())


def test_domains_stand_for_each_ranking_with_what_was_unknown(pages, country):
    rows = {row[0]: row[2:] for row in pages.get("/en/areas/R2/history").rows() if row[0] in ("WSH", "FIRE")}

    assert rows == {"WSH": ["100%0%", "0%100%"], "FIRE": ["0%0%", "0%100%"]}


def test_a_unit_that_came_later_is_shown_on_its_territory_and_says_so(pages, session, country):
    later = Area(code="LATER", level=3, kind="aiyl_aimak", name_ky="Кийинки", valid_from=date(2026, 10, 1))
    session.add(later)
    session.flush()
    session.add(SchoolArea(school_id=country.schools["S3"].id, area_id=later.id, level=3))
    session.add(
        AreaSuccession(
            predecessor_id=country.areas["OLD"].id, successor_id=later.id, kind="split", on_date=date(2026, 10, 1)
        )
    )
    session.flush()

    page = pages.get("/en/areas/LATER/history")

    assert [row[0] for row in known(page)] == [
        "1 September 2026on today's territory",
        "1 May 2026on today's territory",
    ]
    assert known(page)[0][1].startswith("82")  # the same school as R2's: the same figure
    assert "/en/areas/OLD/history" in page.links()


def test_two_rankings_of_one_day_and_edition_are_one_point(pages, session, country):
    before = len(known(pages.get("/en/areas/R1/history")))
    country.schools["S1"].pupils = 601
    session.flush()
    rank_schools(session)

    assert len(known(pages.get("/en/areas/R1/history"))) == before == 2


def test_what_is_not_there_is_not_found(client, country):
    assert client.get("/en/areas/NOWHERE/history").status_code == 404
