"""What the address of the map says beside the list's filter: indicator, level, layers, view, selection."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from app.exports.choropleth import DEFAULT_INDICATOR, INDICATORS
from app.web.addresses import address_of
from app.web.filters import InvalidFilterError, write_filter

if TYPE_CHECKING:
    from werkzeug.datastructures import MultiDict

    from geodata.records.priority import ListFilter

LEVELS = ("auto", "1", "2", "3")
SHADES = ("0", "1", "2", "3", "4", "5", "none")
HAZARD_LEVELS = ("1", "2", "3", "4", "unknown", "none")
MOST_LAYERS = 20
LONGEST_CODE = 100


@dataclass(frozen=True, slots=True)
class MapState:
    """``view`` is (longitude, latitude, zoom); ``shades`` are the classes of areas that are drawn (0 = no data).

    ``hazard_classes`` are the classes of hazard layers that are drawn, as ``code.level``; a layer that is not
    among them is drawn whole.
    """

    indicator: str = DEFAULT_INDICATOR
    level: str = "auto"
    layers: tuple[str, ...] = ()
    shades: tuple[int, ...] = (0, 1, 2, 3, 4, 5)
    school: str | None = None
    view: tuple[float, float, float] | None = None
    hazard_classes: tuple[str, ...] = ()

    def levels_of(self, code: str) -> frozenset[int | None] | None:
        """Return the levels of a layer that are drawn (None in it: unknown level); None when all are."""
        chosen = [level for layer, _, level in (one.rpartition(".") for one in self.hazard_classes) if layer == code]
        if not chosen:
            return None
        return frozenset(None if level == "unknown" else int(level) for level in chosen if level != "none")


def read_state(args: MultiDict[str, str]) -> MapState:
    """Return the state of an address; other parameters are left alone.

    Raises:
        InvalidFilterError: A value is outside its list or no number.
    """
    return MapState(
        indicator=_choice(args, "show", tuple(INDICATORS), DEFAULT_INDICATOR),
        level=_choice(args, "by", LEVELS, "auto"),
        layers=tuple(code[:LONGEST_CODE] for code in _parts(args, "layers"))[:MOST_LAYERS],
        shades=_shades(args),
        school=args.get("school", "")[:LONGEST_CODE] or None,
        view=_view(args),
        hazard_classes=_hazard_classes(args),
    )


def write_state(state: MapState) -> dict[str, Any]:
    """Return the parameters of an address for ``state``; defaults are left out."""
    default = MapState()
    return {
        **({"show": state.indicator} if state.indicator != default.indicator else {}),
        **({"by": state.level} if state.level != default.level else {}),
        **({"layers": ",".join(state.layers)} if state.layers else {}),
        **({"shade": ",".join(map(str, state.shades))} if state.shades != default.shades else {}),
        **({"hz": ",".join(state.hazard_classes)} if state.hazard_classes else {}),
        **({"school": state.school} if state.school else {}),
    }


def map_address(wanted: ListFilter, state: MapState, *, school: str | None = None, **changes: Any) -> str:
    """Return the address of the map with ``changes`` of the filter and, when given, another chosen school."""
    chosen = state if school is None else replace(state, school=school)
    parts: dict[str, Any] = {**write_filter(wanted, **changes), **write_state(chosen)}
    return address_of("map.index", **parts)


def _parts(args: MultiDict[str, str], field: str) -> list[str]:
    return [part.strip() for value in args.getlist(field) for part in value.split(",") if part.strip()]


def _choice(args: MultiDict[str, str], field: str, choices: tuple[str, ...], default: str) -> str:
    value = args.get(field, "").strip() or default
    if value not in choices:
        raise InvalidFilterError(field, value, choices)
    return value


def _shades(args: MultiDict[str, str]) -> tuple[int, ...]:
    parts = _parts(args, "shade")
    for part in parts:
        if part not in SHADES:
            raise InvalidFilterError("shade", part, SHADES)
    if not parts:
        return MapState().shades
    return tuple(number for number in range(6) if str(number) in parts)


def _hazard_classes(args: MultiDict[str, str]) -> tuple[str, ...]:
    parts = tuple(part[: LONGEST_CODE + 8] for part in _parts(args, "hz"))[: MOST_LAYERS * len(HAZARD_LEVELS)]
    for part in parts:
        if part.rpartition(".")[2] not in HAZARD_LEVELS:
            raise InvalidFilterError("hz", part)
    return parts


def _view(args: MultiDict[str, str]) -> tuple[float, float, float] | None:
    value = args.get("at", "").strip()
    if not value:
        return None
    try:
        lon, lat, zoom = (float(part) for part in value[:60].split(","))
    except ValueError as error:
        raise InvalidFilterError("at", value) from error
    if not (-180 <= lon <= 180 and -85 <= lat <= 85 and 0 <= zoom <= 22):
        raise InvalidFilterError("at", value)
    return lon, lat, zoom
