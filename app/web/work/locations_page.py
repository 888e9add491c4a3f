"""The page of the fix-it queue: the list, the map around one place, its twins, and the form that puts it right."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import request, url_for
from flask_babel import gettext as _

from app.web.checked_filter import checked_filter
from app.web.filters import InvalidFilterError, read_page
from app.web.guard import allowed
from app.web.priorities.list_page import page_of
from app.web.revisions import words
from app.web.schools.words import FLAGS, LOCATION_QUALITY
from app.web.work.place_map import ACROSS_KM, NEAREST, draw_place, metres
from app.web.work.placing import FIELDS, NOTES, open_place, shown_of
from app.workflows.revise_errors import OutsideTerritoryError
from app.workflows.revise_fields import find_edit_field
from geodata.queries import locations, map_shapes
from geodata.queries.territory import touches_territory

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.workflows.revise_errors import Conflict
    from geodata.database import Session
    from geodata.queries.locations import DoubtfulLocation

LONGEST_CODE = 100


@dataclass(frozen=True)
class Wish:
    """What the address asks for. ``across_km`` None: as near as the doubt needs."""

    area: str | None
    reason: str | None
    school: str | None
    across_km: str | None
    limit: int
    offset: int

    def address(self, **changes: Any) -> str:
        """Return the address of the page with ``changes``; None takes a parameter off."""
        own = {"area": self.area, "reason": self.reason, "offset": self.offset or None}
        values: dict[str, Any] = {name: value for name, value in {**own, **changes}.items() if value}
        return url_for("work.locations", **values)


def read_wish() -> Wish:
    """Return what the address of this request asks for; raises InvalidFilterError for an unknown value."""
    reason, across = request.args.get("reason") or None, request.args.get("across") or None
    if reason is not None and reason not in FLAGS:
        raise InvalidFilterError("reason", reason, FLAGS)
    if across is not None and across not in ACROSS_KM:
        raise InvalidFilterError("across", across, ACROSS_KM)
    limit, offset = read_page(request.args)
    school = request.args.get("school", "").replace("\0", "")[:LONGEST_CODE] or None
    return Wish(checked_filter().area, reason, school, across, limit, offset)


def locations_page(
    session: Session,
    wish: Wish,
    *,
    sent: Mapping[str, str] | None = None,
    errors: Mapping[str, Sequence[tuple[str, str]]] | None = None,
    conflicts: Sequence[Conflict] = (),
    point: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Return the page; with ``sent`` the form as it came back: with errors, with what changed, or a ``point`` in doubt.

    Raises:
        OutsideTerritoryError: The area has nothing of the reader's territory.
    """
    if wish.area is not None and not touches_territory(session, wish.area):
        raise OutsideTerritoryError
    rows = locations.doubtful(session, wish.area, wish.reason, wish.limit, wish.offset)
    looked_at = next((row for row in rows if row.code == wish.school), None)
    if looked_at is None and wish.school is not None:
        looked_at = locations.find_place(session, wish.school)
    is_unknown = wish.school is not None and looked_at is None
    if looked_at is None and rows:
        looked_at = rows[0]
    count = locations.count_doubtful(session, wish.area, wish.reason)
    shown = (*rows, *([looked_at] if looked_at else []))
    under_way = locations.corrections_under_way(session, [row.school_id for row in shown])
    return {
        "rows": rows,
        "count": count,
        "flags": FLAGS,
        "qualities": LOCATION_QUALITY,
        "chosen": {"area": wish.area, "reason": wish.reason},
        "areas": locations.areas_in_doubt(session),
        "map_of": {row.code: wish.address(school=row.code) for row in rows},
        "pages": page_of(lambda offset: wish.address(offset=offset), count, wish.limit, wish.offset),
        "looked_at": looked_at,
        "is_unknown": is_unknown,
        "under_way": under_way,
        **(
            _place(
                session, wish, looked_at, rows, _form(session, wish, looked_at, sent, errors or {}, conflicts, point)
            )
            if looked_at
            else {}
        ),
    }


def _place(
    session: Session,
    wish: Wish,
    looked_at: DoubtfulLocation,
    rows: Sequence[DoubtfulLocation],
    form: dict[str, Any] | None,
) -> dict[str, Any]:
    twins = locations.twins(session, looked_at.school_id)
    across = wish.across_km or (NEAREST if twins else ACROSS_KM[0])
    middle = None
    if looked_at.lon is None and looked_at.area_code is not None:
        bounds = map_shapes.area_bounds(session, looked_at.area_code)
        middle = None if bounds is None else ((bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2)
    return {
        "map": draw_place(session, looked_at, rows, twins, across, middle),
        "across": across,
        "nearer": [(km, wish.address(school=looked_at.code, across=km)) for km in ACROSS_KM],
        "twins": [(twin, metres(twin)) for twin in twins],
        "form": form,
    }


def _form(
    session: Session,
    wish: Wish,
    looked_at: DoubtfulLocation,
    sent: Mapping[str, str] | None,
    errors: Mapping[str, Sequence[tuple[str, str]]],
    conflicts: Sequence[Conflict],
    point: Mapping[str, Any] | None,
) -> dict[str, Any] | None:
    """Return the form of the place; None for who may not edit this school."""
    if not allowed("edit"):
        return None
    try:
        state = open_place(session, looked_at.code)
    except OutsideTerritoryError:
        return None
    values = {name: {**state.texts, **state.notes}[name] for name in (*FIELDS, *NOTES)}
    if sent is not None:
        values |= {name: sent.get(name, "") for name in values}
    quality = find_edit_field("school", "location_quality")
    return {
        "action": url_for("work.place", area=wish.area, reason=wish.reason, offset=wish.offset or None,
                          across=wish.across_km, school=looked_at.code),
        "texts": values,
        "errors": errors,
        "point": point,
        "conflicts": [
            (words.label_of("school", one.name), words.value_text("school", one.name, one.now),
             words.value_text("school", one.name, one.mine))
            for one in conflicts
        ],
        "qualities": words.options_of(quality) if quality else [],
        "labels": {name: words.label_of("school", name) for name in (*FIELDS, *NOTES)},
        "stamp": state.stamp,
        "shown": shown_of(state),
        "draft": state.draft,
        "others": [(one, one.author or _("Somebody else")) for one in state.others],
    }  # fmt: skip
