"""The page of a school over time: index with its bounds and grade, what became known, what changed, how old it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _

from app.i18n.names import local_name
from app.web.charts.timeline import Mark, timeline
from app.web.language import current_language
from app.web.schools import words
from app.web.schools.school_page import NORM
from app.web.standard.rescoring import CAUSE_SHORT
from app.workflows.rescore import CAUSES, NoSchoolsError
from app.workflows.school_history import Point, school_history
from geodata.queries import past, standard

if TYPE_CHECKING:
    from markupsafe import Markup

    from geodata.database import Session
    from geodata.records.school import SchoolFacts


def history_page(session: Session, school: SchoolFacts) -> dict[str, Any]:
    """Return the page; a closed school, or one that nobody assessed, has no points."""
    try:
        points = school_history(session, school.id, past.today_in_country(session))
    except NoSchoolsError:
        points = []
    return {
        "school": school,
        "name": local_name(school, current_language()),
        "points": list(reversed(points)),
        "chart": _chart(points) if points else None,
        "kinds": words.ASSESSMENTS,
        "causes": CAUSES,
        "cause_words": CAUSE_SHORT,
        "texts": _texts(session, points),
        "editions": {point.edition for point in points},
    }


def _chart(points: list[Point]) -> Markup:
    marks = [Mark(point.day.toordinal(), f"{point.day:%m.%Y}", point.index, point.grade or "?") for point in points]
    return timeline(marks, NORM, _("Index of the school over time; the table beside it holds the numbers"))


def _texts(session: Session, points: list[Point]) -> dict[tuple[str, str], str]:
    """Return the texts of requirements that changed, by edition and code."""
    wanted: dict[str, set[str]] = {}
    for point in points:
        if point.known:
            wanted.setdefault(point.edition, set()).update(point.known.changed)
    found = {}
    for code, criteria in wanted.items():
        edition = standard.find_edition(session, code)
        for row in standard.criteria(session, edition.id, criteria) if edition and criteria else ():
            found[code, row.code] = local_name(row, current_language(), "text")
    return found
