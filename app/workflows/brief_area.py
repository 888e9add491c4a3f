"""Make the two pages about one area from what the run and the map say: read, draw, typeset."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from app.exports.choropleth import DEFAULT_INDICATOR, INDICATORS
from app.exports.formats.area_brief import WORST, AreaBrief, write_brief
from app.exports.origins import origin_lines
from app.exports.short_names import name_inside
from app.exports.svg_map import DrawnArea, DrawnSchool, MapDrawing, draw_map
from app.i18n.catalogue import translator
from app.i18n.marks import N_
from app.i18n.names import local_name
from geodata.queries import area_unknowns, areas, list_file, map_shapes, standard
from geodata.queries.priorities import select_rows
from geodata.records.priority import ListFilter

if TYPE_CHECKING:
    from geodata.database import Session
    from geodata.models import Area, Run
    from geodata.records.map_shape import AreaShape, Frame
    from geodata.records.priority import PriorityRow

WIDTH, HEIGHT = 760, 380
MOST_POINTS = 500
MOST_LARGE_MARKS = 150
"""With more signs than this, smaller ones leave names and borders legible."""
DEEPEST = 3
SHADING = INDICATORS[DEFAULT_INDICATOR]


def brief_area(session: Session, run: Run, area: Area, language: str, address: str) -> bytes:
    """Return the PDF about ``area`` in ``run``; ``address`` is the page that its QR code opens."""
    row = areas.area_row(session, run.id, area.id)
    wanted = ListFilter(area=area.code)
    rows = select_rows(session, run.id, wanted, max(MOST_POINTS, WORST), 0)
    worst = rows[:WORST]
    codes = {code for school in worst for code in school.red_flags}
    criteria = standard.criteria(session, run.edition_id, codes) if codes else []
    domains = standard.domains(session, run.edition_id)
    say = translator(language)
    draws_points = row.schools is not None and row.schools <= MOST_POINTS
    brief = AreaBrief(
        area=row,
        above=[local_name(above, language) for above in areas.breadcrumb(session, area.id)[:-1]],
        run_hash=run.hash,
        data_date=run.data_date,
        made_on=datetime.now(UTC).date(),
        is_synthetic=run.is_synthetic,
        language=language,
        address=address,
        map_svg=_draw(session, run, area, language, rows if draws_points else []),
        shading=_caption(language, draws_points),
        worst=worst,
        criteria={criterion.code: local_name(criterion, language, "text") for criterion in criteria},
        domains={domain.code: local_name(domain, language) for domain in domains},
        shares=areas.domain_shares(session, run.id, area.id),
        unknowns=area_unknowns.area_unknowns(session, run.id, area.id),
        sources=origin_lines(list_file.list_sources(session), say),
    )
    return write_brief(brief)


def _caption(language: str, draws_points: bool) -> str:
    say = translator(language)
    classes = "; ".join(SHADING.class_label(number, language) for number in range(1, 6))
    text = say(
        N_("Shading, light to dark: %(what)s (%(classes)s); hatched: unknown."),
        what=say(SHADING.label),
        classes=classes,
    )
    signs = say(N_("Signs: schools by grade."))
    return f"{text} {signs}" if draws_points else text


def _draw(session: Session, run: Run, area: Area, language: str, schools: list[PriorityRow]) -> str:
    frame = map_shapes.frame_of(session, area.code if area.level else None, WIDTH, HEIGHT)
    level = min(area.level + 1, DEEPEST)
    shapes = map_shapes.area_shapes(session, frame, tuple({area.level, level}), run.id)
    below = {child.code for child in areas.children(session, area.id)} | {area.code}
    say = translator(language)
    return draw_map(
        MapDrawing(
            frame=frame,
            title=say(SHADING.label),
            description=say(N_("The tables of the brief hold the same figures.")),
            language=language,
            areas=[
                _shaded(shape, language, is_named=shape.code != area.code)
                for shape in shapes
                if shape.code in below and shape.stands_at(level)
            ],
            outlines=[
                DrawnArea(shape.path, None, "", "", shape.label_x, shape.label_y, is_own=True)
                for shape in shapes
                if shape.code == area.code
            ],
            context=map_shapes.context_shapes(session, frame),
            schools=[_sign(row, frame) for row in reversed(schools) if row.lon is not None],
            name="brief",
            km=say(N_("km")),
            shows_places=area.level > 0,
            mark_scale=1.0 if len(schools) <= MOST_LARGE_MARKS else 0.7,
        )
    )


def _shaded(shape: AreaShape, language: str, *, is_named: bool) -> DrawnArea:
    name = local_name(shape, language)
    number = SHADING.class_of(SHADING.value_of(shape))
    return DrawnArea(shape.path, number, name, name_inside(name) if is_named else "", shape.label_x, shape.label_y)


def _sign(row: PriorityRow, frame: Frame) -> DrawnSchool:
    x, y = frame.project(row.lon or 0.0, row.lat or 0.0)
    return DrawnSchool(x, y, row.grade, row.code)
