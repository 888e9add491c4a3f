"""Shapes of drawn maps, each drawn by the database once as long as the data stay."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.web.remembered import remembered
from geodata.queries import map_shapes

if TYPE_CHECKING:
    from datetime import date

    from geodata.database import Session
    from geodata.records.map_shape import AreaShape, ContextShape, Frame


def frame_around_area(session: Session, area_code: str | None, width: int, largest_height: int) -> Frame:
    """Return the frame around an area (None: the country), no higher than ``largest_height`` pixels."""
    size = (width, largest_height)
    return remembered(("frame", area_code, size), lambda: map_shapes.frame_of(session, area_code, *size))


def areas_in(
    session: Session, frame: Frame, levels: tuple[int, ...], run_id: int | None, on: date | None
) -> list[AreaShape]:
    """Return the areas of ``levels`` that the frame shows, with their figures in a run."""
    key = ("areas", frame, levels, run_id, on)
    return remembered(key, lambda: map_shapes.area_shapes(session, frame, levels, run_id, on))


def context_in(session: Session, frame: Frame) -> list[ContextShape]:
    """Return lakes, rivers, outlines and places of the base map that the frame shows."""
    return remembered(("context", frame), lambda: map_shapes.context_shapes(session, frame))
