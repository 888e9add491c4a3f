"""The page of an area over time: conformity, coverage and domains in each published ranking, campaigns, its units."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

from flask import g, url_for
from flask_babel import gettext as _

from app.i18n.formats import format_percent
from app.i18n.names import local_name
from app.risk.parameters import default_parameters
from app.web.areas.area_page import CHANGES
from app.web.charts.bars import share_bar
from app.web.charts.timeline import Mark, timeline
from app.web.language import current_language
from app.web.remembered import remembered
from app.web.schools import words
from app.web.schools.school_page import NORM
from geodata.queries import area_history, areas

if TYPE_CHECKING:
    from markupsafe import Markup

    from geodata.database import Session
    from geodata.queries.area_history import AreaPoint
    from geodata.records.area import AreaRow, DomainShare

MOST_POINTS = 12
MOST_PROFILES = 6
"""Newest rankings whose profile of domains stands side by side."""


def history_page(session: Session, family: areas.Family) -> dict[str, Any]:
    """Return the page; an area that no published ranking holds has no points."""
    area, language = family.path[-1], current_language()
    covered_from = default_parameters()["conformity.completeness"]
    points = remembered(
        ("area history", area.id), lambda: area_history.area_points(session, area.id, covered_from, MOST_POINTS)
    )
    return {
        "area": area,
        "path": [(local_name(step, language), url_for("areas.area", code=step.code)) for step in family.path],
        "points": list(reversed(points)),
        "chart": _chart(points) if points else None,
        "compared": _compared(points),
        "profiles": _profiles(session, area, points[-MOST_PROFILES:]) if points else [],
        "days": [(point.day, point.edition) for point in points[-MOST_PROFILES:]],
        "lacks": any(not point.is_stored for point in points),
        "history": family.history,
        "changes": CHANGES,
        "campaigns": _campaigns(session, area),
        "kinds": words.ASSESSMENTS,
    }


def _chart(points: list[AreaPoint]) -> Markup:
    marks = [
        Mark(
            point.day.toordinal(),
            f"{point.day:%m.%Y}",
            None
            if point.index is None or point.index_lower is None or point.index_upper is None
            else (point.index_lower, point.index, point.index_upper),
            "?" if point.index is None else f"{point.index:.0f}",
        )
        for point in points
    ]
    return timeline(marks, NORM, _("Mean index of the area over time; the table beside it holds the numbers"))


def _compared(points: list[AreaPoint]) -> list[dict[str, Any]]:
    """Return what differs between each two rankings that follow each other, the newest first."""
    found = []
    for old, new in pairwise(points):
        known = old.index is not None and new.index is not None
        asked = {
            "against_date": old.day.isoformat(),
            "against_edition": old.edition,
            "date": new.day.isoformat(),
            "edition": new.edition,
        }
        found.append(
            {
                "old": old,
                "new": new,
                "index": (new.index or 0.0) - (old.index or 0.0) if known else None,
                "assessed": new.assessed - old.assessed,
                "bad": new.graded_d_or_e - old.graded_d_or_e,
                "graded": new.graded - old.graded,
                "cause": url_for("standard.rescore", **asked),  # type: ignore[arg-type]
            }
        )
    return found[::-1]


def _profiles(session: Session, area: AreaRow, points: list[AreaPoint]) -> list[dict[str, Any]]:
    """Return the domains of the newest ranking with their shares in each, None where an edition does not have one."""
    ids = [point.run_id for point in points]
    own = area.id if area.level else None
    by_run = remembered(("domains over time", own, *ids), lambda: areas.domain_shares_of_runs(session, ids, own))
    named: dict[str, DomainShare] = {}
    for run_id in ids:
        named.update({share.domain_code: share for share in by_run.get(run_id, [])})
    newest = {share.domain_code: share for share in by_run.get(ids[-1], [])}
    order = [*newest, *(code for code in named if code not in newest)]
    columns = [{share.domain_code: share for share in by_run.get(run_id, [])} for run_id in ids]
    return [
        {
            "name": local_name(named[code], current_language()),
            "bar": _bar(newest[code]) if code in newest else "",
            "shares": [column.get(code) for column in columns],
        }
        for code in order
    ]


def _bar(share: DomainShare) -> Markup:
    language = current_language()
    title = _(
        "%(failed)s fails, %(unknown)s unknown",
        failed=format_percent(share.failed_pct, language),
        unknown=format_percent(share.unknown_pct, language),
    )
    return share_bar(share.failed_pct, share.unknown_pct, title)


def _campaigns(session: Session, area: AreaRow) -> list[area_history.EndedCampaign]:
    """Return closed campaigns for who is signed in: visitors see none, so they are not asked for."""
    if g.get("account_id") is None:
        return []
    return area_history.ended_campaigns(session, area.id, is_country=area.level == 0)
