"""No constant of the risk method hides in code: a number is a parameter row, or named here with its reason."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOM = Path(__file__).resolve().parents[2] / "app" / "risk"
EVERYWHERE = {0, 1, 2, 0.5}
"""Neutral elements, halves and squares; indices in brackets are not looked at, minus signs stand apart."""

SHAPE = "a size: bounds central, lower, upper; five bounds with the models; three outputs"
LEVELS = "a number of levels, states, grades or severities"
EXCEPTIONS: dict[str, dict[float, str]] = {
    "building_risk.py": {3: SHAPE, 5: SHAPE, 16_384: "rows a step, so that arrays stay in the cache"},
    "damage.py": dict.fromkeys((3, 6, 7), "power, grades and their edges of model F3"),
    "event.py": {6371: "radius of the earth, km", 12: "highest degree of MSK-64"},
    "hazard_draws.py": {1e-9: "tolerance of a comparison of floating numbers"},
    "hazard_curve.py": {
        3: "least points of a curve",
        10: "stands for the zone '>9' of the table",
        1e-9: "tolerance of a comparison of floating numbers",
    },
    "measures.py": {64: "entries of a cache"},
    "other_hazards.py": {3: SHAPE, 4: LEVELS, 1e-9: "tolerance of a comparison of floating numbers"},
    "parameter_checks.py": {1e-9: "tolerance of a comparison of floating numbers"},
    "parameters.py": {4: LEVELS, 5: LEVELS, 6: LEVELS, 10: "stands for the zone '>9' of the table"},
    "people.py": {8760: "hours of a year"},
    "rapid_screening.py": {
        3: "soil class III, storeys of the form's modifiers, and counts of constants",
        10: "the score is a decimal logarithm",
    },
    "moved.py": {
        1.645: "standard deviations that hold nine of ten draws of a normal law",
        1.6: "method 14a: V moves by 0.16 log2(1/g) / log2(1.6)",
    },
    "risk_draws.py": {128: "draws a step"},
    "risk_state.py": {3: "axes of a table", 1.001: "keeps the last cell of a table inside it"},
    "road_network.py": {
        10_000_000: "vertices agree to a centimetre",
        31: "bits: two numbers below 2^31 in one",
        1e-9: "an arc of no length is still an arc",
        1000: "metres a kilometre",
        60: "minutes an hour",
    },
    "vulnerability.py": {
        3: SHAPE,
        64: "entries of a cache",
        256: "entries of a cache",
    },
    "ways.py": {
        20: "minutes of a first search; what it misses is searched farther, so that no answer depends on it",
        90: "minutes of a second search",
        64: "places a step, so that memory is bounded",
        9999: "what scipy writes where no way leads",
    },
}


def numbers_of(path: Path) -> dict[float, int]:
    """Return each number that stands in code outside brackets of an index, with a line where it stands."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    indexed = {
        id(inner) for node in ast.walk(tree) if isinstance(node, ast.Subscript) for inner in ast.walk(node.slice)
    }
    return {
        node.value: node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, int | float)
        and not isinstance(node.value, bool)
        and id(node) not in indexed
    }


@pytest.mark.parametrize("path", sorted(ROOM.glob("*.py")), ids=lambda path: path.stem)
def test_every_number_of_the_risk_room_is_a_parameter_or_has_a_reason(path):
    allowed = EVERYWHERE | set(EXCEPTIONS.get(path.name, {}))

    hidden = {number: line for number, line in numbers_of(path).items() if number not in allowed}

    assert hidden == {}


def test_no_exception_is_left_over():
    for name, reasons in EXCEPTIONS.items():
        assert set(reasons) <= set(numbers_of(ROOM / name)), name
        assert all(reasons.values()), name


def test_a_hidden_number_would_be_found(tmp_path):
    path = tmp_path / "hidden.py"
    path.write_text("RATE = 1 / 475\nFIRST = values[17]\n", encoding="utf-8")

    assert set(numbers_of(path)) - EVERYWHERE == {475}
