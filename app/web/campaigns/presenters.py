"""What the pages of campaigns show: the list, one campaign with map, areas and visits, and the file of visits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import url_for
from flask_babel import gettext as _

from app.exports.choropleth import INDICATORS
from app.exports.plain_table import Cell, table_file
from app.i18n.names import local_name
from app.permissions import ROLES
from app.web.campaigns import words
from app.web.campaigns.campaign_map import draw_coverage
from app.web.charts.bars import tone_bar
from app.web.csv_companion import about_table
from app.web.language import current_language
from app.web.priorities.list_page import page_of
from app.web.schools.words import ASSESSMENTS
from app.workflows.campaigns import KINDS
from geodata.queries import areas, campaigns
from geodata.records.area import RAYON

if TYPE_CHECKING:
    from geodata.database import Session
    from geodata.models import Run
    from geodata.records.campaign import AreaCoverage, CampaignFacts

DEEPEST = 3
FILE_LIMIT = 200_000


def _share(part: int, whole: int) -> float | None:
    return 100.0 * part / whole if whole else None


def _summary(found: CampaignFacts) -> dict[str, Any]:
    share = _share(found.done, found.visits)
    title = _("%(done)s of %(visits)s visits published", done=found.done, visits=found.visits)
    return {
        "facts": found,
        "kind": _(ASSESSMENTS[found.kind]),
        "status": _(words.STATUSES[found.status]),
        "area": local_name(found, current_language(), "area_name") if found.area_code else _("Whole country"),
        "share": share,
        "bar": tone_bar(share or 0.0, title),
        "address": url_for("campaigns.campaign", campaign_id=found.id),
    }


def index_page(session: Session, form: dict[str, str] | None = None, wrong: str | None = None) -> dict[str, Any]:
    """Return the list of campaigns and the form of a new one, as it was sent and with what is wrong in it."""
    return {
        "rows": [_summary(found) for found in campaigns.campaigns(session)],
        "kinds": [(kind, _(ASSESSMENTS[kind])) for kind in KINDS],
        "areas": list(areas.names(session, (1, RAYON, DEEPEST)).values()),
        "form": form or {},
        "wrong": wrong,
        "today": campaigns.today(session),
    }


def _covered(
    session: Session, found: CampaignFacts, within: str | None
) -> tuple[tuple[str | None, int], int, list[AreaCoverage]]:
    """Return the area that is looked into with its level, the level below it, and the coverage there.

    Where all visits lie in one area of that level, its parts say more.
    """
    chosen = areas.find_area(session, within) if within else None
    around = (chosen.code, chosen.level) if chosen else (found.area_code, found.area_level or 0)
    level = min(max(around[1], 1) + 1, DEEPEST)
    covered = campaigns.coverage(session, found.id, level, within)
    while len(covered) == 1 and level < DEEPEST:
        around, level = (covered[0].code, level), level + 1
        covered = campaigns.coverage(session, found.id, level, within)
    return around, level, covered


def campaign_page(
    session: Session,
    found: CampaignFacts,
    run: Run | None,
    chosen: dict[str, str | None],
    limit: int,
    offset: int,
    wrong: str | None = None,
) -> dict[str, Any]:
    """Return one campaign; ``chosen``: state and area of the visits that are listed."""
    state, within = chosen["state"], chosen["area"]
    around, level, covered = _covered(session, found, within)

    def address(offset: int | None = None, **changes: str | None) -> str:
        wanted = {**chosen, **changes, "offset": offset}
        return url_for(
            "campaigns.campaign", campaign_id=found.id, **{key: value for key, value in wanted.items() if value}  # type: ignore[arg-type]
        )  # fmt: skip

    indicator = INDICATORS["coverage"]
    return _summary(found) | {
        "chosen": chosen,
        "wrong": wrong,
        "map": draw_coverage(session, run, found.id, around, level, covered) if run and covered else None,
        "classes": [(number, indicator.class_label(number, current_language())) for number in range(1, 6)],
        "areas": [
            {
                "facts": one,
                "name": local_name(one, current_language()) or one.code,
                "share": _share(one.done, one.visits),
                "bar": tone_bar(100.0 * one.done / one.visits, f"{one.done} / {one.visits}"),
                "address": address(area=one.code),
            }
            for one in covered
        ],
        "filters": [(key, _(label)) for key, label in words.FILTERS.items()],
        "visits": campaigns.visits(session, found.id, state, within, limit, offset),
        "states": {key: _(label) for key, label in words.STATES.items()},
        "pages": page_of(address, campaigns.count_visits(session, found.id, state, within), limit, offset),
        "assignees": [
            (one.id, one.name, ", ".join(_(ROLES[role].title) for role in one.roles if role in ROLES))
            for one in campaigns.assignees(session)
        ]
        if found.may_manage
        else [],
        "file": lambda extension: url_for(
            "campaigns.visits", campaign_id=found.id, extension=extension, state=state, area=within
        ),
    }


def visits_file(session: Session, found: CampaignFacts, chosen: dict[str, str | None], extension: str) -> bytes:
    """Return the visits of a campaign as a file: CSV under keys, a workbook under words."""
    rows: list[list[Cell]] = [
        [
            one.school_code,
            local_name(one, current_language()),
            _(words.STATES[one.state]) if extension == "xlsx" else one.state,
            one.account_name,
            one.due_on.isoformat(),
            one.reminded_at.date().isoformat() if one.reminded_at else None,
            one.reason,
        ]
        for one in campaigns.visits(session, found.id, chosen["state"], chosen["area"], FILE_LIMIT)
    ]
    labels = [_(label) for label in words.COLUMNS.values()]
    return table_file(extension, list(words.COLUMNS), labels, rows, _("Visits"), about_table(of_run=False))
