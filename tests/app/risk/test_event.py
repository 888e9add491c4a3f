"""One earthquake: the equation as published, and impacts that agree with known answers."""

from __future__ import annotations

import math

import numpy as np
import pytest

from app.risk.damage import exceedance_probability, grade_probability, macroseismic_law, state_probability
from app.risk.errors import MissingParameterError
from app.risk.event import (
    building_impact,
    distance_km,
    intensity_at,
    load_equation,
    past_events,
)
from app.risk.hazard_curve import intensity_of_motion, motion_of_intensity
from app.risk.parameters import MODIFIERS, default_parameters

P = default_parameters()
LAW = macroseismic_law(P)
EQUATION = load_equation("bindi-2011-repi")
UNKNOWN = len(P.types)


@pytest.mark.parametrize(
    ("magnitude", "km", "intensity"),
    [
        pytest.param(7.0, 0.0, 1.049 * 7 + 0.686, id="at the epicentre nothing is taken off"),
        pytest.param(
            7.0,
            20.0,
            1.049 * 7 + 0.686 - 2.706 * math.log10(25 / 15) - 0.0001811 * 10,
            id="20 km: hypocentral 25 km by hand",
        ),
        pytest.param(1.0, 2000.0, 1.0, id="never below the scale"),
    ],
)
def test_intensity_is_that_of_the_published_equation(magnitude, km, intensity):
    assert intensity_at(magnitude, np.array([km]), EQUATION)[0] == pytest.approx(intensity, abs=1e-9)


def test_intensity_falls_with_distance_and_rises_with_magnitude():
    km = np.linspace(0, 500, 60)

    assert (np.diff(intensity_at(7.3, km, EQUATION)) < 0).all()
    assert (intensity_at(8.2, km[1:], EQUATION) > intensity_at(7.3, km[1:], EQUATION)).all()


def test_an_unknown_equation_is_refused():
    with pytest.raises(MissingParameterError, match="nobody"):
        load_equation("nobody")


def test_each_event_of_the_past_names_its_equation_source_and_titles():
    events = past_events()

    assert [event.code for event in events] == ["kemin-1911", "suusamyr-1992"]
    for event in events:
        assert load_equation(event.equation).source
        assert event.source
        assert len(set(event.titles.values())) == 3


def test_distance_is_that_of_a_great_circle():
    degree = distance_km(np.array([75.0, np.nan]), np.array([42.0, 42.0]), 75.0, 41.0)

    assert degree[0] == pytest.approx(111.19, abs=0.05)
    assert np.isnan(degree[1])


def test_motion_and_intensity_are_inverse():
    motion = np.array([0.05, 0.1, 0.4, 1.0])

    assert motion_of_intensity(intensity_of_motion(motion, P), P) == pytest.approx(motion)


def test_impact_of_a_known_type_is_that_of_the_three_models():
    motion, kind = np.array([0.3]), P.types.index("KG-URM-C")
    found = building_impact(motion, np.array([kind]), np.array([0]), P)

    for number, model in enumerate(("F1", "F2")):
        states = state_probability(exceedance_probability(motion, P.medians[model][kind], P.betas[model][kind]))[0, 1:]
        assert found.unusable[0, number] == pytest.approx(states[2:].sum())
        assert found.loss[0, number] == pytest.approx(states @ P.loss_states)
        assert found.death[0, number] == pytest.approx(states @ P.casualties[kind][:, 3])
    grades = grade_probability(intensity_of_motion(motion, P), np.array(P.vulnerability_index[kind]), LAW)[0, 1:]
    assert found.unusable[0, 2] == pytest.approx(grades[2:].sum())
    assert found.severe[0, 2] == pytest.approx((grades @ P.casualties_macroseismic[kind])[1:].sum())


def test_stronger_shaking_and_known_weaknesses_never_help():
    motion = np.repeat(np.linspace(0.05, 1.0, 30), 2)
    modifiers = np.tile([0, (1 << len(MODIFIERS)) - 1], 30)
    found = building_impact(motion, np.full(60, P.types.index("KG-RCF-I")), modifiers, P)

    for part in found:
        assert (np.diff(part[::2], axis=0) >= -1e-12).all()
        assert (part[1::2] >= part[::2] - 1e-12).all()


def test_an_unknown_type_is_the_mean_of_all_and_unknown_motion_is_unknown():
    found = building_impact(np.array([0.3, np.nan]), np.array([UNKNOWN, 0]), np.array([0, 0]), P)
    every = building_impact(np.full(UNKNOWN, 0.3), np.arange(UNKNOWN), np.zeros(UNKNOWN, dtype=np.int64), P)

    assert found.death[0] == pytest.approx(every.death.mean(axis=0))
    assert np.isnan(found.loss[1]).all()
