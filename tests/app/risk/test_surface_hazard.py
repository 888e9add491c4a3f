"""Shaking at the surface: of maps of rock and of zones the greater one counts, and soil counts once."""

import numpy as np
import pytest

from app.risk.hazard_curve import curve_motion, curve_rates, surface_hazard, surface_motion
from app.risk.parameters import default_parameters

PARAMETERS = default_parameters()
UNKNOWN = np.nan
RATE = PARAMETERS["seismic.reference_rate"]


@pytest.mark.parametrize(
    ("rock", "msk", "soil", "expected"),
    [
        pytest.param(0.1, 9, 2, 0.40, id="the zone is worse"),
        pytest.param(0.27, 9, 2, 0.40, id="the zone is worse than rock x soil"),
        pytest.param(0.5, 8, 2, 0.60, id="rock x soil is worse"),
        pytest.param(UNKNOWN, 9, 2, 0.40, id="rock unknown, or decided against"),
        pytest.param(0.27, UNKNOWN, 2, 0.324, id="zone unknown, or decided against"),
        pytest.param(0.1, 9, 3, 0.40 * 1.4 / 1.2, id="a zone is drawn for soil II"),
        pytest.param(0.1, 9, 0, 0.40, id="unknown soil is soil II"),
        pytest.param(UNKNOWN, UNKNOWN, 2, UNKNOWN, id="nobody knows"),
    ],
)
def test_the_greater_of_zone_and_rock_on_soil_counts(rock, msk, soil, expected):
    found = surface_motion(np.array([rock]), np.array([msk]), np.array([soil]), PARAMETERS)

    assert found[0] == pytest.approx(expected, nan_ok=True)


def hazard(msk, soil=2, **rock):
    by_period = {int(name[1:]): np.array([value]) for name, value in rock.items()}
    return surface_hazard(by_period, np.array([msk]), np.array([soil]), PARAMETERS)


def test_a_worse_zone_raises_the_whole_curve_alike():
    alone = hazard(UNKNOWN, _100=0.1, _475=0.2, _2475=0.4)
    both = hazard(9, _100=0.1, _475=0.2, _2475=0.4)

    assert alone.a475_g[0] == pytest.approx(0.24)
    assert alone.curve_g[0] == pytest.approx([0.12, 0.24, 0.48])
    assert both.a475_g[0] == pytest.approx(0.40)
    assert both.curve_g[0] == pytest.approx([0.2, 0.4, 0.8])


def test_a_weaker_zone_leaves_the_curve():
    assert hazard(7, _100=0.1, _475=0.2, _2475=0.4).curve_g[0] == pytest.approx([0.12, 0.24, 0.48])


def test_a_curve_without_the_design_period_tells_its_motion_by_its_own_law():
    found = hazard(UNKNOWN, _100=0.1, _1000=0.3, _2475=0.4)
    rate = curve_rates(found.a475_g, found.curve_g, found.curve_rate)[0, 0]

    assert rate == pytest.approx(RATE)
    assert hazard(9, _100=0.1, _1000=0.3, _2475=0.4).a475_g[0] == pytest.approx(0.40)


def test_a_curve_that_does_not_rise_is_none_and_the_greater_single_value_counts():
    found = hazard(8, _100=0.3, _475=0.2, _2475=0.4)

    assert np.isnan(found.curve_g).all()
    assert found.a475_g[0] == pytest.approx(0.24)


@pytest.mark.parametrize("period", [50, 100, 300, 475, 2475, 5000])
def test_the_motion_of_a_rate_is_the_inverse_of_the_curve(period):
    curve, rates = np.array([[0.1, 0.2, 0.4]]), 1 / np.array([100.0, 475.0, 2475.0])
    motion = curve_motion(curve, rates, 1 / period)

    assert curve_rates(motion, curve, rates)[0, 0] == pytest.approx(1 / period)
