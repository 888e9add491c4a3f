"""Maps of intensity with return periods: a curve used directly for F3, and by motions for F1 and F2."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from scipy.stats import beta, norm

from app.risk.building_risk import BuildingInputs, assess_buildings
from app.risk.hazard_curve import curve_rates, surface_hazard
from app.risk.intensity_curve import greater_of, hazard_of_degrees
from app.risk.parameters import default_parameters

P = default_parameters()
SOIL_II = np.array([2])


def degrees(soil=2, **maps):
    by_period = {int(name[1:]): np.array([value]) for name, value in maps.items()}
    return hazard_of_degrees(by_period, np.array([soil]), P)


def test_a_degree_is_a_doubling_and_the_curve_is_a_line_in_degrees():
    found = degrees(_100=7.0, _475=8.0, _2475=9.0)
    between = curve_rates(np.array([0.1 * 2**0.5]), found.curve_g, found.curve_rate)[0, 0]

    assert found.curve_g[0] == pytest.approx([0.1, 0.2, 0.4])
    assert found.a475_g[0] == pytest.approx(0.2)
    assert between == pytest.approx((1 / 100 / 475) ** 0.5)  # 7.5 degrees: half the way between the logarithms


def test_two_maps_without_the_design_period_tell_its_motion_by_their_own_line():
    found = degrees(_100=7.0, _2475=9.0)
    share = np.log(475 / 100) / np.log(2475 / 100)

    assert found.a475_g[0] == pytest.approx(0.1 * 2 ** (2 * share))


def test_soil_moves_the_degree_once():
    assert degrees(soil=3, _100=7.0, _475=8.0).a475_g[0] == pytest.approx(0.2 * 1.4 / 1.2)


@pytest.mark.parametrize(
    ("maps", "expected"),
    [
        pytest.param({"_475": 8.0, "_2475": np.nan}, 0.2, id="one map known: the power law"),
        pytest.param({"_475": np.nan, "_2475": 9.0}, 0.4 * (475 / 2475) ** (1 / 2.3), id="only the long period"),
        pytest.param({"_475": 8.0, "_2475": 8.0}, 0.2, id="the same whole degree twice"),
        pytest.param({"_100": 8.0, "_475": 7.0}, 0.2 * (475 / 100) ** (1 / 2.3), id="falling: the worse one"),
        pytest.param({"_475": np.nan, "_2475": np.nan}, np.nan, id="outside both"),
    ],
)
def test_where_the_maps_are_no_curve_the_power_law_holds(maps, expected):
    found = degrees(**maps)

    assert np.isnan(found.curve_g).all()
    assert found.a475_g[0] == pytest.approx(expected, nan_ok=True)


def test_the_source_that_shakes_more_counts_with_its_own_curve():
    rock = surface_hazard(
        {period: np.array([value]) for period, value in ((100, 0.1), (475, 0.2), (1000, 0.3))},
        np.array([np.nan]),
        SOIL_II,
        P,
    )
    weak, strong = degrees(_100=6.0, _475=7.0), degrees(_100=8.0, _2475=10.0)
    first, second = greater_of(rock, weak), greater_of(rock, strong)

    assert first.a475_g[0] == pytest.approx(0.24)
    assert curve_rates(np.array([0.12, 0.36]), first.curve_g, first.curve_rate)[0] == pytest.approx([0.01, 0.001])
    assert second.a475_g[0] == pytest.approx(strong.a475_g[0])
    assert curve_rates(np.array([0.2, 0.8]), second.curve_g, second.curve_rate)[0] == pytest.approx([0.01, 1 / 2475])


def test_a_stronger_zone_raises_the_curve_of_the_degrees():
    zone = surface_hazard({}, np.array([9.0]), SOIL_II, P)
    found = greater_of(zone, degrees(_100=7.0, _475=8.0))

    assert found.a475_g[0] == pytest.approx(0.4)
    assert found.curve_g[0] == pytest.approx([0.2, 0.4])


def loss_of(model, found, kind):
    constants = dict(P.constants) | {f"model_weight.{name}": float(name == model) for name in ("F1", "F2", "F3")}
    inputs = BuildingInputs(
        building_type=np.array([kind]),
        modifiers=np.array([0]),
        a475_g=found.a475_g,
        levels={},
        counted=("earthquake",),
        persons=np.array([1.0]),
        presence=np.array([1.0]),
        curve_g=found.curve_g,
        curve_rate=found.curve_rate,
    )
    return assess_buildings(inputs, dataclasses.replace(P, constants=constants)).loss_ratio[0, 0]


@pytest.mark.parametrize("code", ["KG-ADB", "KG-RCF-M"])
def test_the_loss_of_f3_and_f1_is_the_integral_over_the_degrees_of_the_map(code):
    kind = P.types.index(code)
    found = degrees(_100=7.0, _475=8.2, _2475=9.1)
    # Straight lines between (7.0, 1/100), (8.2, 1/475) and (9.1, 1/2475), the last one beyond: without our code.
    places, rates = np.array([7.0, 8.2, 9.1]), np.log(1 / np.array([100, 475, 2475.0]))
    intensity = np.linspace(7 + np.log2(0.05 / 0.1), 7 + np.log2(3.0 / 0.1), 4001)
    slopes = np.diff(rates) / np.diff(places)
    at = np.clip(np.searchsorted(places, intensity, side="right") - 1, 0, 1)
    rate = np.exp(rates[at] + slopes[at] * (intensity - places[at]))

    index = P.vulnerability_index[kind]
    mean = 2.5 * (1 + np.tanh((intensity + 6.25 * index - 13.1) / 2.3))
    r = 8 * (0.007 * mean**3 - 0.0525 * mean**2 + 0.2875 * mean)
    beyond = [1 - beta.cdf(k / 6, r, 8 - r) for k in range(1, 6)]
    steps = np.diff([0, 0.02, 0.10, 0.30, 0.60, 1.0])
    expected_f3 = loss(sum(step * share for step, share in zip(steps, beyond, strict=True)), rate)
    motion = 0.1 * 2 ** (intensity - 7)
    states = [norm.cdf(np.log(motion / P.medians["F1"][kind, d]) / P.betas["F1"][kind, d]) for d in range(4)]
    steps = np.diff([0, 0.02, 0.10, 0.435, 1.0])
    expected_f1 = loss(sum(step * share for step, share in zip(steps, states, strict=True)), rate)

    assert loss_of("F3", found, kind) == pytest.approx(expected_f3, rel=2e-3)
    assert loss_of("F1", found, kind) == pytest.approx(expected_f1, rel=2e-3)


def loss(damage, rate):
    return np.trapezoid(damage, -rate) + damage[-1] * rate[-1]
