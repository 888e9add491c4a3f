"""No constant of the risk method hides in code: a number is a parameter row, or named here with its reason."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from geodata.readers.parameter_tables import read_parameter_tables

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
    "type_priors.py": {9: "last year of a decade", 10: "years of a decade"},
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


ROOT = ROOM.parents[1]
CODE = [path for room in ("app", "geodata", "layers", "scripts") for path in sorted((ROOT / room).rglob("*.py"))]
EVIDENCE = {
    "hazard_curve_shape": "computations behind the range of seismic.k",
    "intensity_pga_relations": "relations behind seismic.reference_*, others for comparison",
    "kr_context": "facts and their links for the method's page",
    "construction_cost_evidence": "projects behind replacement.som_per_m2",
    "p154_seismicity_regions": "how zones and regions were matched, behind p154.moderate_msk",
    "occupancy": "sources behind occupancy.*",
    "risk_classes": "labels of loss, which the method does not show",
    "downtime_days": "days of repair, which the method counts in no benefit",
}
"""Tables that stand behind rows of others: shown and cited, computed with by nothing."""


def texts_of_code():
    """Return every text constant of the code; the fixed parts of f-strings as beginnings (``name.*``)."""
    exact, beginnings = set(), set()
    for path in CODE:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                exact.add(node.value)
            if isinstance(node, ast.JoinedStr) and node.values and isinstance(node.values[0], ast.Constant):
                beginnings.add(str(node.values[0].value))
    return exact, {text for text in beginnings if "." in text}


def unread(names, exact, beginnings):
    """Return the names that no text of the code is, or begins (``f"uncertainty.{name}"``)."""
    known = tuple(beginnings | {text for text in exact if "." in text and text.endswith("_")})
    return {name for name in names if name not in exact and not name.startswith(known)}


def test_every_row_of_the_constants_is_read_by_something():
    exact, beginnings = texts_of_code()
    names = [row["name"] for row in read_parameter_tables().rows["method_constants"]]

    assert unread(names, exact, beginnings) == set()
    assert unread(["seismic.nobody", "nobody.reads"], exact, beginnings) == {"seismic.nobody", "nobody.reads"}


def test_every_table_is_read_or_says_that_it_is_evidence():
    exact, _beginnings = texts_of_code()
    tables = set(read_parameter_tables().rows)
    read = {name for name in tables if name in exact}

    assert tables - read == set(EVIDENCE) - read
    assert set(EVIDENCE) <= tables
