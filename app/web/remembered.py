"""Parts that many pages share, made once as long as the data stay: map shapes, counts, names.

They are kept under the visible state that ``app.web.page_cache`` asked for this request, so they last exactly as
long as what they were made of. Only what a visitor sees is kept; other readers get parts of their own.
"""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from typing import TYPE_CHECKING, Any, TypeVar

from flask import current_app, g

from app.web.request import current_scope, public_reader
from geodata.queries.visible_state import visible_state

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

T = TypeVar("T")

MOST_PARTS = 200
"""The largest, the shapes of the country's map, has 100 kB."""


class Parts:
    """Parts of one visible state, the least used dropped beyond ``MOST_PARTS``; safe to share by threads."""

    def __init__(self) -> None:
        self._state = ""
        self._parts: OrderedDict[Hashable, Any] = OrderedDict()
        self._lock = Lock()

    def get(self, state: str, key: Hashable, make: Callable[[], T]) -> T:
        """Return the part, made by ``make`` when ``state`` has none; parts of another state are forgotten."""
        with self._lock:
            if state != self._state:
                self._parts.clear()
                self._state = state
            if key in self._parts:
                self._parts.move_to_end(key)
                kept: T = self._parts[key]
                return kept
        made = make()
        with self._lock:
            if state == self._state:
                self._parts[key] = made
                if len(self._parts) > MOST_PARTS:
                    self._parts.popitem(last=False)
        return made


def remembered_by_state(key: Hashable, make: Callable[[], T]) -> T:
    """Return the same as ``remembered`` for tiles and programs too, whose requests have not asked for the state yet."""
    if "page_state" not in g and current_scope() == "public":
        state = visible_state(public_reader())
        if state is not None:
            return _parts().get(state, key, make)
    return remembered(key, make)


def _parts() -> Parts:
    parts: Parts = current_app.extensions.setdefault("remembered", Parts())
    return parts


def remembered(key: Hashable, make: Callable[[], T]) -> T:
    """Return what ``make`` gives, from memory when it gave it under this state; nobody may change what comes back.

    ``key`` names the part and all that it depends on besides the data: run, filter, area, language.
    """
    state = g.get("page_state")
    if state is None:
        return make()
    return _parts().get(state, key, make)
