"""Another unit than the manifest's shows in the numbers."""

import pytest

from layers.units import wrong_unit


@pytest.mark.parametrize(
    ("quantity", "least", "greatest", "looks_like"),
    [
        ("pga_g", 5.0, 45.0, "% g"),
        ("pga_g", 49.0, 441.0, "cm/s²"),
        ("pga_g", -9999.0, 0.4, ""),
        ("pga_g", 0.00005, 0.00045, ""),
        ("msk", 0.0, 9.0, ""),
        ("depth_m", 0.0, 250.0, ""),
        ("temperature_c", 235.0, 268.0, "K"),
        ("temperature_c", -380.0, -110.0, ""),
        ("days", -9999.0, 60.0, ""),
    ],
    ids=[
        "percent of g", "cm/s2", "no data as a number", "kilo-g", "zone 0", "centimetres", "kelvin", "tenths of a degree",
        "days of no data",
    ],
)
def test_values_that_cannot_be_in_the_unit_are_told(quantity, least, greatest, looks_like):
    assert wrong_unit(quantity, least, greatest).looks_like == looks_like


@pytest.mark.parametrize(
    ("quantity", "least", "greatest"),
    [("pga_g", 0.0, 0.9), ("msk", 5.0, 9.0), ("depth_m", 0.0, 12.0), ("value", -5.0, 1e9), ("temperature_c", -41.0, -6.0), ("pga_g", None, None)],
)
def test_what_can_be_is_taken(quantity, least, greatest):
    assert wrong_unit(quantity, least, greatest) is None
