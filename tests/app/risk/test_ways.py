"""Ways by road: answers worked out by hand, and what must hold whatever roads are added."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from app.risk.road_network import Roads, cut_stretches, link_places
from app.risk.ways import WaySearch

# On the meridian 75° E at 42° N a hundredth of a degree of latitude is 1.11066 km and one of longitude 0.82887 km:
# WGS 84, a = 6378.137 km, e² = 0.00669438: M = a(1 - e²) / (1 - e² sin² 42°)^1.5 = 6364.0 km, times pi/180 per degree;
# N cos 42° = 6387.7 km x 0.74314 = 4747.0 km. (At 42.00 to 42.01 within 0.02 %.)
NORTH, EAST = 1.11073, 0.82852
CLOSE = 1e-3


def network(lines, points, kmh=None, direction=None, reach_m=300.0):
    drawn = np.array([shapely.LineString([(75 + x / 100, 42 + y / 100) for x, y in line]) for line in lines])
    places = shapely.points([(75 + x / 100, 42 + y / 100) for x, y in points])
    roads = Roads(
        drawn,
        np.array(kmh or [60.0] * len(lines), dtype=float),
        np.array(direction or [0] * len(lines), dtype=np.int64),
    )
    return link_places(cut_stretches(roads), places, reach_m, 10.0)


def way(net, start, ends):
    found = WaySearch(net).nearest(np.array([start]), np.array(ends))
    return found[0] if found else None


def test_a_straight_road_takes_its_length_at_its_speed():
    found = way(network([[(0, 0), (0, 10)]], [(0, 0), (0, 9)], kmh=[40]), 0, [1])

    assert found.km == pytest.approx(9 * NORTH, rel=CLOSE)
    assert found.minutes == pytest.approx(9 * NORTH / 40 * 60, rel=CLOSE)


def test_the_faster_of_two_ways_is_taken_although_it_is_longer():
    short, long = [(0, 0), (0, 10)], [(0, 0), (4, 5), (0, 10)]
    found = way(network([short, long], [(0, 0), (0, 10)], kmh=[20, 80]), 0, [1])
    half = np.hypot(4 * EAST, 5 * NORTH)

    assert found.km == pytest.approx(2 * half, rel=CLOSE)
    assert found.minutes == pytest.approx(2 * half / 80 * 60, rel=CLOSE)


def test_roads_meet_at_shared_vertices_and_pass_over_each_other_elsewhere():
    main, side = [(-5, 0), (0, 0), (5, 0)], [(0, 0), (0, 5)]
    joined = way(network([main, side], [(-5, 0), (0, 5)]), 0, [1])
    bridge = way(network([[(-5, 0), (5, 0)], [(0, -1), (0, 5)]], [(-5, 0), (0, 5)]), 0, [1])

    assert joined.km == pytest.approx(5 * EAST + 5 * NORTH, rel=CLOSE)
    assert bridge is None


def test_a_place_beside_the_road_walks_to_it_and_one_out_of_reach_has_no_way():
    # 0.2 of a hundredth of a degree of latitude beside an east-west road: 222 m, there and back at 10 km/h
    net = network([[(0, 0), (10, 0)]], [(2, 0.2), (8, 0), (5, 1)])
    found = way(net, 0, [1])

    assert found.km == pytest.approx(6 * EAST + 0.2 * NORTH, rel=CLOSE)
    assert found.minutes == pytest.approx(6 * EAST / 60 * 60 + 0.2 * NORTH / 10 * 60, rel=CLOSE)
    assert net.is_reached.tolist() == [True, True, False]
    assert way(net, 2, [0, 1]) is None


def test_no_way_leads_through_the_yard_of_a_third_place():
    # the third place stands between two roads that do not meet: it reaches both, nobody passes
    net = network([[(0, 0), (10, 0)], [(0, 0.3), (10, 0.3)]], [(1, 0), (9, 0.3), (5, 0.15)], reach_m=200)

    assert way(net, 0, [1]) is None
    assert way(net, 0, [2]).km == pytest.approx(4 * EAST + 0.15 * NORTH, rel=CLOSE)
    assert way(net, 1, [2]).km == pytest.approx(4 * EAST + 0.15 * NORTH, rel=CLOSE)


def test_a_one_way_street_is_left_by_the_way_round():
    ring = [[(0, 0), (4, 0)], [(4, 0), (4, 4)], [(4, 4), (0, 0)]]
    net = network(ring, [(0, 0), (4, 0)], direction=[-1, 0, 0])
    there, back = way(net, 0, [1]), way(net, 1, [0])

    assert there.km == pytest.approx(np.hypot(4 * EAST, 4 * NORTH) + 4 * NORTH, rel=CLOSE)
    assert back.km == pytest.approx(4 * EAST, rel=CLOSE)


def test_a_school_is_not_its_own_alternative_and_an_island_reaches_nobody():
    net = network([[(0, 0), (0, 10)], [(50, 0), (50, 1)]], [(0, 0), (0, 3), (0, 10), (50, 0)])
    everyone = np.arange(4)
    found = {one.start: one for one in WaySearch(net).nearest(everyone, everyone)}

    assert {start: one.end for start, one in found.items()} == {0: 1, 1: 0, 2: 1}


def test_the_line_of_a_way_begins_and_ends_at_its_places_and_is_as_long_as_told():
    net = network([[(0, 0), (0, 2), (0, 4)], [(0, 2), (3, 3), (6, 2)]], [(0, 0.1), (5, 2.1)])
    found = way(net, 0, [1])
    without = way(network([[(0, 0), (0, 4)], [(0, 2), (6, 2)]], [(0, 0.1), (5, 2.1)]), 0, [1])

    assert np.allclose(shapely.get_coordinates(found.line)[[0, -1]], shapely.get_coordinates(net.places))
    assert found.line.length / 1000 == pytest.approx(found.km, rel=3e-3), "metres of the projection"
    assert without is None, "a road that ends beside a vertex of another one does not join it"


def test_kilometres_between_places_end_at_the_stated_distance():
    net = network([[(0, 0), (0, 30)]], [(0, 0), (0, 5), (0, 25)])
    found = {
        (start, end): km
        for start, ends, lengths in WaySearch(net).within(np.arange(3), 10.0)
        for end, km in zip(ends.tolist(), lengths.tolist(), strict=True)
    }

    assert {pair for pair in found if pair[0] != pair[1]} == {(0, 1), (1, 0)}
    assert found[0, 1] == pytest.approx(5 * NORTH, rel=CLOSE)
    assert found[2, 2] == 0


def test_no_roads_and_no_places_are_unknown_and_no_error():
    empty = Roads(np.zeros(0, dtype=object), np.zeros(0), np.zeros(0, dtype=np.int64))
    net = link_places(cut_stretches(empty), shapely.points([(75.0, 42.0), (75.01, 42.0)]), 500, 10)

    assert way(net, 0, [1]) is None
    assert not net.is_reached.any()
    assert link_places(cut_stretches(empty), np.zeros(0, dtype=object), 500, 10).nodes == 0


CORNERS = st.tuples(st.integers(0, 5), st.integers(0, 5))
LINE = st.lists(CORNERS, min_size=2, max_size=4, unique=True)


@given(st.lists(LINE, min_size=1, max_size=6), LINE, st.lists(CORNERS, min_size=3, max_size=3, unique=True))
@settings(max_examples=80, deadline=None)
def test_one_more_road_makes_no_way_longer(lines, more, points):
    before, after = network(lines, points, reach_m=900), network([*lines, more], points, reach_m=900)
    for start in range(3):
        ends = [end for end in range(3) if end != start]
        old, new = way(before, start, ends), way(after, start, ends)

        assert old is None or new.minutes <= old.minutes + 1e-6
    old_km, new_km = (
        {(a, b): km for a, ends, all_km in WaySearch(net).within(np.arange(3), 50.0)
         for b, km in zip(ends.tolist(), all_km.tolist(), strict=True)}
        for net in (before, after)
    )  # fmt: skip
    assert all(new_km[pair] <= km + 1e-6 for pair, km in old_km.items())


def test_each_place_has_its_own_end_and_one_on_an_island_has_none():
    net = network([[(0, 0), (0, 10)], [(50, 0), (50, 1)]], [(0, 0), (0, 2), (0, 9), (50, 0)])
    found = {one.start: (one.end, one.km) for one in WaySearch(net).paired(np.array([0, 1, 3]), np.array([2, 0, 0]))}

    assert {start: end for start, (end, _) in found.items()} == {0: 2, 1: 0}
    assert found[0][1] == pytest.approx(9 * NORTH, rel=CLOSE)
