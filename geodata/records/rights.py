"""What an account may do, and where: the form in which row security reads it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Territory:
    """A part of the country: all of it, subtrees of areas by their ids, single schools by their ids."""

    everywhere: bool = False
    areas: frozenset[int] = frozenset()
    schools: frozenset[int] = frozenset()

    def __or__(self, other: Territory) -> Territory:
        """Return both parts together."""
        return Territory(self.everywhere or other.everywhere, self.areas | other.areas, self.schools | other.schools)

    def __bool__(self) -> bool:
        """Return whether there is any place in it."""
        return self.everywhere or bool(self.areas or self.schools)


NOWHERE = Territory()


@dataclass(frozen=True)
class Rights:
    """Right -> where it is held. A right that is not here is held nowhere.

    ``is_system`` is the command line and the upkeep of the worker, which nobody asked for and which see all.
    """

    held: Mapping[str, Territory] = field(default_factory=dict)
    is_system: bool = False

    def where(self, right: str) -> Territory:
        """Return where ``right`` is held; nowhere for the system, which is asked for by its own flag."""
        return self.held.get(right, NOWHERE)

    def only(self, names: Iterable[str]) -> Rights:
        """Return the rights of these names, each where it is held; never the system's flag."""
        wanted = frozenset(names)
        return Rights({right: territory for right, territory in self.held.items() if right in wanted})

    def text(self) -> str:
        """Return the rights as canonical JSON: what ``app.rights`` holds during a transaction (migration 0007)."""
        held: dict[str, object] = {
            right: {
                "everywhere": territory.everywhere,
                "areas": sorted(territory.areas),
                "schools": sorted(territory.schools),
            }
            for right, territory in sorted(self.held.items())
            if territory
        }
        return json.dumps(held | ({"system": True} if self.is_system else {}), separators=(",", ":"))


NO_RIGHTS = Rights()
SYSTEM = Rights(is_system=True)
