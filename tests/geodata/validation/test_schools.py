"""School lists: keys, numbers, places and areas as people get them wrong."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from geodata.records.table import RawRow, RawTable, RowProblem
from geodata.validation import validate
from geodata.validation.mapping import apply_overrides, guess_mapping
from tests.support.import_files import context

COLUMNS = ("code", "name_ru", "lat", "lon", "area_code", "pupils", "shifts", "survey_date")
GOOD = ("00000001", "Школа № 1", "41.43", "75.99", "41704245000000", "343", "2", "2023-10-28")


def table(*rows, columns=COLUMNS):
    return RawTable(tuple(columns), [RawRow(number, tuple(cells)) for number, cells in enumerate(rows, start=2)])


def good(**changes):
    return tuple(changes.get(name, value) for name, value in zip(COLUMNS, GOOD, strict=True))


def check(*rows, columns=COLUMNS, **known):
    return validate("schools", table(*rows, columns=columns), None, context(**known))


def codes_of(checked):
    return [(problem.row, problem.code) for problem in checked.problems if problem.severity == "error"]


def test_a_good_row_becomes_a_school():
    checked = check(good(), good(code="00000002"), good(code="00000003"))

    number, school = checked.records[0]
    assert number == 2
    assert (school.code, school.name_ru, school.pupils, school.shifts) == ("00000001", "Школа № 1", 343, 2)
    assert (school.location.x, school.location.y) == (75.99, 41.43)
    assert school.area_code == "41704245000000"
    assert school.seats is None
    assert school.provenance["row"] == {"date": "2023-10-28"}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        pytest.param({"code": "1.70E+13"}, "code_scientific", id="code in scientific notation"),
        pytest.param({"code": "12345.0"}, "code_became_number", id="code became a float"),
        pytest.param({"code": "2024-01-05"}, "code_became_date", id="code became a date"),
        pytest.param({"code": "05.янв"}, "code_became_date", id="code became a short date"),
        pytest.param({"code": "2"}, "code_lost_zeros", id="code lost its zeros"),
        pytest.param({"code": "КР-АB"}, "code_mixed_letters", id="two alphabets in one word"),
        pytest.param({"pupils": "-5"}, "number_negative", id="negative"),
        pytest.param({"pupils": "12,5"}, "number_not_whole", id="half a pupil"),
        pytest.param({"pupils": "1,200"}, "number_ambiguous", id="comma of two meanings"),
        pytest.param({"pupils": "5 тыс."}, "number_with_unit", id="thousand as a word"),
        pytest.param({"pupils": "=1+1"}, "number_invalid", id="formula"),
        pytest.param({"shifts": "III"}, "number_invalid", id="Roman numeral"),
        pytest.param({"shifts": "4"}, "number_out_of_range", id="fourth shift"),
        pytest.param({"survey_date": "03/04/2024"}, "date_ambiguous", id="ambiguous date"),
        pytest.param({"survey_date": "30.02.2024"}, "date_invalid", id="day that never was"),
        pytest.param({"survey_date": "2026-11-26"}, "date_future", id="tomorrow"),
        pytest.param({"survey_date": "31.12.1990"}, "date_too_early", id="before independence"),
        pytest.param({"lat": "75.99", "lon": "41.43"}, "coordinates_swapped", id="swapped"),
        pytest.param({"lat": "0", "lon": "0"}, "coordinates_zero", id="zero island"),
        pytest.param({"lat": "4589000", "lon": "583000"}, "coordinates_metres", id="metres"),
        pytest.param({"lat": "41.31", "lon": "69.24"}, "coordinates_abroad", id="Tashkent, inside the box"),
        pytest.param({"lat": None}, "coordinate_half", id="half a place"),
        pytest.param({"area_code": "4170424500000"}, "area_code_shape", id="area code lost a digit"),
        pytest.param({"area_code": "41799245000000"}, "area_unknown", id="area nobody knows"),
        pytest.param({"name_ru": "х" * 301}, "text_too_long", id="endless name"),
    ],
)  # fmt: skip
def test_one_wrong_cell_refuses_its_row_only(changes, code):
    checked = check(good(), good(code="00000002"), good(**{"code": "00000003", **changes}), good(code="00000004"))

    assert set(codes_of(checked)) == {(4, code)}
    assert [number for number, _ in checked.records] == [2, 3, 5]
    assert checked.refused == [4]


@pytest.mark.parametrize(
    ("changes", "code", "field", "value"),
    [
        pytest.param({"pupils": "1\u202f200"}, "number_grouped", "pupils", 1200, id="narrow space"),
        pytest.param({"pupils": "343 окуучу"}, "number_unit_removed", "pupils", 343, id="unit of the field"),
        pytest.param({"pupils": "белгисиз"}, "unknown_word", "pupils", None, id="word for unknown"),
        pytest.param({"name_ru": "Шко\u200bла"}, "invisible_removed", "name_ru", "Школа", id="zero width"),
        pytest.param({"name_ru": "Шко\u202eла"}, "invisible_removed", "name_ru", "Школа", id="bidi"),
        pytest.param({"name_ru": "Шко\x07ла"}, "control_removed", "name_ru", "Школа", id="control"),
        pytest.param({"name_ru": "=HYPERLINK(1)"}, "text_like_program", "name_ru", "=HYPERLINK(1)", id="formula"),
        pytest.param({"name_ru": "<b>Школа</b>"}, "text_like_program", "name_ru", "<b>Школа</b>", id="markup"),
    ],
)
def test_normalised_cells_are_told(changes, code, field, value):
    checked = check(good(), good(code="00000002"), good(**{"code": "00000003", **changes}))

    told = [
        (problem.row, problem.code) for problem in checked.problems if problem.row and problem.severity == "warning"
    ]
    assert told == [(4, code)]
    assert getattr(checked.records[2][1], field) == value


@pytest.mark.parametrize(
    ("lat", "lon"),
    [
        pytest.param("41°25'48\"N", "75°59'24\"E", id="degrees, minutes, seconds"),
        pytest.param("41,43", "75,99", id="decimal comma"),
    ],
)
def test_other_ways_to_write_a_place(lat, lon):
    checked = check(good(lat=lat, lon=lon), good(code="00000002"), good(code="00000003"))

    point = checked.records[0][1].location
    assert (point.x, point.y) == pytest.approx((75.99, 41.43))


def test_different_rows_of_one_code_are_all_refused():
    checked = check(good(), good(pupils="9"), good(code="00000003"))

    assert codes_of(checked) == [(2, "code_duplicate"), (3, "code_duplicate")]


def test_of_two_equal_rows_the_first_stays():
    checked = check(good(), good(), good(code="00000003"))

    assert codes_of(checked) == [(3, "row_repeated")]
    assert [number for number, _ in checked.records] == [2, 4]


def test_a_twin_of_a_known_code_is_refused():
    checked = check(good(code="КР-1"), good(code="00000002"), school_codes={"KP-1"})

    assert codes_of(checked) == [(2, "code_twin_known")]


def test_settlement_codes_take_the_rayon_above():
    checked = check(good(area_code="41704245800020"), good(code="00000002"))

    assert checked.records[0][1].area_code == "41704245000000"
    assert [problem.code for problem in checked.problems] == ["area_taken_above"]


def test_code_and_name_of_different_areas_disagree():
    columns = ("code", "name_ru", "area_code", "район")
    checked = check(
        ("00000001", "Школа № 1", "41704245000000", "Нарынский район"),
        ("00000002", "Школа № 2", "41704245000000", "Ат-Башы"),
        columns=columns,
    )

    assert codes_of(checked) == [(3, "area_disagrees")]


def test_area_names_forgive_spelling_and_ask_when_unsure():
    columns = ("code", "name_ru", "область", "район")
    checked = check(
        ("00000001", "Школа № 1", "Ысык-Кол", "Аксуйский р-н"),
        ("00000002", "Школа № 2", "Нарын", "At-Bashi"),
        ("00000003", "Школа № 3", "Нарын", "Лондон"),
        columns=columns,
    )

    assert [record.area_code for _, record in checked.records] == ["41702205000000", "41704220000000"]
    assert codes_of(checked) == [(4, "area_name_unknown")]


def test_missing_area_comes_from_the_point():
    def areas_at(lon, lat):
        return ["41704245000000"] * len(lon)

    checked = check(good(area_code=None), good(code="00000002", area_code="41706211000000"), areas_at=areas_at)

    assert [record.area_code for _, record in checked.records] == ["41704245000000", "41706211000000"]
    assert ("point_in_other_area", 3) in [(problem.code, problem.row) for problem in checked.problems]


@pytest.mark.parametrize("name", ["ИТОГО", "Итого:", "Жыйынтыгы", "Total", "ВСЕГО"])
def test_total_rows_are_no_schools(name):
    checked = check(good(), good(code="00000002"), (name, None, None, None, None, "686", None, None))

    assert codes_of(checked) == [(4, "total_row")]
    assert len(checked.records) == 2


def test_columns_named_the_wrong_way_round_are_read_by_their_values():
    checked = check(
        *[good(code=f"0000000{n}", lat="75.99", lon=f"41.4{n}") for n in range(1, 6)],
    )

    assert len(checked.records) == 5
    assert checked.records[0][1].location.y == 41.41
    assert "coordinate_columns_swapped" in [problem.code for problem in checked.problems]


def test_other_headings_and_orders_go_through():
    columns = ("№", "Долгота", "Широта", "Кол-во учащихся", "Наименование школы", "Код школы", "Сменность", "СОАТЕ")
    rows = [
        (str(n), "75.99", f"41.4{n}", "300", f"Средняя школа № {n}", f"KG{n:04d}", "2", "41704245000000")
        for n in range(1, 6)
    ]

    checked = check(*rows, columns=columns)

    assert len(checked.records) == 5
    school = checked.records[0][1]
    assert (school.code, school.pupils, school.shifts) == ("KG0001", 300, 2)
    assert school.name_ru == "Средняя школа № 1"
    assert (school.location.x, school.location.y) == (75.99, 41.41)


def test_headings_of_no_meaning_are_read_by_values():
    columns = ("a", "b", "c", "d", "e")
    rows = [(f"S-{n}", f"Средняя школа № {n}", f"41.4{n}1", f"75.9{n}2", "41704245000000") for n in range(1, 7)]

    mapping = guess_mapping(columns, table(*rows, columns=columns).rows, "schools")

    assert mapping.columns == {"code": "a", "name_ru": "b", "lat": "c", "lon": "d", "area_code": "e"}


def test_two_columns_of_one_field_are_asked_about():
    columns = ("Код", "Код школы", "name_ru")
    rows = [(f"A{n}", f"B{n}", f"Школа № {n}") for n in range(1, 6)]

    checked = check(*rows, columns=columns)

    assert checked.file_is_refused
    assert checked.records == []
    assert "mapping_ambiguous" in [problem.code for problem in checked.problems]


def test_overrides_decide_in_either_order():
    columns = ("Код", "Код школы", "name_ru")
    rows = table(*[(f"A{n}", f"B{n}", f"Школа № {n}") for n in range(1, 6)], columns=columns)
    guessed = guess_mapping(columns, rows.rows, "schools")

    for pair in (("Код школы", "code"), ("code", "Код школы")):
        mapping = apply_overrides(guessed, [pair], columns, "schools")
        checked = validate("schools", rows, mapping, context())
        assert [record.code for _, record in checked.records] == ["B1", "B2", "B3", "B4", "B5"]


def test_an_override_of_nothing_is_told():
    mapping = apply_overrides(
        guess_mapping(("code",), [], "schools"), [("nope", "code"), ("code", "nope")], ("code",), "schools"
    )

    assert [problem.code for problem in mapping.problems] == ["mapping_column_unknown", "mapping_field_unknown"]


def test_osm_export_maps_by_itself():
    columns = ("name", "name:en", "amenity", "name:ky", "osm_id", "osm_type")
    rows = [
        RawRow(1, ("Школа 5", None, "school", None, "101", "nodes"), shapely.Point(75.99, 41.43)),
        RawRow(2, (None, None, "school", None, "102", "ways"), shapely.box(75.9, 41.4, 75.91, 41.41)),
        RawRow(3, ("Манас мектеби", None, "school", "Манас орто мектеби", "103", "nodes"), shapely.Point(76, 41.4)),
    ]

    checked = validate("schools", RawTable(columns, rows, has_geometry=True), None, context())

    first, nameless, both = (record for _, record in checked.records)
    assert (first.code, first.name_ru, first.other_codes) == ("osm-101", "Школа 5", {"osm": "101"})
    assert first.location_quality == "geocoded"
    assert (nameless.name_ky, nameless.name_ru, nameless.name_en) == (None, None, None)
    assert nameless.location.geom_type == "Point"
    assert both.name_ky == "Манас орто мектеби"
    assert {"schools_nameless", "outlines_to_points"} <= {problem.code for problem in checked.problems}


def test_repeated_points_are_told():
    checked = check(*[good(code=f"0000000{n}") for n in range(1, 6)])

    told = next(problem for problem in checked.problems if problem.code == "coordinates_repeated")
    assert told.params["count"] == 5
    assert np.isclose(checked.records[0][1].location.y, 41.43)


@pytest.mark.parametrize(
    ("lat", "refused"),
    [
        pytest.param(None, [], id="columns of coordinates are empty too: the place is unknown"),
        pytest.param("41.43", [3], id="the columns have a place: the shape was lost"),
    ],
)
def test_a_feature_without_a_shape(lat, refused):
    rows = [
        RawRow(2, ("S-1", "Мектеп", "41.43", "75.99"), shapely.Point(75.99, 41.43)),
        RawRow(3, ("S-2", "Мектеп", lat, None), None),
    ]
    lost = RowProblem(3, None, None, "geometry_missing", "error", {})
    features = RawTable(("code", "name_ky", "lat", "lon"), rows, [lost], has_geometry=True)

    checked = validate("schools", features, None, context())

    assert checked.refused == refused
    assert len(checked.records) == 2 - len(refused)
