"""Travel times from a file: every wrong cell is told with its place, and a wrong unit is noticed."""

import pytest

from geodata.readers.travel import read_travel_times

HEAD = "code,target,target_name,minutes,km,source,source_date\n"
RIGHT = "S1,hospital,Osh,14,9.5,OSRM on OSM,2026-10-01\nS1,school,,6,,OSRM on OSM,2026-10-01\n"


def test_right_rows_are_read_and_what_may_be_empty_is_unknown():
    rows, problems = read_travel_times((HEAD + RIGHT).encode())

    assert problems == []
    assert [(row.target, row.target_name, row.minutes, row.km) for row in rows] == [
        ("hospital", "Osh", 14.0, 9.5), ("school", None, 6.0, None),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("S1,pharmacy,,5,,s,2026-10-01", "target"),
        ("S1,school,,-5,,s,2026-10-01", "minutes"),
        ("S1,school,,,3,s,2026-10-01", "minutes"),
        ("S1,school,,nan,,s,2026-10-01", "minutes"),
        ("S1,school,,840,9.5,s,2026-10-01", "minutes"),
        ("S1,school,,14,9500,s,2026-10-01", "km"),
        ("S1,school,,5,,,2026-10-01", "source"),
        ("S1,school,,5,,s,01.10.2026", "source_date"),
        (",school,,5,,s,2026-10-01", "code"),
    ],
    ids=["unknown target", "negative", "empty", "no number", "seconds", "metres", "no source", "day", "no school"],
)
def test_a_wrong_row_names_its_column(row, column):
    rows, problems = read_travel_times((HEAD + row + "\n").encode())

    assert rows == []
    assert [(problem.row, problem.column) for problem in problems] == [(2, column)]


def test_the_same_target_twice_and_other_files_are_refused():
    assert read_travel_times((HEAD + RIGHT + "S1,school,,7,,s,2026-10-01\n").encode())[1][0].row == 4
    assert read_travel_times(b"a;b\n1;2\n")[1][0].value == "missing"
    assert read_travel_times(b"\xff\xfe")[1][0].row is None
