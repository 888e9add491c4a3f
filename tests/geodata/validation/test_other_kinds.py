"""Buildings, answers, areas and hazards: what is taken, what is refused, what is left out and told."""

from __future__ import annotations

from datetime import date

import pytest
import shapely

from geodata.records.table import RawRow, RawTable
from geodata.validation import HazardPlan, KnownCriterion, validate
from tests.support.import_files import context, table

TYPES = ("KG-ADB", "KG-URM-W", "KG-URM-C", "KG-TIM", "KG-LPP", "KG-UNK")
CRITERIA = {
    "STR-03": KnownCriterion("STR-03", "building"),
    "SITE-01": KnownCriterion("SITE-01", "site"),
    "SITE-03": KnownCriterion("SITE-03", "site", "num", ">=", 3.0, None),
    "ENG-05": KnownCriterion("ENG-05", "room", "num", "between", 18.0, 24.0),
}


def features(columns, *rows):
    made = [RawRow(number, tuple(cells), shape) for number, (shape, *cells) in enumerate(rows, start=1)]
    return RawTable(tuple(columns), made, has_geometry=True)


def errors(checked):
    return [(problem.row, problem.code) for problem in checked.problems if problem.severity == "error"]


# --- buildings ------------------------------------------------------------------------------------

BUILDING = ("код здания", "код школы", "материал стен", "этажность", "общая площадь", "доля учащихся")


def check_buildings(*rows, columns=BUILDING, **known):
    known = {"school_codes": {"S1", "S2"}, "building_types": TYPES, **known}
    return validate("buildings", table(columns, *rows), None, context(**known))


def test_brick_does_not_settle_the_building_type():
    checked = check_buildings(("B1", "S1", "кирпич", "2", "1 250 м²", "0.5"), ("B2", "S1", "саман", "1", "300", "50 %"))

    brick, adobe = (record for _, record in checked.records)
    assert (brick.building_type, brick.provenance["building_type"]["declared"]) == ("KG-UNK", "кирпич")
    assert (adobe.building_type, adobe.storeys) == ("KG-ADB", 1)
    assert (brick.pupil_share, adobe.pupil_share) == (0.5, 0.5)
    assert "wall_leaves_type_open" in [problem.code for problem in checked.problems]


def test_buildings_of_unknown_schools_and_of_other_schools_are_refused():
    checked = check_buildings(
        ("B1", "S9", None, None, None, None), ("B2", "S2", None, None, None, None), building_schools={"B2": "S1"}
    )

    assert errors(checked) == [(2, "school_unknown"), (3, "building_of_other_school")]
    assert checked.records == []


def test_shares_of_one_school_do_not_pass_one():
    checked = check_buildings(("B1", "S1", None, None, None, "0.7"), ("B2", "S1", None, None, None, "0.7"))

    assert errors(checked) == [(2, "shares_over_one"), (3, "shares_over_one")]


def test_a_building_type_nobody_knows_is_refused_with_the_list():
    columns = ("building_code", "school_code", "building_type")
    checked = check_buildings(("B1", "S1", "KG-XXX"), ("B2", "S1", "KG-URM-C"), columns=columns)

    assert errors(checked) == [(2, "building_type_unknown")]
    assert "KG-ADB" in next(problem for problem in checked.problems if problem.row == 2).params["allowed"]
    assert checked.records[0][1].building_type == "KG-URM-C"


def test_building_codes_are_made_from_school_and_block():
    columns = ("код школы", "корпус", "год постройки")
    checked = check_buildings(
        ("S1", "литер А", "1969"), ("S1", "литер Б", "2031"), ("S2", None, "1950"), columns=columns
    )

    assert [record.code for _, record in checked.records] == ["S1-литер-А", "S2-1"]
    assert errors(checked) == [(3, "year_out_of_range")]


# --- answers --------------------------------------------------------------------------------------

ANSWER = ("school_code", "criterion_code", "building_code", "answer", "value", "date")


def check_answers(*rows, columns=ANSWER, **known):
    known = {"school_codes": {"S1"}, "building_schools": {"B1": "S1", "B9": "S9"}, "criteria": CRITERIA, **known}
    return validate("answers", table(columns, *rows), None, context(**known))


def test_answers_in_three_languages_and_from_values():
    checked = check_answers(
        ("S1", "STR-03", "B1", "ооба", None, "2025-05-01"),
        ("S1", "SITE-01", None, "не выполнено", None, "2025-05-01"),
        ("S1", "SITE-03", None, None, "2,5", "2025-05-01"),
        ("S1", "ENG-05", None, None, "20", "2025-05-01"),
    )

    assert errors(checked) == []
    assert [record.state for _, record in checked.records] == ["meets", "fails", "fails", "meets"]
    assert checked.records[2][1].value == 2.5
    assert checked.records[0][1].assessed_on == date(2025, 5, 1)


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (("S9", "SITE-01", None, "да", None, "2025-05-01"), "school_unknown"),
        (("S1", "XXX-01", None, "да", None, "2025-05-01"), "criterion_unknown"),
        (("S1", "STR-03", None, "да", None, "2025-05-01"), "building_needed"),
        (("S1", "STR-03", "B7", "да", None, "2025-05-01"), "building_unknown"),
        (("S1", "STR-03", "B9", "да", None, "2025-05-01"), "building_of_other_school"),
        (("S1", "SITE-01", None, "наверное", None, "2025-05-01"), "choice_unknown"),
        (("S1", "SITE-01", None, None, None, "2025-05-01"), "answer_missing"),
        (("S1", "SITE-01", None, "да", None, None), "answer_without_date"),
        (("S1", "SITE-03", None, "да", None, "2025-05-01"), "answer_twice"),
    ],
)
def test_wrong_answers_are_refused_by_name(row, code):
    first = ("S1", "SITE-03", None, "жок", None, "2025-05-01")

    checked = check_answers(first, row)

    assert (3, code) in errors(checked)
    assert [number for number, _ in checked.records] == [2]


def test_one_school_a_row_with_a_column_per_criterion():
    columns = ("school_code", "date", "SITE-01", "site_03")
    checked = check_answers(("S1", "2025-05-01", "да", "4"), columns=columns)

    assert [(number, answer.criterion_code, answer.state) for number, answer in checked.records] == [
        (2, "SITE-01", "meets"),
        (2, "SITE-03", "meets"),
    ]


# --- areas ----------------------------------------------------------------------------------------

SQUARE = shapely.box(75.5, 41.0, 76.0, 41.5)


def test_pcodes_are_soate_and_known_names_stay():
    rows = features(
        ("ADM2_PCODE", "ADM2_EN", "ADM2_RU", "ADM2_KY", "ADM1_PCODE", "ADM2TYP_RU", "ADM2TYP_KY"),
        (SQUARE, "KG04220000000", "Ak-Bashy", "Ат-Башынский", "Ат-Башы", "KG04000000000", "район", "району"),
        (SQUARE, "KG04299000000", "New", "Новый", "Жаңы", "KG04000000000", "район", "району"),
    )

    known, new = (record for _, record in validate("areas", rows, None, context()).records)

    assert (known.code, known.name_ky, known.name_en) == ("41704220000000", "Ат-Башы району", "At-Bashy rayon")
    assert known.geometry.geom_type == "MultiPolygon"
    assert (new.code, new.level, new.kind, new.parent_code) == ("41704299000000", 2, "rayon", "41704000000000")
    assert (new.name_ky, new.name_ru) == ("Жаңы району", "Новый район")


def test_a_register_of_areas_takes_names_as_written():
    columns = ("soate_code", "name_ky", "name_ru", "parent_soate", "level", "type")
    rows = table(columns, ("41704220810000", "Жаңы айыл аймагы", None, "41704220000000", "3", "aiyl_aimak"),
                 ("41704220000000", "Ат-Башы району (жаңы)", None, "41704000000000", "2", "rayon"),
                 ("41704999000000", "Жетим району", None, "41799000000000", "2", "rayon"))  # fmt: skip

    checked = validate("areas", rows, None, context())

    assert [(area.level, area.kind, area.name_ky) for _, area in checked.records] == [
        (3, "aiyl_aimak", "Жаңы айыл аймагы"),
        (2, "rayon", "Ат-Башы району (жаңы)"),
    ]
    assert errors(checked) == [(4, "area_parent_unknown")]


def test_points_and_boundaries_abroad_are_no_areas():
    rows = features(
        ("pcode", "name_ky"),
        (shapely.Point(75.5, 41.2), "KG04220000000", "Ат-Башы"),
        (shapely.box(37, 55, 38, 56), "KG04245000000", "Нарын"),
    )

    assert errors(validate("areas", rows, None, context())) == [(1, "geometry_wrong_type"), (2, "coordinates_abroad")]


# --- hazards --------------------------------------------------------------------------------------


def test_only_true_faults_stay():
    line = shapely.LineString([(75, 41), (76, 42)])
    rows = features(
        ("name", "slip_type"), (line, "a", "Reverse"), (line, "b", "Anticline"), (line, "c", "Sinistral-Normal")
    )

    checked = validate("hazard", rows, None, context())

    assert [record.name for _, record in checked.records] == ["a", "c"]
    assert (checked.left_out, checked.refused) == ([2], [])
    assert next(problem for problem in checked.problems if problem.code == "features_left_out").params["count"] == 1


def test_undocumented_classes_have_no_level():
    rows = features(("mudflow",), (SQUARE, "17"), (SQUARE, "2"))

    checked = validate("hazard", rows, None, context(hazard=HazardPlan(value_column="mudflow", level_map={"2": 3})))

    assert [(record.value, record.level) for _, record in checked.records] == [(17.0, None), (2.0, 3)]
    assert "levels_undocumented" in [problem.code for problem in checked.problems]


def test_events_without_impact_are_left_out_and_named():
    columns = ("Lake_name", "Lat_lake", "Lon_lake", "Lat_impact", "Lon_impact")
    rows = table(columns, ("A", "42.5", "74.5", "42.4", "74.4"), ("B", "42.5", "74.5", None, None))

    checked = validate("hazard", rows, None, context())

    assert [(number, record.geometry.y) for number, record in checked.records] == [(2, 42.4)]
    assert checked.left_out == [3]
    assert (3, "event_without_place") in [(problem.row, problem.code) for problem in checked.problems]
