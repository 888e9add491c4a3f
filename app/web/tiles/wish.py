"""What a tile's address asks for, and the key that stands for its content."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from geodata.records.priority import ListFilter

DEEPEST_ZOOM = 22
WHOLE_HASH = 64


@dataclass(frozen=True)
class Wish:
    """What a tile's address asks for. ``version`` is the ``v`` of the address, None without one."""

    layer: str
    z: int
    x: int
    y: int
    wanted: ListFilter
    level: int
    version: str | None

    @property
    def is_pinned(self) -> bool:
        """Whether the address names all that the content depends on, so that it never changes."""
        has_run = self.wanted.run is not None and len(self.wanted.run) == WHOLE_HASH
        if self.wanted.funded is not None:
            has_run = has_run and self.wanted.plan is not None and len(self.wanted.plan) == WHOLE_HASH
        if self.layer == "schools":
            return has_run and self.wanted.queue is None  # documents move schools between queues on any day
        if self.layer == "areas":
            return has_run and self.version is not None and self.wanted.date is not None
        return self.version is not None

    def key(self) -> str:
        """Return the text that stands for the content as everybody sees it: run, layer version, filter, place."""
        shown: Any = replace(self.wanted, sort="rank", descending=False)
        if self.layer not in ("schools", "areas"):
            shown = None
        elif self.layer == "areas":
            shown = (self.wanted.run, self.wanted.date, self.level)
        return repr((self.layer, self.version, shown, self.z, self.x, self.y))


def is_on_earth(z: int, x: int, y: int) -> bool:
    """Return whether there is such a tile; ``z`` to 22, none of the numbers below 0."""
    return z <= DEEPEST_ZOOM and x < 2**z and y < 2**z


def etag_of(key: str) -> str:
    """Return the entity tag of the content that a key stands for."""
    return hashlib.sha256(key.encode()).hexdigest()[:32]
