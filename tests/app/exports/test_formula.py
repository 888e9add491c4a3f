"""A reader recomputes the priority of each school from the file alone: raw values, weights and anchors."""

import math

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy.orm import Session

from app.exports.exporter import find_exporter
from app.exports.formats.pdf_list import list_data
from app.workflows.export_list import describe_list, find_run, write_list
from app.workflows.run_formula import formula_of
from geodata.database import make_engine, open_session
from geodata.models import Run
from geodata.records.priority import ListFilter

OBLAST = "41707000000000"


@pytest.fixture
def reading(demonstration):
    engine = make_engine(demonstration.url("mektep_web"))
    with open_session(engine, "public") as session:
        yield session
    engine.dispose()


def value(x, weight_row):
    _part, _meaning, _weight, zero, one, _unit, words = weight_row
    if "LN(" in words:
        return 0.0 if x <= 0 else min(1.0, max(0.0, math.log(x / zero) / math.log(one / zero)))
    return min(1.0, max(0.0, (x - zero) / (one - zero)))


def test_priorities_are_recomputed_from_the_workbook(reading: Session, tmp_path):
    write_list(
        reading, find_run(reading, None), ListFilter(area=OBLAST), find_exporter("xlsx"), "en", tmp_path / "list.xlsx"
    )
    book = CalamineWorkbook.from_path(str(tmp_path / "list.xlsx"))
    heading, *schools = book.get_sheet_by_name("List").to_python()
    table = book.get_sheet_by_name("Formula and weights").to_python()
    parts = [row for row in table[1:] if str(row[0])[:2] in {f"C{number}" for number in range(1, 9)}]

    assert len(parts) == 8
    assert sum(row[2] for row in parts) == pytest.approx(1)
    raw = [next(at for at, label in enumerate(heading) if label.startswith(f"{row[0][:2]}:")) for row in parts]
    listed = heading.index("Priority")
    for school in schools:
        found = sum(
            100 * row[2] * (0.5 if school[at] == "" else value(school[at], row))
            for at, row in zip(raw, parts, strict=True)
        )
        assert found == pytest.approx(school[listed], abs=1e-6), school
    assert len(schools) > 100


@pytest.mark.parametrize("language", ["ky", "ru", "en"])
def test_the_printed_list_states_formula_interval_and_confidence(reading: Session, language):
    run = find_run(reading, None)
    found = list_data(describe_list(reading, run, ListFilter(area=OBLAST), language))

    assert [row[2] for row in found["formula_rows"]] == ["0.30", "0.15", "0.08", "0.20", "0.10", "0.07", "0.05", "0.05"]
    assert any("1" in sentence and "000" in sentence for sentence in found["formula"]), "the number of draws"
    rank, confidence = found["rows"][0][0], found["rows"][0][-2]
    assert "(" in rank
    assert "–" in rank
    assert (
        confidence
        in {
            "ky": {"жогору", "жетиштүү", "чектелүү", "төмөн"},
            "ru": {"высокая", "достаточная", "ограниченная", "низкая"},
            "en": {"high", "sufficient", "limited", "low"},
        }[language]
    )


def test_a_run_of_other_anchors_states_no_formula():
    stated = (
        '{"scheme":{"weights":{"C1":"1.00"}},"parameters":{"criteria_weights.csv":"00","method_constants.csv":"00"}}'
    )
    assert formula_of(Run(canonical=stated)) is None
    assert formula_of(Run(canonical="not JSON")) is None
