"""Compare, write and take back records in the database, without a file."""

from __future__ import annotations

import json
from datetime import date

import pytest
import shapely
from sqlalchemy import text

from geodata.queries import area_outlines, import_compare, import_obstacles, imports
from geodata.queries.import_facts import facts_of, key_of
from geodata.queries.writes_answers import apply_answers, revert_answers
from geodata.queries.writes_areas import apply_areas, revert_areas
from geodata.queries.writes_buildings import apply_buildings, revert_buildings
from geodata.queries.writes_schools import apply_schools, revert_schools
from geodata.records.area import AreaRecord
from geodata.records.finding import AnswerRecord
from geodata.records.school import BuildingRecord, SchoolRecord
from tests.factories.schools import make_school

APPLY = {"schools": apply_schools, "buildings": apply_buildings, "areas": apply_areas, "answers": apply_answers}
REVERT = {"schools": revert_schools, "buildings": revert_buildings, "areas": revert_areas, "answers": revert_answers}


def _take_in(session, kind, records, *, unknown=(), source="list 2025"):
    """Compare and write records as one batch; return its number and (added, changed, unchanged)."""
    batch = imports.add_batch(session, kind=kind, file_name="f", file_sha256="0" * 64, file_bytes=1, status="checked")
    import_compare.stage(
        session, ((number, 0, key_of(one), facts_of(one, unknown)) for number, one in enumerate(records, 2))
    )
    counts = import_compare.compare(session, batch, kind)
    stamp = {"source": source, "date": "2026-11-01", "batch": batch}
    values = {"source": source, "source_date": "2026-11-01", "licence": "CC", "stamp": json.dumps(stamp)}
    APPLY[kind](session, batch, values)
    return batch, counts


def _row(session, statement, **values):
    return session.execute(text(statement), values).mappings().one()


SCHOOL = SchoolRecord(
    "S-1",
    name_ky="Ак-Терек мектеби",
    location=shapely.Point(74.61234567, 42.81234567),
    kind="secondary",
    languages=("ky", "ru"),
    pupils=400,
    shift_pupils=(250, 150),
    opened_on=date(1976, 9, 1),
    other_codes={"emis": "0012"},
)


def test_a_school_is_stored_as_its_row_says_and_the_same_again_changes_nothing(session):
    _, first = _take_in(session, "schools", [SCHOOL])
    _, again = _take_in(session, "schools", [SCHOOL])

    assert (first, again) == ((1, 0, 0), (0, 0, 1))
    stored = _row(session, "SELECT *, ST_X(location) AS lon FROM school WHERE code = 'S-1'")
    assert stored["lon"] == pytest.approx(74.6123457)
    assert (stored["pupils"], stored["seats"], stored["ownership"]) == (400, None, "unknown")
    assert (stored["languages"], stored["shift_pupils"]) == (["ky", "ru"], [250, 150])
    assert stored["opened_on"] == date(1976, 9, 1)
    assert stored["source"] == "list 2025"
    assert stored["version"] == 1
    assert _row(session, "SELECT register, code FROM school_code") == {"register": "emis", "code": "0012"}


def test_a_row_that_does_not_state_a_field_leaves_it_and_a_word_makes_it_unknown(session):
    _take_in(session, "schools", [SCHOOL])
    _take_in(session, "schools", [SchoolRecord("S-1", name_ru="Школа")])
    kept = _row(session, "SELECT pupils, name_ky, name_ru, kind FROM school WHERE code = 'S-1'")
    _take_in(session, "schools", [SchoolRecord("S-1")], unknown=("pupils", "kind"))
    unknown = _row(session, "SELECT pupils, kind FROM school WHERE code = 'S-1'")

    assert dict(kept) == {"pupils": 400, "name_ky": "Ак-Терек мектеби", "name_ru": "Школа", "kind": "secondary"}
    assert dict(unknown) == {"pupils": None, "kind": "unknown"}


def test_a_changed_field_names_its_own_source_and_undo_brings_everything_back(session):
    _take_in(session, "schools", [SCHOOL], source="old list")
    before = _row(session, "SELECT * FROM school WHERE code = 'S-1'")
    changed = SchoolRecord("S-1", pupils=455, other_codes={"emis": "0013", "tax": "77"})
    batch, counts = _take_in(session, "schools", [changed], source="new list")
    after = _row(session, "SELECT * FROM school WHERE code = 'S-1'")

    assert counts == (0, 1, 0)
    assert (after["pupils"], after["source"], after["provenance"]["pupils"]["source"]) == (455, "old list", "new list")
    assert imports.changes(session, batch, "changed")[0].old == {"pupils": 400, "other_codes": {"emis": "0012"}}

    revert_schools(session, batch)
    restored = _row(session, "SELECT * FROM school WHERE code = 'S-1'")
    same = {name for name in before if name not in ("version", "updated_at")}
    assert {name: restored[name] for name in same} == {name: before[name] for name in same}
    assert restored["version"] == after["version"] + 1
    codes = session.execute(text("SELECT register, code FROM school_code ORDER BY 1")).all()
    assert [tuple(row) for row in codes] == [("emis", "0012")]


def test_undo_removes_what_was_added_and_names_what_rests_on_it(session):
    batch, _ = _take_in(session, "schools", [SCHOOL])
    free = import_obstacles.find_obstacles(session, batch, "schools")
    _take_in(session, "buildings", [BuildingRecord("B-1", "S-1", building_type="KG-ADB")])
    held = import_obstacles.find_obstacles(session, batch, "schools")

    assert free == []
    assert [(one.kind, one.reference, one.count) for one in held] == [("building", "B-1", 1)]

    later, _ = _take_in(session, "schools", [SchoolRecord("S-1", pupils=1)])
    kinds = {(one.kind, one.reference) for one in import_obstacles.find_obstacles(session, batch, "schools")}
    assert ("batch", str(later)) in kinds


def test_a_building_follows_its_school_and_comes_back(session):
    make_school(session, code="S-9")
    building = BuildingRecord(
        "B-9",
        "S-9",
        building_type="KG-ADB",
        area_m2=812.5,
        pounding=False,
        footprint=shapely.box(74.6, 42.8, 74.601, 42.801),
    )
    first, counts = _take_in(session, "buildings", [building])
    again = _take_in(session, "buildings", [building])[1]
    second, changed = _take_in(session, "buildings", [BuildingRecord("B-9", "S-9", building_type="KG-STN")])

    assert (counts, again, changed) == ((1, 0, 0), (0, 0, 1), (0, 1, 0))
    revert_buildings(session, second)
    stored = _row(session, "SELECT building_type, area_m2, pounding, batch_id FROM building WHERE code = 'B-9'")
    assert dict(stored) == {"building_type": "KG-ADB", "area_m2": 812.5, "pounding": False, "batch_id": first}
    revert_buildings(session, first)
    assert session.scalar(text("SELECT count(*) FROM building WHERE code = 'B-9'")) == 0


def _edition(session):
    edition = session.scalar(
        text("""
            INSERT INTO standard_edition (code, title_ky, title_ru, title_en, status, sha256, is_current)
            VALUES ('t', 'а', 'б', 'c', 'draft', '0', true) RETURNING id
        """)
    )
    for code, group, scope in (("STR-01", "physical", "building"), ("PRO-01", "protection", "school")):
        session.execute(
            text("""
                INSERT INTO criterion (edition_id, code, domain_code, position, text_ky, text_ru, text_en, scope,
                    weight, is_critical, grouping, field_class)
                VALUES (:edition, :code, 'X', 1, 'а', 'б', 'c', :scope, 1, false, :group, 'public')
            """),
            {"edition": edition, "code": code, "group": group, "scope": scope},
        )


def test_protection_answers_go_to_their_own_table_and_visits_are_made_once(session):
    _edition(session)
    make_school(session, code="S-5")
    _take_in(session, "buildings", [BuildingRecord("B-5", "S-5")])
    day = date(2025, 5, 6)
    answers = [
        AnswerRecord("S-5", "STR-01", "fails", day, building_code="B-5"),
        AnswerRecord("S-5", "PRO-01", "meets", day, note="guard"),
    ]
    batch, counts = _take_in(session, "answers", answers)
    again = _take_in(session, "answers", answers)[1]

    assert (counts, again) == ((2, 0, 0), (0, 0, 2))
    assert session.scalar(text("SELECT count(*) FROM assessment")) == 1
    assert _row(session, "SELECT state FROM answer")["state"] == "fails"
    assert _row(session, "SELECT state, note FROM restricted_answer") == {"state": "meets", "note": "guard"}

    later, changed = _take_in(session, "answers", [AnswerRecord("S-5", "STR-01", "partly", day, building_code="B-5")])
    assert changed == (0, 1, 0)
    assert import_obstacles.find_obstacles(session, batch, "answers")[0].reference == str(later)
    revert_answers(session, later)
    assert _row(session, "SELECT state, batch_id FROM answer") == {"state": "fails", "batch_id": batch}
    revert_answers(session, batch)
    for table in ("answer", "restricted_answer", "assessment"):
        assert session.scalar(text(f"SELECT count(*) FROM {table}")) == 0


def _area(code, level, parent, box=None, **values):
    geometry = shapely.box(*box) if box else None
    kind = ("country", "oblast", "rayon", "aiyl_aimak")[level]
    values = {"name_ky": f"{code} аймагы"} | values
    return AreaRecord(code, level, kind, parent, geometry=geometry, **values)


def test_areas_find_parents_in_their_own_file_keep_former_names_and_come_back(session):
    file = [
        _area("41702205", 2, "41702", (1, 0, 2, 1)),
        _area("41702", 1, "417", (0, 0, 2, 1)),
        _area("417", 0, None),
        _area("41702210", 2, "41702", (0, 0, 1, 1)),
    ]
    _take_in(session, "areas", file)
    renamed, counts = _take_in(session, "areas", [_area("41702205", 2, "41702", (1, 0, 2, 0.9), name_ky="Жаңы")])
    found = _row(session, "SELECT name_ky, former_names FROM area WHERE code = '41702205'")

    assert counts == (0, 1, 0)
    assert found == {"name_ky": "Жаңы", "former_names": ["41702205 аймагы"]}
    parent = _row(session, "SELECT p.code FROM area a JOIN area p ON p.id = a.parent_id WHERE a.code = '41702205'")
    assert parent["code"] == "41702"

    revert_areas(session, renamed)
    back = _row(
        session,
        """
        SELECT name_ky, former_names, ST_Area(geom) AS size
        FROM area JOIN area_boundary ON area_id = id WHERE code = '41702205'
        """,
    )
    assert back == {"name_ky": "41702205 аймагы", "former_names": [], "size": 1.0}


def test_simplified_neighbours_keep_a_common_border(session):
    wave = [(0.5 + 0.004 * (i % 2), i / 200) for i in range(201)]
    left = shapely.Polygon([(0, 0), *wave, (0, 1)])
    right = shapely.Polygon([*wave, (1, 1), (1, 0)])
    _take_in(
        session,
        "areas",
        [
            AreaRecord("A1", 1, "oblast", None, name_ky="а", geometry=left),
            AreaRecord("A2", 1, "oblast", None, name_ky="б", geometry=right),
        ],
    )

    area_outlines.simplify_levels(session, [1])

    found = _row(
        session,
        """
        SELECT sum(ST_NPoints(geom_low)) AS points, ST_Area(ST_Union(geom_low)) AS joined,
            sum(ST_Area(geom_low)) AS apart, sum(ST_NPoints(geom)) AS before FROM area_boundary
        """,
    )
    assert found["points"] < found["before"] / 5
    assert found["joined"] == pytest.approx(found["apart"], abs=1e-9)
    assert found["joined"] == pytest.approx(1.0, abs=1e-6)


def test_a_record_that_moved_since_the_check_is_named(session):
    _take_in(session, "schools", [SCHOOL])
    batch = imports.add_batch(session, kind="schools", file_name="f", file_sha256="0", file_bytes=1, status="checked")
    new = [SchoolRecord("S-1", pupils=1), SchoolRecord("S-2")]
    import_compare.stage(session, ((number, 0, key_of(one), facts_of(one)) for number, one in enumerate(new, 2)))
    import_compare.compare(session, batch, "schools")
    assert import_compare.moved_rows(session, batch, "schools") == []

    session.execute(text("UPDATE school SET version = version + 1 WHERE code = 'S-1'"))
    make_school(session, code="S-2")

    assert import_compare.moved_rows(session, batch, "schools") == [(2, "S-1"), (3, "S-2")]
