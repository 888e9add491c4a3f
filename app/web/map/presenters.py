"""Records to the map page: title, legend with counts, list, server-drawn map and what the script needs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from flask_babel import gettext
from markupsafe import Markup

from app.exports.choropleth import INDICATORS, Indicator, count_classes
from app.exports.words import CONFIDENCE, HAZARD_LABELS, OWNERSHIP, QUEUES
from app.i18n.names import local_name
from app.web.language import current_language
from app.web.map.cards import SchoolCard, school_card
from app.web.map.choices import Choice
from app.web.map.drawing import draw_country
from app.web.map.layers import LayerGroup, layer_groups, missing_layers
from app.web.map.levels import LEVEL_ZOOMS, levels_of
from app.web.map.script import script_config
from app.web.map.state import MapState, map_address
from app.web.map.titles import map_title
from app.web.past_day import PastDay, day_shown
from app.web.priorities.list_page import counts_of
from app.web.priorities.plan_marks import PlanMarks, marks_of, shown_plan
from app.web.remembered import remembered
from app.web.shapes import areas_in, frame_around_area
from geodata.queries import priorities, tile_versions

if TYPE_CHECKING:
    from geodata.database import Session
    from geodata.models import Run
    from geodata.records.map_shape import AreaShape
    from geodata.records.priority import ListFilter, PriorityRow

GRADES = ("E", "D", "C", "B", "A", "unknown")
CONFIDENCE_ORDER = ("4", "3", "2", "1")


@dataclass(frozen=True)
class Row:
    """One line of the linked list."""

    row: PriorityRow
    name: str
    place: str
    href: str


@dataclass(frozen=True)
class AreaLine:
    """One line of the table twin of the shaded areas."""

    name: str
    href: str
    schools: int | None
    assessed: int | None
    value: float | None


@dataclass(frozen=True)
class MapPage:
    """All that ``map/index.html`` shows."""

    title: str
    run: Run | None
    wanted: ListFilter
    state: MapState
    indicator: Indicator
    indicators: list[Indicator]
    level: int
    total: int
    filtered: int
    grades: list[Choice]
    shades: list[Choice]
    confidence: list[Choice]
    ownership: list[Choice]
    hazards: list[Choice]
    queues: list[Choice]
    layer_groups: list[LayerGroup]
    missing_layers: list[str]
    areas: list[Choice]
    chips: list[tuple[str, str]]
    rows: list[Row]
    area_lines: list[AreaLine]
    limit: int
    offset: int
    svg: Markup
    card: SchoolCard | None
    config: dict[str, Any]
    own_area: str | None
    money: PlanMarks

    @property
    def on(self) -> date:
        """Return the day of the outlines."""
        return self.wanted.date or date.today()  # noqa: DTZ011  the server's day

    @property
    def day(self) -> PastDay | None:
        """Return the past day that the page shows, None for today."""
        return day_shown()

    @property
    def layers(self) -> list[Choice]:
        """Return the boxes of all hazard layers."""
        return [box for group in self.layer_groups for box in group.boxes]


def shows_money(wanted: ListFilter) -> bool:
    """Return whether the map marks who gets money: where the address names a plan, or asks for the funded or others."""
    return wanted.plan is not None or wanted.funded is not None


def map_page(
    session: Session, run: Run | None, wanted: ListFilter, state: MapState, limit: int, offset: int
) -> MapPage:
    """Return the page for a filter and a state; without a run the outlines stand alone and figures are unknown."""
    indicator, language = INDICATORS[state.indicator], current_language()
    frame = frame_around_area(session, wanted.area, 860, 470)
    is_deep = wanted.area or state.level == "3" or (state.view is not None and state.view[2] >= LEVEL_ZOOMS[-1])
    shapes = areas_in(session, frame, (1, 2, 3) if is_deep else (1, 2), run.id if run else None, wanted.date)
    inside = _inside(shapes, wanted.area)
    levels = levels_of(state, next((shape for shape in shapes if shape.code == wanted.area), None), inside)
    shown = [shape for shape in inside if shape.stands_at(levels.shown)]
    counts = counts_of(session, run, wanted) if run else {}
    found = priorities.select_rows(session, run.id, wanted, limit, offset) if run else []
    layers = remembered("layers", lambda: tile_versions.mapped_layers(session))
    names = {shape.code: local_name(shape, language) for shape in shapes}
    every = counts.get("all", {})
    card = school_card(session, run, state.school) if run and state.school else None
    own, money = names.get(wanted.area or ""), _money(session, run, wanted, found)
    return MapPage(
        title=map_title(indicator, shown, run, own),
        run=run,
        wanted=wanted,
        state=state,
        indicator=indicator,
        indicators=list(INDICATORS.values()),
        level=levels.shown,
        total=every.get("total", 0),
        filtered=every.get("filtered", 0),
        grades=_choices(GRADES, {grade: grade for grade in GRADES}, counts.get("grade"), wanted.grades),
        shades=_shades(indicator, shown, state, language),
        confidence=_choices(CONFIDENCE_ORDER, CONFIDENCE, counts.get("confidence"), tuple(map(str, wanted.confidence))),
        ownership=_choices(tuple(OWNERSHIP), OWNERSHIP, counts.get("ownership"), wanted.ownership),
        hazards=_hazards(counts.get("hazard", {}), wanted),
        queues=[Choice(code, gettext(name), None, code == wanted.queue) for code, name in QUEUES.items()],
        layer_groups=layer_groups(layers, state),
        missing_layers=missing_layers(layers, state),
        areas=[Choice(s.code, local_name(s, language), None, s.code == wanted.area) for s in shapes if s.level == 1],
        chips=_chips(wanted, state, own),
        rows=[_row(row, names, language, wanted, state) for row in found],
        area_lines=_area_lines(indicator, shown, wanted, state, language),
        limit=limit,
        offset=offset,
        svg=Markup(  # noqa: S704  drawn by our own code, texts escaped there
            draw_country(session, frame, shapes, levels.shown, indicator, state, wanted, found, money.funded, layers)
        ),
        card=card,
        config=script_config(session, run, wanted, state, levels, indicator, layers, card, money.plan),
        own_area=own,
        money=money,
    )


def _money(session: Session, run: Run | None, wanted: ListFilter, found: list[PriorityRow]) -> PlanMarks:
    """Return the plan, and the marks of the listed schools where the address asks for money."""
    if run is None:
        return PlanMarks(None)
    if shows_money(wanted):
        return marks_of(session, run, wanted, [row.school_id for row in found])
    return PlanMarks(shown_plan(session, run, None))


def page_address(page: MapPage, step: int) -> str:
    """Return the address of the list's next (1) or previous (-1) page; the map's state is kept."""
    offset = max(0, page.offset + step * page.limit)
    return map_address(page.wanted, page.state) + _more(page, offset)


def _more(page: MapPage, offset: int) -> str:
    if not offset:
        return ""
    joint = "&" if "?" in map_address(page.wanted, page.state) else "?"
    return f"{joint}offset={offset}"


def _inside(shapes: list[AreaShape], own: str | None) -> list[AreaShape]:
    """Return ``own`` (None: the country) and the areas that lie in it; the frame shows its neighbours too."""
    if own is None:
        return shapes
    parents = {shape.code: shape.parent_code for shape in shapes}

    def is_inside(code: str | None) -> bool:
        return code == own or (code is not None and is_inside(parents.get(code)))

    return [shape for shape in shapes if is_inside(shape.code)]


def _choices(
    values: tuple[str, ...], words: dict[str, str], counts: dict[str, int] | None, chosen: tuple[str, ...]
) -> list[Choice]:
    known = counts or {}
    return [
        Choice(value, gettext(words[value]), known.get(value, 0), not chosen or value in chosen) for value in values
    ]


def _shades(indicator: Indicator, shown: list[AreaShape], state: MapState, language: str) -> list[Choice]:
    counts = count_classes(indicator, shown)
    rows = [
        Choice(str(number), indicator.class_label(number, language), counts[number], number in state.shades)
        for number in range(5, 0, -1)
    ]
    return [*rows, Choice("0", gettext("No data"), counts[0], 0 in state.shades)]


def _hazards(counts: dict[str, int], wanted: ListFilter) -> list[Choice]:
    kinds = sorted(set(counts) | ({wanted.hazard} if wanted.hazard else set()))
    return [
        Choice(kind, gettext(HAZARD_LABELS.get(kind, kind)), counts.get(kind, 0), kind == wanted.hazard)
        for kind in kinds
    ]


def _chips(wanted: ListFilter, state: MapState, own: str | None) -> list[tuple[str, str]]:
    """Return what restricts the list: words and the address without it."""
    found: list[tuple[str, dict[str, Any]]] = []
    if wanted.area:
        found.append((own or wanted.area, {"area": None}))
    if wanted.q:
        found.append((f"«{wanted.q}»", {"q": None}))
    if wanted.grades:
        words = [gettext("Unknown") if grade == "unknown" else grade for grade in wanted.grades]
        found.append((gettext("Grade: %(grades)s", grades=", ".join(words)), {"grades": ()}))
    if wanted.confidence:
        found.append((gettext("Confidence: %(n)s of 4", n=len(wanted.confidence)), {"confidence": ()}))
    if wanted.ownership:
        found.append((", ".join(gettext(OWNERSHIP[one]) for one in wanted.ownership), {"ownership": ()}))
    if wanted.hazard:
        label = gettext(HAZARD_LABELS.get(wanted.hazard, wanted.hazard))
        found.append((label, {"hazard": None, "hazard_level": None}))
    if wanted.domain:
        found.append((wanted.domain, {"domain": None}))
    if wanted.funded is not None:
        found.append((gettext("Funded") if wanted.funded else gettext("Not funded"), {"funded": None}))
    if wanted.queue:
        name = gettext(QUEUES[wanted.queue])
        found.append((gettext("Queue: %(name)s", name=name), {"queue": None, "queue_schools": None}))
    if wanted.plan:
        found.append((gettext("Plan %(hash)s", hash=wanted.plan[:12]), {"plan": None, "funded": None}))
    return [(words, map_address(wanted, state, **change)) for words, change in found]


def _row(row: PriorityRow, names: dict[str, str], language: str, wanted: ListFilter, state: MapState) -> Row:
    place = names.get(row.rayon_code or "") or names.get(row.oblast_code or "", "")
    return Row(row, local_name(row, language), place, map_address(wanted, state, school=row.code))


def _area_lines(
    indicator: Indicator, shown: list[AreaShape], wanted: ListFilter, state: MapState, language: str
) -> list[AreaLine]:
    lines = [
        AreaLine(
            local_name(shape, language),
            map_address(wanted, state, area=shape.code),
            shape.schools,
            shape.assessed,
            indicator.value_of(shape),
        )
        for shape in shown
    ]
    worst_first = -1.0 if not indicator.is_reversed else 1.0
    return sorted(lines, key=lambda line: (line.value is None, worst_first * (line.value or 0), line.name))
