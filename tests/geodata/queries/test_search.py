"""Search forgives spelling, alphabet, endings and former names, and still finds no more than was asked for."""

import pytest
from sqlalchemy import text

from geodata.database import make_engine, open_session
from geodata.queries.areas import search_areas
from geodata.queries.priorities import count_rows
from geodata.queries.runs import published_run
from geodata.queries.schools import search_schools
from geodata.records.priority import ListFilter


@pytest.fixture
def reading(demonstration):
    engine = make_engine(demonstration.url("mektep_web"))
    with open_session(engine, "public") as session:
        yield session
    engine.dispose()


def found(reading, question):
    return count_rows(reading, published_run(reading).id, ListFilter(q=question))


@pytest.mark.parametrize("name", ["name_ky", "name_ru", "name_en"])
def test_a_full_name_finds_its_school_first_and_few_others(reading, name):
    rows = reading.execute(
        text(f"SELECT code, {name} FROM school WHERE is_published ORDER BY md5(code) LIMIT 40")
    ).all()
    for code, full in rows:
        assert found(reading, full) <= 12, full
        assert code in {school.code for school in search_schools(reading, full, 12)}, full


@pytest.mark.parametrize(
    ("question", "place"),
    [
        pytest.param("Узген", "Өзгөн району", id="Russian"),
        pytest.param("Uzgen", "Өзгөн району", id="Latin"),
        pytest.param("Узгон", "Өзгөн району", id="one wrong letter"),
        pytest.param("узгенский район", "Өзгөн району", id="adjective"),
        pytest.param("Ошский", "Ош облусу", id="another ending"),
        pytest.param("Жалалабат", "Жалал-Абад облусу", id="joined and misspelt"),
        pytest.param("Issyk-Kul", "Ысык-Көл облусу", id="transcribed"),
        pytest.param("ысык кол", "Ысык-Көл облусу", id="letters of another keyboard"),
        pytest.param("Пржевальск", "Каракол шаары", id="former name"),
        pytest.param("рыбачье", "Балыкчы шаары", id="former name in small letters"),
        pytest.param("Frunze", "Бишкек шаары", id="former name in Latin"),
    ],
)
def test_a_place_finds_its_area_and_the_schools_in_it(reading, question, place):
    areas = {area.name_ky: area for area in search_areas(reading, question)}
    inside = count_rows(reading, published_run(reading).id, ListFilter(area=areas[place].code))

    assert inside <= found(reading, question) <= 1.2 * inside + 3
    assert found(reading, f"{place} № 1") <= inside / 20


@pytest.mark.parametrize(("question", "most"), [("шикер", 3), ("№ 26", 40), ("Бишкек 26", 2), ("манас 54", 1)])
def test_a_number_is_met_whole_and_every_word_counts(reading, question, most):
    assert 1 <= found(reading, question) <= most


@pytest.mark.parametrize("question", ["xyzzy", "№ 9999", "Узген Каракол", "%", "_", "'; DROP TABLE school; --"])
def test_what_is_nowhere_is_not_found(reading, question):
    assert found(reading, question) == 0


def test_a_word_that_tells_nothing_is_searched_when_it_stands_alone(reading):
    assert found(reading, "школа") > 2000
