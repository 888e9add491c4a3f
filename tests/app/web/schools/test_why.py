"""Why a school has its rank: parts beside the others, what would change it, and the sheet for a meeting."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.workflows.rank_schools import rank_schools
from geodata.models import School, SchoolResult
from tests.app.exports.test_print import pdf_info, pdf_text
from tests.factories.country import make_country
from tests.support.pages import PageClient


@pytest.fixture
def ranked(session):
    country = make_country(session)
    run_id = rank_schools(session).run_id
    rows = session.execute(
        select(School.code, SchoolResult)
        .join(School, School.id == SchoolResult.school_id)
        .where(SchoolResult.run_id == run_id)
        .order_by(SchoolResult.national_rank)
    ).all()
    return country, [(code, row) for code, row in rows]


@pytest.fixture
def reader(ranked, app):
    return PageClient(app)


@pytest.mark.parametrize("language", ["ky", "ru", "en"])
def test_every_school_has_a_sound_page_in_every_language(reader, ranked, language):
    for code, _row in ranked[1]:
        reader.get(f"/{language}/schools/{code}/why")


def test_the_page_shows_own_points_and_those_of_both_neighbours(reader, ranked):
    (_, above), (code, row), (_, below), _ = ranked[1]

    page = reader.get(f"/en/schools/{code}/why")

    assert page.heading.startswith("Why rank 2:")
    parts = {cells[0].split()[0]: cells for cells in page.rows() if cells[0].startswith("C") and len(cells) == 7}
    for place, factor in enumerate(f"C{n}" for n in range(1, 9)):
        shown = [float(cell) for cell in (parts[factor][2], parts[factor][4], parts[factor][5])]
        stored = [one.contribution[place] for one in (row, above, below)]
        assert shown == pytest.approx(stored, abs=0.051)


def test_unknown_parts_say_between_which_ranks_they_leave_the_school(reader, ranked):
    nothing_known = ranked[0].schools["S4"].code

    page = reader.get(f"/en/schools/{nothing_known}/why")

    told = page.text.split("Unknown, counted at half: ")[1].split(".")[0]
    assert "requirements of the Standard not met" in told
    assert "fire safety, water, toilets, heating" in told
    assert "index 50" not in page.text
    assert "Nobody has assessed this school" in page.text
    changes = {cells[0].split()[0]: cells for cells in page.rows() if cells[0].startswith("C") and len(cells) == 5}
    best, worst = (int(cell) for cell in changes["C1"][1:3])
    assert 1 <= worst <= best <= 4


def test_the_shares_of_the_score_are_told(reader, ranked):
    code, row = ranked[1][0]

    page = reader.get(f"/en/schools/{code}/why")

    shares = [float(cells[1]) for cells in page.rows() if len(cells) == 3 and cells[2].endswith("%")]
    assert sum(shares) == pytest.approx(row.priority_central, abs=0.2)


def test_the_rank_in_an_area_has_neighbours_of_that_area(reader, ranked):
    code = ranked[0].schools["S1"].code
    other = ranked[0].schools["S2"].code

    page = reader.get(f"/en/schools/{code}/why?level=rayon")

    assert any(link.endswith(f"/schools/{other}/why") for link in page.links())
    assert " in " in page.heading


def test_a_school_that_is_not_there_has_no_page(reader, app):
    assert app.test_client().get("/en/schools/none/why").status_code == 404
    assert app.test_client().get("/en/schools/none/why.pdf").status_code == 404


@pytest.mark.parametrize("language", ["ky", "ru"])
def test_the_sheet_is_one_page_with_the_same_words(reader, ranked, app, tmp_path, language):
    (code, _), path = ranked[1][0], tmp_path / "why.pdf"

    path.write_bytes(app.test_client().get(f"/{language}/schools/{code}/why.pdf").data)

    assert (pdf_info(path)["Pages"], pdf_info(path)["Tagged"]) == ("1", "yes")
    assert {"ky": "Эмне үчүн 1-орун", "ru": "Почему место 1"}[language] in " ".join(pdf_text(path).split())


def test_a_long_name_still_leaves_one_page(reader, ranked, app, session, tmp_path):
    country, rows = ranked
    for school in country.schools.values():
        school.name_ky = "узун аталыштагы орто мектеп " * 8
    session.flush()
    path = tmp_path / "why.pdf"

    path.write_bytes(app.test_client().get(f"/ky/schools/{rows[0][0]}/why.pdf").data)

    assert pdf_info(path)["Pages"] == "1"
