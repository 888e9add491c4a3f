"""The fastest way by road from each school to the nearest place of a kind, and kilometres between schools.

Shortest ways are found by ``scipy.sparse.csgraph``; this room adds whom a way leads to and what it looks like.
Knows neither files nor the database. What no road reaches has no way: unknown, never 0.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from shapely.ops import substring

from app.risk.road_network import Network

if TYPE_CHECKING:
    from numpy.typing import NDArray

    FloatArray = NDArray[np.float64]
    IntArray = NDArray[np.int64]

WIDENING = (20.0, 90.0, np.inf)
"""Minutes within which an alternative is looked for, then farther: most schools have one near them."""

TOGETHER = 64
"""Places that are searched from at once; bounds the memory."""

NOWHERE = -9999
"""What scipy writes where no way leads."""


@dataclass(frozen=True, slots=True, eq=False)
class Way:
    """From place ``start`` to place ``end`` (numbers in the network): minutes and km of the fastest way.

    ``line`` is a LineString in metres (EPSG:32643) from place to place.
    """

    start: int
    end: int
    minutes: float
    km: float
    line: Any


class WaySearch:
    """Searches in one network; the fastest of parallel arcs counts."""

    def __init__(self, network: Network) -> None:
        from scipy.sparse.csgraph import connected_components

        self.network = network
        self._by_minutes = _order(network, network.minutes)
        self._by_km = _order(network, network.km)
        self._graph = _graph(network, self._by_minutes, network.minutes)
        self._graph_km = _graph(network, self._by_km, network.km)
        self._back = self._graph.T.tocsr()
        self._part = connected_components(self._graph, directed=False)[1]

    def nearest(self, starts: IntArray, ends: IntArray) -> list[Way]:
        """Return the fastest way from each of ``starts`` to one of ``ends`` (places); no way is left out.

        A place in both lists is not its own end.
        """
        starts = starts[self.network.is_reached[starts]]
        ends = ends[self.network.is_reached[ends]]
        if not len(starts) or not len(ends):
            return []
        own = np.isin(starts, ends)
        return self._from_all_ends(starts[~own], ends) + self._from_each(starts[own], ends)

    def _from_all_ends(self, starts: IntArray, ends: IntArray) -> list[Way]:
        """One search backwards from all ends together."""
        from scipy.sparse.csgraph import dijkstra

        if not len(starts):
            return []
        minutes, before, _ = dijkstra(
            self._back, indices=self.network.sink[ends], return_predecessors=True, min_only=True
        )
        place_of = dict(zip(self.network.sink[ends].tolist(), ends.tolist(), strict=True))
        found = []
        for start in starts.tolist():
            node = int(self.network.origin[start])
            if np.isfinite(minutes[node]):
                nodes = list(_follow(before, node))
                found.append(self._way(start, place_of[nodes[-1]], nodes))
        return found

    def paired(self, starts: IntArray, ends: IntArray) -> list[Way]:
        """Return the fastest way from each of ``starts`` to its own end, the place at the same position of ``ends``."""
        reached, part = self.network.is_reached, self._part
        there = reached[starts] & reached[ends]
        there &= part[self.network.origin[starts]] == part[self.network.sink[ends]]
        own = dict(zip(starts[there].tolist(), ends[there].tolist(), strict=True))

        def choose(some: IntArray, minutes: FloatArray) -> IntArray:
            return np.array([own[start] for start in some.tolist()], dtype=np.int64)

        return self._widening(starts[there], choose)

    def _from_each(self, starts: IntArray, ends: IntArray) -> list[Way]:
        """A search from each start to the nearest of the ends but itself."""
        sinks = self.network.sink[ends]

        def choose(some: IntArray, minutes: FloatArray) -> IntArray:
            reached = minutes[:, sinks]
            reached[ends[None, :] == some[:, None]] = np.inf
            chosen: IntArray = ends[reached.argmin(axis=1)]
            return chosen  # a start that reached none may get itself here, which is no way

        return self._widening(self._with_an_end(starts, ends), choose)

    def _widening(self, starts: IntArray, choose: Callable[[IntArray, FloatArray], IntArray]) -> list[Way]:
        """Search from each start, first nearby, then farther for those whose chosen end was not reached."""
        from scipy.sparse.csgraph import dijkstra

        found = []
        for limit in WIDENING:
            left: list[int] = []
            for at in range(0, len(starts), TOGETHER):
                some = starts[at : at + TOGETHER]
                minutes, before = dijkstra(
                    self._graph, indices=self.network.origin[some], return_predecessors=True, limit=limit
                )
                for row, (start, end) in enumerate(zip(some.tolist(), choose(some, minutes).tolist(), strict=True)):
                    sink = int(self.network.sink[end])
                    if not np.isfinite(minutes[row, sink]) or end == start:
                        left.append(start)
                        continue
                    found.append(self._way(start, end, list(_follow(before[row], sink))[::-1]))
            starts = np.array(left, dtype=np.int64)
        return found

    def _with_an_end(self, starts: IntArray, ends: IntArray) -> IntArray:
        """Return the starts with another end in their part of the network, so that no search runs in vain."""
        part = self._part
        ends_in = np.bincount(part[self.network.sink[ends]], minlength=part.max() + 1)
        return starts[ends_in[part[self.network.origin[starts]]] > np.isin(starts, ends)]

    def within(self, places: IntArray, most_km: float) -> Iterator[tuple[int, IntArray, FloatArray]]:
        """Yield each reached place with the places (itself too, at 0) within ``most_km`` of it by road, and km."""
        from scipy.sparse.csgraph import dijkstra

        places = places[self.network.is_reached[places]]
        sinks = self.network.sink[places]
        for at in range(0, len(places), TOGETHER):
            some = places[at : at + TOGETHER]
            km = dijkstra(self._graph_km, indices=self.network.origin[some], limit=most_km)[:, sinks]
            for row, start in enumerate(some.tolist()):
                km[row, at + row] = 0.0
                near = np.flatnonzero(np.isfinite(km[row]))
                yield start, places[near], km[row, near]

    def _way(self, start: int, end: int, nodes: Sequence[int]) -> Way:
        arcs = self._by_minutes.find(nodes[:-1], nodes[1:])
        network = self.network
        parts = [
            _part_of(network.stretches.lines[stretch], begin, finish)
            for stretch, begin, finish in zip(
                network.stretch[arcs].tolist(), network.share_from[arcs].tolist(), network.share_to[arcs].tolist(),
                strict=True,
            )
            if stretch >= 0
        ]  # fmt: skip
        ends = [shapely.get_coordinates(network.places[place]) for place in (start, end)]
        corners = [ends[0], *parts, ends[1]]
        path = np.concatenate(corners)
        moved = np.concatenate(([True], np.any(path[1:] != path[:-1], axis=1)))
        path = path[moved] if moved.sum() > 1 else path[:2]
        return Way(
            start, end, float(network.minutes[arcs].sum()), float(network.km[arcs].sum()), shapely.linestrings(path)
        )


def _part_of(line: Any, begin: float, finish: float) -> FloatArray:
    """Return the corners of a stretch from one share of its length to another; most are whole, and quick."""
    if {begin, finish} != {0.0, 1.0}:
        return shapely.get_coordinates(substring(line, begin, finish, normalized=True))
    corners: FloatArray = shapely.get_coordinates(line)
    return corners if begin == 0 else corners[::-1]


@dataclass(frozen=True, slots=True, eq=False)
class _Arcs:
    """One arc of each pair of nodes: the best by a weight, found by its pair."""

    key: IntArray
    arc: IntArray
    nodes: int

    def find(self, tails: Sequence[int], heads: Sequence[int]) -> IntArray:
        wanted = np.asarray(tails, dtype=np.int64) * self.nodes + np.asarray(heads, dtype=np.int64)
        found: IntArray = self.arc[np.searchsorted(self.key, wanted)]
        return found


def _order(network: Network, weight: FloatArray) -> _Arcs:
    key = network.tail.astype(np.int64) * network.nodes + network.head
    order = np.lexsort((weight, key))
    first = np.concatenate(([True], np.diff(key[order]) > 0))[: len(order)]
    return _Arcs(key[order][first], order[first], network.nodes)


def _graph(network: Network, arcs: _Arcs, weight: FloatArray) -> Any:
    from scipy.sparse import csr_array

    shape = (network.nodes, network.nodes)
    kept = arcs.arc
    floor = np.maximum(weight[kept], np.finfo(float).tiny)  # an arc of length 0 is still an arc
    return csr_array((floor, (network.tail[kept], network.head[kept])), shape=shape)


def _follow(before: Any, node: int) -> Iterator[int]:
    while node != NOWHERE:
        yield node
        node = int(before[node])
