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


@pytest.mark.parametrize(
    ("table", "wanted", "values", "message"),
    [
        pytest.param(
            "method_constants",
            {"name": "seismic.k"},
            {"default": "-2.3"},
            "method_constants\\.csv, row seismic\\.k: -2\\.3 is not above 0",
            id="a falling power law turned round",
        ),
        pytest.param(
            "method_constants",
            {"name": "seismic.k"},
            {"default": "23"},
            "row seismic\\.k: default 23 is not within its range 1\\.8 to 2\\.7; correct",
            id="a slip of the point",
        ),
        pytest.param(
            "method_constants",
            {"name": "occupancy.attendance"},
            {"default": "93"},
            "row occupancy\\.attendance: 93 is no share from 0 to 1",
            id="attendance in percent",
        ),
        pytest.param(
            "method_constants",
            {"name": "soil.II"},
            {"default": "-1.2"},
            "row soil\\.II: -1\\.2 is not above 0",
            id="negative soil",
        ),
        pytest.param(
            "method_constants",
            {"name": "soil.II"},
            {"default": "1.9"},
            "row soil\\.III: 1\\.4 does not lie above 1\\.9 of soil\\.II",
            id="soils out of order",
        ),
        pytest.param(
            "method_constants",
            {"name": "replacement.som_per_m2"},
            {"default": "-80000"},
            "row replacement\\.som_per_m2: -80000",
            id="a negative price",
        ),
        pytest.param(
            "method_constants",
            {"name": "priority.unknown_value"},
            {"default": "50"},
            "row priority\\.unknown_value: 50 is no share",
            id="unknown in percent",
        ),
        pytest.param(
            "method_constants",
            {"name": "conformity.cut_critical"},
            {"default": "70"},
            "row conformity\\.cut_non_conforming: 60 does not lie above 70",
            id="class cuts out of order",
        ),
        pytest.param(
            "method_constants",
            {"name": "confidence.width_3"},
            {"default": "0.5"},
            "row confidence\\.width_2",
            id="widths out of order",
        ),
        pytest.param(
            "method_constants",
            {"name": "uncertainty.zone_sigma"},
            {"default": "nan"},
            "row uncertainty\\.zone_sigma",
            id="no number",
        ),
        pytest.param(
            "casualty_rates",
            {"model": "HAZUS-indoor", "group": "URM", "damage_state": "complete_collapse"},
            {"S4_death": "1.5"},
            "casualty_rates\\.csv, row URM complete_collapse: 0\\.4, 0\\.2, 0\\.05, 1\\.5 are no shares",
            id="a casualty rate above 1",
        ),
        pytest.param(
            "casualty_rates",
            {"model": "HAZUS-indoor", "group": "URM", "damage_state": "extensive"},
            {"S2_hospital": "0.0001"},
            "row URM extensive: fewer casualties than in moderate",
            id="casualties fall",
        ),
        pytest.param(
            "hazard_seismic_levels",
            {"msk_zone": "8"},
            {"pga475_design_g": "20"},
            "hazard_seismic_levels\\.csv, row 9: 0\\.4 g does not lie above",
            id="MSK 8 of 20 g",
        ),
        pytest.param(
            "hazard_seismic_levels",
            {"msk_zone": "8"},
            {"pga475_design_g": "0.09"},
            "row 8: 0\\.09 g does not lie above",
            id="MSK 8 below MSK 7",
        ),
        pytest.param(
            "hazard_seismic_levels",
            {"msk_zone": ">9"},
            {"pga475_design_g": "20"},
            "row >9 20: pga475_design_g 20 is not within its range 0\\.4 to 0\\.8",
            id="the strongest zone of 20 g",
        ),
    ],
)
def test_a_value_that_cannot_be_is_refused_with_table_row_value_and_what_to_do(table, wanted, values, message):
    with pytest.raises(InvalidParameterError, match=message):
        parameters_of(altered(table, wanted, **values))


def test_a_stated_low_of_nothing_is_a_bound_and_a_missing_one_is_the_default():
    values = parameters_of(read_parameter_tables())

    assert values.bounds["casualty.weight_S2"] == (0.0, 0.05)
    assert values.bounds["casualty.weight_S1"] == (0.0, 0.01)
    assert values.bounds["seismic.grid_points"] == (200, 200)


def test_a_missing_state_is_told():
    tables = read_parameter_tables()
    rows = [
        row for row in tables.rows["fragility"] if (row["building_type"], row["damage_state"]) != ("KG-ADB", "slight")
    ]

    with pytest.raises(MissingParameterError, match="lacks a model or a damage state"):
        parameters_of(ParameterTables({**tables.rows, "fragility": rows}, tables.sha256))
