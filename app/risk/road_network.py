"""A network of roads as arrays: junctions, stretches between them, and where schools and services reach it.

Nodes are ends of lines and vertices that lines share, so that ways drawn through a crossing meet there and bridges
do not. A place is linked to every stretch within reach, so that one more road never makes a way longer.
Knows neither files nor the database.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from geodata.crs import to_metric

if TYPE_CHECKING:
    from numpy.typing import NDArray

    FloatArray = NDArray[np.float64]
    IntArray = NDArray[np.int64]

PER_DEGREE = 10_000_000
"""Vertices are the same where they agree to a centimetre."""

LEAST_KM, METRES, MINUTES = 1e-9, 1000.0, 60.0


@dataclass(frozen=True, slots=True, eq=False)
class Roads:
    """``lines``: LineStrings, EPSG:4326, shape (n,). ``kmh`` > 0. ``direction``: 1 as drawn, -1 against, 0 both."""

    lines: NDArray[Any]
    kmh: FloatArray
    direction: IntArray


@dataclass(frozen=True, slots=True, eq=False)
class Stretches:
    """Parts of roads between junctions: ``lines`` in metres (EPSG:32643), ``km`` on the ellipsoid, node numbers."""

    lines: NDArray[Any]
    km: FloatArray
    kmh: FloatArray
    direction: IntArray
    start: IntArray
    end: IntArray
    nodes: int


@dataclass(frozen=True, slots=True, eq=False)
class Network:
    """Directed arcs between nodes, and for each place the node it starts from and the node it is reached at.

    ``stretch`` is the number of the stretch that an arc runs on, from the share ``share_from`` to ``share_to`` of
    it; -1 for the leg between a place and a road. Starting and arriving have nodes of their own, so that no way
    leads through a yard.
    """

    stretches: Stretches
    places: NDArray[Any]
    """Points in metres, shape (p,)."""
    tail: IntArray
    head: IntArray
    km: FloatArray
    minutes: FloatArray
    stretch: IntArray
    share_from: FloatArray
    share_to: FloatArray
    origin: IntArray
    sink: IntArray
    nodes: int
    is_reached: NDArray[np.bool_]
    """Whether a road lies within reach of the place; where not, its ways are unknown."""


def cut_stretches(roads: Roads) -> Stretches:
    """Return the stretches of the roads between ends and shared vertices; lines without length are left out."""
    from pyproj import Geod

    points, line_of = shapely.get_coordinates(roads.lines, return_index=True)
    if not len(points):
        none = np.zeros(0, dtype=np.int64)
        return Stretches(np.zeros(0, dtype=object), np.zeros(0), np.zeros(0), none, none, none, 0)
    cells = np.round(points * PER_DEGREE).astype(np.int64)
    _, vertex, times = np.unique(cells[:, 0] * (1 << 31) + cells[:, 1], return_inverse=True, return_counts=True)
    is_first = np.concatenate(([True], line_of[1:] != line_of[:-1]))
    is_node = is_first | np.concatenate((is_first[1:], [True])) | (times[vertex] > 1)
    follows = ~is_first[1:]  # pairs of vertices of one line
    _, _, metres = Geod(ellps="WGS84").inv(*points[:-1].T, *points[1:].T)
    steps, step_line = np.asarray(metres)[follows], line_of[1:][follows]
    opens = is_node[:-1][follows]  # each line begins at a node, so does each stretch
    stretch_of_step = np.cumsum(opens) - 1
    first = np.flatnonzero(follows)[opens]
    last = np.flatnonzero(follows)[np.append(opens[1:], True)] + 1
    km = np.bincount(stretch_of_step, weights=steps, minlength=len(first)) / METRES
    sizes = last - first + 1
    rows = np.repeat(first - np.concatenate(([0], np.cumsum(sizes)[:-1])), sizes) + np.arange(sizes.sum())
    lines = shapely.linestrings(points[rows], indices=np.repeat(np.arange(len(first)), sizes))
    line = step_line[opens]
    used, numbered = np.unique(vertex[np.concatenate((first, last))], return_inverse=True)
    stretches = len(first)
    there = km > 0
    return Stretches(
        to_metric(lines[there]),
        km[there],
        roads.kmh[line][there],
        roads.direction[line][there],
        numbered[:stretches][there],
        numbered[stretches:][there],
        len(used),
    )


def link_places(stretches: Stretches, places: NDArray[Any], reach_m: float, leg_kmh: float) -> Network:
    """Return the network with its places: each linked to the nearest point of every stretch within ``reach_m``.

    Args:
        stretches: As ``cut_stretches`` gives them.
        places: Points, EPSG:4326, none missing.
        reach_m: How far a place may lie from a road; a place farther from all of them is not reached.
        leg_kmh: Speed between place and road.
    """
    metric, count = to_metric(places), len(places)
    if len(stretches.lines) and count:
        place, stretch = shapely.STRtree(stretches.lines).query(metric, predicate="dwithin", distance=reach_m)
    else:
        place, stretch = np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    share = shapely.line_locate_point(stretches.lines[stretch], metric[place], normalized=True)
    leg_km = shapely.distance(stretches.lines[stretch], metric[place]) / METRES
    first = stretches.nodes
    origin, sink = first + np.arange(count), first + count + np.arange(count)
    gate = first + 2 * count + np.arange(len(place))
    ahead, part, begin, end, on = _parts(stretches, stretch, share, gate)
    reverse = stretches.direction[on] <= 0
    forward = stretches.direction[on] >= 0
    legs = np.full(len(gate), -1)
    nothing = np.zeros(len(gate))
    tail = np.concatenate((ahead[0][forward], ahead[1][reverse], origin[place], gate))
    head = np.concatenate((ahead[1][forward], ahead[0][reverse], gate, sink[place]))
    km = np.concatenate((part[forward], part[reverse], leg_km, leg_km))
    kmh = stretches.kmh[on]
    speed = np.concatenate((kmh[forward], kmh[reverse], np.full(2 * len(gate), leg_kmh)))
    reached = np.zeros(count, dtype=bool)
    reached[place] = True
    return Network(
        stretches,
        metric,
        tail,
        head,
        km,
        MINUTES * km / speed,
        np.concatenate((on[forward], on[reverse], legs, legs)),
        np.concatenate((begin[forward], end[reverse], nothing, nothing)),
        np.concatenate((end[forward], begin[reverse], nothing, nothing)),
        origin,
        sink,
        first + 2 * count + len(gate),
        reached,
    )


def _parts(
    stretches: Stretches, stretch: IntArray, share: FloatArray, gate: IntArray
) -> tuple[tuple[IntArray, IntArray], FloatArray, FloatArray, FloatArray, IntArray]:
    """Cut stretches at their gates; return (from, to) nodes, km, shares and the stretch of each part."""
    each = np.arange(len(stretches.lines))
    on = np.concatenate((each, stretch, each))
    at = np.concatenate((np.zeros(len(each)), share, np.ones(len(each))))
    place = np.concatenate((np.zeros(len(each)), np.ones(len(gate)), np.full(len(each), 2.0)))
    node = np.concatenate((stretches.start, gate, stretches.end))
    order = np.lexsort((place, at, on))
    on, at, node, place = on[order], at[order], node[order], place[order]
    same = place[:-1] < 2  # the end of a stretch is followed by the next one
    begin, end, found = at[:-1][same], at[1:][same], on[:-1][same]
    km = np.maximum((end - begin) * stretches.km[found], LEAST_KM)
    return (node[:-1][same], node[1:][same]), km, begin, end, found
