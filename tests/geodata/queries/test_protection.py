"""Counts of the protection group: small numbers and what would tell them are hidden; who may see has them in full."""

from __future__ import annotations

from datetime import date

from sqlalchemy import text

from geodata.models import Area, Criterion, Run
from geodata.queries import protection
from geodata.readers.aggregates import read_counted_protection
from tests.factories.officers import become, become_everybody, make_officer
from tests.factories.runs import make_result, make_run
from tests.factories.schools import make_school

CODES, LEAST = ("SOC-02",), 10
NEW = "FROM school WHERE code LIKE 'P%' AND CAST(substr(code, 2) AS integer) BETWEEN :first AND :last"
ADD = (
    """
        INSERT INTO school (code, name_ky)
        SELECT 'P' || n, 'Мектеп' FROM generate_series(CAST(:first AS integer), CAST(:last AS integer)) AS n
    """,
    f"""
        INSERT INTO school_area (school_id, area_id, level)
        SELECT made.id, area.id, area.level FROM ({f"SELECT id {NEW}"}) AS made JOIN area ON area.id = ANY (:areas)
    """,
    f"""
        INSERT INTO school_result
        SELECT (jsonb_populate_record(like_it, jsonb_build_object('school_id', school.id, 'national_rank', 1))).*
        FROM school_result AS like_it, ({f"SELECT id {NEW}"}) AS school
        WHERE like_it.run_id = :run AND like_it.school_id = (SELECT id FROM school WHERE code = 'P0')
    """,
    f"""
        INSERT INTO assessment (school_id, edition_id, kind, assessed_on, status)
        SELECT id, :edition, 'self', DATE '2026-05-01', 'published' {NEW}
    """,
    f"""
        INSERT INTO restricted_answer (assessment_id, criterion_id, state)
        SELECT
            assessment.id, :criterion,
            CASE WHEN CAST(substr(made.code, 2) AS integer) <= :met THEN 'meets' ELSE 'fails' END
        FROM assessment JOIN ({f"SELECT id, code {NEW}"}) AS made ON made.id = assessment.school_id
    """,
)


class Country:
    """Rayons of one oblast with schools that meet or fail a requirement of protection; numbers are cumulative."""

    def __init__(self, session, rayons, code="SOC-02"):
        self.session = session
        self.country = self._area("KG", 0, None)
        self.oblast = self._area("O", 1, self.country)
        self.other = self._area("P", 1, self.country)
        self.rayons = {name: self._area(name, 2, self.oblast) for name in rayons}
        self.run = make_run(session, "a" * 64, data_date=date(2026, 6, 1))
        self.edition_id = self.run.edition_id
        self.criterion = Criterion(
            edition_id=self.edition_id, code=code, domain_code="SOC", position=1, text_ky="к", text_ru="к.",
            text_en="c", scope="school", weight=1, is_critical=False, grouping="protection", field_class="restricted",
        )  # fmt: skip
        session.add(self.criterion)
        session.flush()
        make_result(session, self.run, make_school(session, code="P0"), 1)  # lies nowhere; the others are made like it
        self.number = 0
        for name, (meets, fails) in rayons.items():
            self.add((self.country, self.oblast, self.rayons[name]), meets, fails)
        self.add((self.country, self.other), 50, 50)

    def _area(self, code, level, parent):
        kind = ("country", "oblast", "rayon")[level]
        area = Area(code=code, level=level, kind=kind, name_ky=code, parent_id=parent.id if parent else None)
        self.session.add(area)
        self.session.flush()
        return area

    def add(self, areas, meets, fails):
        """Add schools with an answer, all at once."""
        first, self.number = self.number + 1, self.number + meets + fails
        values = {
            "first": first, "last": self.number, "met": first + meets - 1, "areas": [one.id for one in areas],
            "run": self.run.id, "edition": self.edition_id, "criterion": self.criterion.id,
        }  # fmt: skip
        for statement in ADD:
            self.session.execute(text(statement), values)

    def again(self):
        """Make another ranking of the schools there are."""
        former = self.run
        same = ("canonical", "scheme", "edition_id", "code_version", "school_count", "ranked_count", "is_published")
        self.run = Run(hash="b" * 64, data_date=date(2026, 7, 1), **{name: getattr(former, name) for name in same})
        self.session.add(self.run)
        self.session.flush()
        self.session.execute(
            text("""
                INSERT INTO school_result
                SELECT (jsonb_populate_record(old, jsonb_build_object('run_id', CAST(:later AS bigint)))).*
                FROM school_result AS old WHERE run_id = :former
            """),
            {"later": self.run.id, "former": former.id},
        )

    def shown(self, officer=None):
        """Return what somebody signed in is shown, by area."""
        become(self.session, officer or make_officer(self.session, "council"))
        lines = protection.counts_by_area(self.session, self.run.id, self.criterion.id)
        become_everybody(self.session)
        return {line.code: (line.known, line.meets) for line in lines}


def test_a_side_below_ten_is_hidden_and_the_smallest_other_with_it(session):
    made = Country(session, {"A": (15, 20), "B": (30, 30), "C": (12, 3)})
    protection.store_counts(session, made.run.id, CODES, LEAST)

    # C has three that fail. From the oblast's 57 of 110 less A and B it could be told, so A, the smallest, goes too.
    assert made.shown() == {
        "KG": (210, 107), "O": (110, 57), "P": (100, 50), "A": (None, None), "B": (60, 30), "C": (None, None),
    }  # fmt: skip


def test_hidden_ones_that_protect_each_other_take_no_third(session):
    made = Country(session, {"A": (15, 20), "C": (8, 7), "D": (6, 9)})
    protection.store_counts(session, made.run.id, CODES, LEAST)

    shown = made.shown()

    # 14 meet and 16 do not in C and D together: that is no small number.
    assert (shown["A"], shown["C"], shown["D"]) == ((35, 15), (None, None), (None, None))


def test_a_unit_that_is_hidden_hides_its_parts(session):
    made = Country(session, {"A": (11, 11), "B": (11, 11)})
    made.add((made.country, made._area("Q", 1, made.country)), 3, 30)
    protection.store_counts(session, made.run.id, CODES, LEAST)

    shown = made.shown()

    assert shown["Q"] == (None, None)
    assert shown["O"] == (None, None)  # the smallest oblast that is safe by itself
    assert (shown["A"], shown["B"], shown["P"]) == ((None, None), (None, None), (100, 50))


def test_a_number_moves_by_ten_or_not_at_all(session):
    made = Country(session, {"A": (15, 20), "B": (30, 30)})
    protection.store_counts(session, made.run.id, CODES, LEAST)
    made.again()
    made.add((made.country, made.oblast, made.rayons["A"]), 1, 0)
    made.add((made.country, made.oblast, made.rayons["B"]), 12, 0)
    protection.store_counts(session, made.run.id, CODES, LEAST)

    shown = made.shown()

    assert (shown["A"], shown["B"]) == ((35, 15), (72, 42))


def test_who_may_see_has_their_territory_in_full_and_the_rest_as_everybody(session):
    made = Country(session, {"A": (15, 20), "B": (30, 30), "C": (12, 3)})
    protection.store_counts(session, made.run.id, CODES, LEAST)

    own = made.shown(officer=make_officer(session, "department", area=made.rayons["C"]))
    all_of_oblast = made.shown(officer=make_officer(session, "analyst", area=made.oblast))

    assert (own["C"], own["A"]) == ((15, 12), (None, None))
    assert (all_of_oblast["C"], all_of_oblast["A"], all_of_oblast["KG"]) == ((15, 12), (35, 15), (210, 107))


def test_visitors_read_neither_table_and_nobody_lowers_the_threshold(session):
    made = Country(session, {"A": (15, 20), "C": (12, 3)})
    protection.store_counts(session, made.run.id, CODES, 1)

    become(session, None)
    open_rows = [
        session.scalar(text(f"SELECT count(*) FROM {name}")) for name in ("protection_count", "protection_shown")
    ]
    become_everybody(session)

    assert open_rows == [0, 0]
    assert made.shown()["C"] == (None, None)


def test_guards_alarms_and_cameras_are_counted_for_nobody_else(session):
    counted = read_counted_protection()
    made = Country(session, {"A": (15, 20)}, code="SEC-01")
    protection.store_counts(session, made.run.id, counted.codes, counted.least)

    assert [code for code in counted.codes if not code.startswith("SOC-")] == []
    assert counted.least == 10
    assert made.shown() == {}
    assert made.shown(officer=make_officer(session, "analyst"))["A"] == (35, 15)
