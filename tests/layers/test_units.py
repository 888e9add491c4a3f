"""Another unit than the manifest's shows in the numbers."""

import pytest

from layers.units import wrong_unit


@pytest.mark.parametrize(
    ("quantity", "least", "greatest", "fits"),
    [
        ("pga_g", 5.0, 45.0, ("% g", "cm/s²")),
        ("pga_g", 49.0, 441.0, ("cm/s²",)),
        ("pga_g", 2.60, 2.86, ("m/s²",)),
        ("pga_g", 100.0, 294.0, ("cm/s²",)),
        ("pga_g", 1.0, 4.4, ("% g", "m/s²")),
        ("pga_g", 5.0, 2000.0, ()),
        ("pga_g", -9999.0, 0.4, ()),
        ("pga_g", 0.00005, 0.00045, ()),
        ("msk", 0.0, 9.0, ()),
        ("depth_m", 0.0, 250.0, ("cm", "mm")),
        ("depth_m", 0.0, 2500.0, ("mm",)),
        ("depth_m", -9999.0, 2.0, ()),
        ("temperature_c", 235.0, 268.0, ("K",)),
        ("temperature_c", -380.0, -110.0, ()),
        ("days", -9999.0, 60.0, ()),
    ],
    ids=[
        "percent of g",
        "cm/s2",
        "m/s2",
        "294 is no percent",
        "two units fit",
        "none fits",
        "no data as a number",
        "kilo-g",
        "zone 0",
        "centimetres",
        "millimetres",
        "depth of no data",
        "kelvin",
        "tenths of a degree",
        "days of no data",
    ],
)
def test_values_that_cannot_be_in_the_unit_are_told(quantity, least, greatest, fits):
    assert wrong_unit(quantity, least, greatest).fits == fits


@pytest.mark.parametrize(
    ("quantity", "least", "greatest"),
    [
        ("pga_g", 0.0, 0.7),
        ("msk", 5.0, 9.0),
        ("depth_m", 0.0, 8.0),
        ("value", -5.0, 1e9),
        ("temperature_c", -41.0, -6.0),
        ("pga_g", None, None),
    ],
)
def test_what_can_be_is_taken(quantity, least, greatest):
    assert wrong_unit(quantity, least, greatest) is None


@pytest.mark.parametrize(
    ("greatest", "period", "doubt"),
    [
        pytest.param(0.55, 475, False, id="the strongest zone"),
        pytest.param(0.9, 475, True, id="above the strongest zone"),
        pytest.param(0.9, None, True, id="period not stated"),
        pytest.param(0.9, 2475, False, id="a longer period shakes more"),
        pytest.param(0.02, 475, True, id="below the weakest zone"),
    ],
)
def test_what_a_map_hardly_shows_is_doubtful_and_not_refused(greatest, period, doubt):
    found = wrong_unit("pga_g", 0.001, greatest, period)

    assert (found is not None) == doubt
    assert found is None or found.is_doubtful


def test_a_longer_period_has_its_own_limit():
    assert not wrong_unit("pga_g", 0.1, 2.0, 475).is_doubtful
    assert wrong_unit("pga_g", 0.1, 2.0, 2475).is_doubtful
    assert not wrong_unit("pga_g", 0.1, 4.0, 2475).is_doubtful


def test_a_depth_that_is_hardly_in_metres_is_doubtful():
    found = wrong_unit("depth_m", 0.0, 18.0)

    assert (found.is_doubtful, found.fits, found.high) == (True, ("cm", "mm"), 10)
