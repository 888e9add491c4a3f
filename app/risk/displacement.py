"""A building is closed tomorrow: free seats of other schools near it, by language of instruction and shift.

Arithmetic only. Distances are straight lines times a factor until somebody imports roads; every page says which.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from app.risk.parameters import RiskParameters

SAFE_GRADES = ("A", "B", "C")
"""A school of grade D or E, or of none, is never called safe."""


@dataclass(frozen=True, slots=True)
class NearSchool:
    """Another open school. None is unknown; ``shift_pupils`` of a school in one shift may hold one number."""

    straight_km: float
    languages: frozenset[str]
    seats: int | None
    shift_pupils: tuple[int, ...] | None
    is_dangerous: bool
    """Grade D or E: its seats are counted apart."""
    known_km: float | None = None
    """The way by a road file, where one leads there."""


@dataclass(frozen=True, slots=True)
class FreeSeats:
    """Free seats within ``radius_km`` by road in one shift; never below 0 in a school."""

    radius_km: float
    shift: int
    seats: int
    dangerous_seats: int
    """Further seats, in schools of grade D or E."""
    schools: int
    unknown: int
    """Schools whose seats or pupils are not known: their seats are in no sum."""


def road_km(straight_km: float, parameters: RiskParameters) -> float:
    """Return the way by road that a straight line stands for, km."""
    return straight_km * parameters["travel.detour"]


def way_km(school: NearSchool, parameters: RiskParameters) -> float:
    """Return the way to a school, km: by the road file, else what its straight line stands for."""
    return road_km(school.straight_km, parameters) if school.known_km is None else school.known_km


def minutes_of(straight_km: float, parameters: RiskParameters) -> float:
    """Return minutes of travel for a straight line of ``straight_km``."""
    hour = parameters["travel.minutes_an_hour"]
    return hour * road_km(straight_km, parameters) / parameters["travel.speed_kmh"]


def radii(parameters: RiskParameters) -> tuple[float, ...]:
    """Return the distances by road up to which seats are looked for, km, ascending."""
    return tuple(sorted(parameters[name] for name in parameters.constants if name.startswith("travel.radius_")))


def takes_pupils_of(other_kind: str, own_kind: str) -> bool:
    """Return whether a school of another kind teaches the pupils of this one; of unknown kinds nothing is excluded."""
    is_too_small = other_kind == "primary" and own_kind not in ("primary", "unknown")
    return not (other_kind == "special" != own_kind or is_too_small)


def may_teach(taught: Collection[str], languages: Collection[str]) -> bool:
    """Return whether two schools may share a language of instruction; unknown languages (none) exclude nothing."""
    return not taught or not languages or bool(set(taught) & set(languages))


def free_in_shift(school: NearSchool, shift: int) -> int | None:
    """Return the free seats of a school in a shift (from 1); None = not known. A shift it does not run is empty."""
    if school.seats is None or school.shift_pupils is None:
        return None
    inside = school.shift_pupils[shift - 1] if shift <= len(school.shift_pupils) else 0
    return max(school.seats - inside, 0)


def free_seats(
    near: Sequence[NearSchool], languages: Collection[str], shifts: Sequence[int], parameters: RiskParameters
) -> list[FreeSeats]:
    """Return free seats by radius and shift in schools that teach in one of ``languages``, radii ascending.

    Schools of unknown languages are left out: nobody can be sent there by what is known.
    """
    wanted = frozenset(languages)
    teaching = [(way_km(one, parameters), one) for one in near if not wanted.isdisjoint(one.languages)]
    free = {shift: [(km, one.is_dangerous, free_in_shift(one, shift)) for km, one in teaching] for shift in shifts}
    found = []
    for radius in radii(parameters):
        for shift in shifts:
            inside = [(is_dangerous, seats) for km, is_dangerous, seats in free[shift] if km <= radius]
            found.append(
                FreeSeats(
                    radius,
                    shift,
                    sum(seats for is_dangerous, seats in inside if seats is not None and not is_dangerous),
                    sum(seats for is_dangerous, seats in inside if seats is not None and is_dangerous),
                    len(inside),
                    sum(seats is None for _, seats in inside),
                )
            )
    return found


def least_radius(found: Sequence[FreeSeats], shift: int, pupils: float) -> float | None:
    """Return the least radius within which so many pupils find seats in a shift without grade D or E; None = none."""
    return next((one.radius_km for one in found if one.shift == shift and one.seats >= pupils), None)
