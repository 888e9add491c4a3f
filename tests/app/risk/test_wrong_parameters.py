"""A parameter table that says what cannot be is refused by the name of what is wrong."""

from __future__ import annotations

import pytest

from app.risk.errors import InvalidParameterError, MissingParameterError, UnknownBuildingTypeError
from app.risk.parameters import parameters_of
from geodata.readers.parameter_tables import ParameterTables, read_parameter_tables


def altered(table, wanted, **values):
    """Return the tables with ``values`` in the rows of ``table`` where ``wanted`` holds."""
    tables = read_parameter_tables()
    rows = [
        {**row, **values} if all(row[name] == value for name, value in wanted.items()) else row
        for row in tables.rows[table]
    ]
    assert rows != tables.rows[table]
    return ParameterTables({**tables.rows, table: rows}, tables.sha256)


ADOBE = {"building_type": "KG-ADB", "model": "F1-HAZUS-PGA"}


@pytest.mark.parametrize(
    ("tables", "error", "message"),
    [
        pytest.param(
            altered("fragility", {**ADOBE, "damage_state": "moderate"}, median_pga_g="0.5"),
            InvalidParameterError,
            "F1 KG-ADB: the median of extensive, 0.146 g, is not above that of moderate, 0.5 g",
            id="medians out of order",
        ),
        pytest.param(
            altered("fragility", {**ADOBE, "damage_state": "slight"}, median_pga_g="0"),
            InvalidParameterError,
            "slight is not positive",
            id="a median of 0",
        ),
        pytest.param(
            altered("fragility", {**ADOBE, "damage_state": "complete"}, beta="-0.6"),
            InvalidParameterError,
            "beta of complete",
            id="a negative spread",
        ),
        pytest.param(
            altered("fragility", {**ADOBE, "damage_state": "complete"}, building_type="KG-NONE"),
            UnknownBuildingTypeError,
            "KG-NONE",
            id="an unknown type",
        ),
        pytest.param(
            altered("method_constants", {"name": "model_weight.F3"}, default="0.5"),
            InvalidParameterError,
            "sum to 1.1",
            id="model weights that do not sum to 1",
        ),
        pytest.param(
            altered("loss_ratios", {"model": "HAZUS-EDU1", "damage_state": "moderate"}, loss_ratio="0.6"),
            InvalidParameterError,
            "heavier state",
            id="losses out of order",
        ),
        pytest.param(
            altered("hazard_other_levels", {"hazard": "flood", "level": "2"}, annual_rate_default="-0.01"),
            InvalidParameterError,
            "flood, level 2",
            id="a negative rate",
        ),
        pytest.param(
            altered("hazard_other_levels", {"hazard": "flood", "level": "2"}, annual_rate_default="0.5"),
            InvalidParameterError,
            "not within its range",
            id="a rate outside its range",
        ),
    ],
)
def test_a_wrong_table_is_refused_by_name(tables, error, message):
    with pytest.raises(error, match=message):
        parameters_of(tables)


def test_a_missing_state_is_told():
    tables = read_parameter_tables()
    rows = [
        row for row in tables.rows["fragility"] if (row["building_type"], row["damage_state"]) != ("KG-ADB", "slight")
    ]

    with pytest.raises(MissingParameterError, match="lacks a model or a damage state"):
        parameters_of(ParameterTables({**tables.rows, "fragility": rows}, tables.sha256))
