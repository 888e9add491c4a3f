"""Work out the ways of all schools by the road file that counts: one network, one answer per school and target."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from app.i18n.marks import N_
from app.risk.displacement import SAFE_GRADES, may_teach, radii, takes_pupils_of
from app.risk.parameters import default_parameters
from geodata.crs import from_metric
from geodata.queries import audit, roads, ways
from geodata.queries.imports import hold_key
from geodata.queries.runs import published_run_id
from geodata.records.travel import SERVICES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from app.risk.parameters import RiskParameters
    from app.risk.ways import Way, WaySearch
    from app.workflows.import_options import Report
    from geodata.database import Session
    from geodata.queries.ways import PlacedSchools
    from geodata.records.travel import RoadLine

    WorkOutWays = Callable[[Session, int], object]
    """What an import does about the ways after a batch: work them out itself, or leave that to the worker."""

ONE_AT_A_TIME = "ways"
"""All ways are written anew: who does so waits for whoever does."""


@dataclass(frozen=True, slots=True)
class MeasuredWays:
    """What was worked out: schools with a place, those that a road reaches, ways by target, distances stored."""

    schools: int
    reached: int
    ways: dict[str, int]
    distances: int


@dataclass(frozen=True, slots=True, eq=False)
class _Places:
    """Every place of the network in one list: schools first, then settlements, then services."""

    points: Any
    names: list[tuple[str | None, str | None, str | None]]
    schools: int
    settlements: slice
    services: dict[str, np.ndarray]


def at_once(session: Session, _batch_id: int) -> None:
    """Work the ways out in the caller's transaction: the default after an import."""
    measure_ways(session)


def measure_ways(session: Session, report: Report | None = None) -> MeasuredWays:
    """Write the ways of all schools anew in the caller's transaction; without a road file none remain.

    The fastest ways by minutes to the nearest settlement, school that may take the pupils, such a school of grade A
    to C in the published ranking, fire station and hospital; the shortest km between schools up to the largest
    radius in which free seats are looked for.
    """
    hold_key(session, ONE_AT_A_TIME)
    version = roads.current_version(session, "roads")
    ways.forget_ways(session)
    if version is None:
        return MeasuredWays(0, 0, {}, 0)
    if report:
        report(80, N_("Working out ways by road"))
    from app.risk.road_network import cut_stretches, link_places
    from app.risk.ways import WaySearch

    parameters = default_parameters()
    schools = ways.placed_schools(session, published_run_id(session))
    places = _places(session, schools)
    network = link_places(
        cut_stretches(_roads(roads.roads(session, version.id), parameters)),
        places.points,
        parameters["travel.reach_m"],
        parameters["travel.leg_kmh"],
    )
    search = WaySearch(network)
    found = dict(_targets(search, schools, places))
    ways.store_ways(session, _rows(found, schools, places, version.id))
    own = np.arange(places.schools)
    distances = [
        (int(schools.ids[start]), version.id, schools.ids[ends].tolist(), km.tolist())
        for start, ends, km in search.within(own, radii(parameters)[-1])
    ]
    ways.store_distances(session, distances)
    counts = {target: len(some) for target, some in found.items()}
    measured = MeasuredWays(
        places.schools, int(network.is_reached[own].sum()), counts, sum(len(row[2]) for row in distances)
    )
    audit.record(
        session, "ways:measured", subject=str(version.version), details={"schools": measured.reached, "ways": counts}
    )
    return measured


def speed_of(road: RoadLine, parameters: RiskParameters) -> float:
    """Return the mean speed of a road, km/h: that of its class, at most its limit, less where it is not paved."""
    speeds = [parameters[f"travel.kmh_{road.road_class}"]]
    if road.limit_kmh is not None:
        speeds.append(road.limit_kmh)
    if road.is_paved is False:
        speeds.append(parameters["travel.kmh_unpaved"])
    return min(speeds)


def _roads(lines: list[RoadLine], parameters: RiskParameters) -> Any:
    from app.risk.road_network import Roads

    return Roads(
        np.array([one.geometry for one in lines], dtype=object),
        np.array([speed_of(one, parameters) for one in lines]),
        np.array([one.direction for one in lines], dtype=np.int64),
    )


def _places(session: Session, schools: PlacedSchools) -> _Places:
    settlements = ways.settlements(session)
    version = roads.current_version(session, "services")
    services = roads.services(session, version.id) if version else []
    first = len(schools.ids) + len(settlements.names)
    kinds = np.array([one.kind for one in services], dtype=object)
    points = np.array([one.geometry for one in services], dtype=object)
    return _Places(
        np.concatenate((schools.points, settlements.points, points)),
        [*settlements.names, *((one.name,) * 3 for one in services)],
        len(schools.ids),
        slice(len(schools.ids), first),
        {kind: first + np.flatnonzero(kinds == kind) for kind in SERVICES},
    )


def _targets(search: WaySearch, schools: PlacedSchools, places: _Places) -> Iterator[tuple[str, list[Way]]]:
    own = np.arange(places.schools)
    yield "settlement", search.paired(*_own_settlements(search, places))
    for kind in SERVICES:
        yield kind, search.nearest(own, places.services[kind])
    safe = np.array([grade in SAFE_GRADES for grade in schools.grades], dtype=bool)
    groups = defaultdict(list)
    for number, group in enumerate(zip(schools.kinds, schools.languages, strict=True)):
        groups[group].append(number)
    next_ones: list[Way] = []
    safe_ones: list[Way] = []
    for (kind, languages), members in groups.items():
        fits = np.array(
            [
                takes_pupils_of(other, kind) and may_teach(taught, languages)
                for other, taught in zip(schools.kinds, schools.languages, strict=True)
            ],
            dtype=bool,
        )
        starts = np.array(members, dtype=np.int64)
        next_ones += search.nearest(starts, np.flatnonzero(fits))
        safe_ones += search.nearest(starts, np.flatnonzero(fits & safe))
    yield "school", next_ones
    yield "safe_school", safe_ones


def _own_settlements(search: WaySearch, places: _Places) -> tuple[Any, Any]:
    """Return schools and the settlement nearest to each by straight line; one that no road reaches has no way."""
    points, centres = search.network.places[: places.schools], search.network.places[places.settlements]
    if not len(centres) or not len(points):
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    school, centre = shapely.STRtree(centres).query_nearest(points, all_matches=False)
    return school, places.settlements.start + centre


def _rows(
    found: dict[str, list[Way]], schools: PlacedSchools, places: _Places, layer_id: int
) -> Iterator[tuple[Any, ...]]:
    every = [(target, way) for target, some in found.items() for way in some]
    lines = from_metric(np.array([way.line for _, way in every], dtype=object))
    for (target, way), line in zip(every, lines, strict=True):
        is_school = way.end < places.schools
        names = (None, None, None) if is_school else places.names[way.end - places.schools]
        other = int(schools.ids[way.end]) if is_school else None
        where = f"SRID=4326;{shapely.to_wkt(line, rounding_precision=7)}"
        yield (int(schools.ids[way.start]), target, other, *names, way.minutes, way.km, layer_id, where)
