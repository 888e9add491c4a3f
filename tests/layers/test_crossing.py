"""What a way crosses, what it does not, and what nobody can tell."""

from __future__ import annotations

import pytest
import shapely

from geodata.records.travel import TouchedLayer
from layers.crossing import CROSSED_HAZARDS, crossings

WAY = shapely.LineString([(74.2, 42.8), (74.4, 42.8)])
NARROW = [[74.1, 42.7], [74.3, 42.7], [74.3, 42.9], [74.1, 42.9], [74.1, 42.7]]
WIDE = [[74.1, 42.7], [74.5, 42.7], [74.5, 42.9], [74.1, 42.9], [74.1, 42.7]]


def touched(paths=0, worst=None, unlevelled=0, is_covered=False, hazard="mudflow", **coverage):
    return TouchedLayer("demo", hazard, coverage or None, paths, worst, unlevelled, is_covered)


def mudflow(*layers):
    return crossings(WAY, layers)[CROSSED_HAZARDS.index("mudflow")]


@pytest.mark.parametrize(
    ("layers", "state"),
    [
        ([], "unknown"),
        ([touched()], "free"),
        ([touched(worst=2)], "free"),
        ([touched(paths=1, worst=3)], "crosses"),
        ([touched(unlevelled=1)], "unknown"),
        ([touched(kind="features")], "unknown"),
        ([touched(kind="features", is_covered=True)], "free"),
        ([touched(kind="features", paths=1, worst=4)], "crosses"),
        ([touched(kind="ring", ring=NARROW)], "unknown"),
        ([touched(kind="ring", ring=WIDE)], "free"),
        ([touched(kind="everywhere", untouched_level=None)], "unknown"),
        ([touched(kind="features"), touched()], "free"),
        ([touched(kind="features", unlevelled=1), touched()], "unknown"),
        ([touched(), touched(paths=2, worst=4)], "crosses"),
    ],
)
def test_outside_coverage_and_without_a_documented_level_nothing_is_free(layers, state):
    assert mudflow(*layers).state == state


def test_two_maps_of_one_slope_are_not_added_and_each_hazard_stands_for_itself():
    found = crossings(WAY, [touched(paths=2, worst=3), touched(paths=1, worst=4), touched(hazard="flood")])

    assert [(one.hazard, one.state) for one in found] == [
        ("mudflow", "crosses"), ("avalanche", "unknown"), ("landslide", "unknown"), ("rockfall", "unknown"),
        ("flood", "free"),
    ]  # fmt: skip
    assert (found[0].paths, found[0].worst) == (2, 4)
