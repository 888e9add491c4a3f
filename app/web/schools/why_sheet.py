"""The page of why a school has its rank, as the sheet that is printed from the same figures."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _

from app.exports.formats.why_sheet import SheetPart, WhySheet
from app.i18n.formats import format_date, format_number, format_percent
from app.i18n.marks import N_
from app.web.language import current_language

if TYPE_CHECKING:
    from app.web.schools.why_page import WhyPart
    from geodata.records.priority import PriorityRow


PARTS_NOTE = N_(
    "Points of each part. Dashed: the most it can add; line: the middle of the list; hatched: unknown, counted at half "
    "or by the table of priors."
)

HEADINGS = (
    N_("Part"),
    "",
    N_("Points"),
    N_("Middle of the list"),
    N_("School above"),
    N_("School below"),
    N_("Measured value"),
)


def sheet_of(page: dict[str, Any], address: str) -> WhySheet:
    """Return the sheet of a page by ``why_page``; ``address`` is what its QR code opens."""
    language, run, row = current_language(), page["run"], page["row"]
    values = {"rank": format_number(page["rank"], language), "school": page["name"]}
    return WhySheet(
        lang=language,
        title=_("Why rank %(rank)s: %(school)s", **values),
        above=" · ".join(name for _level, name, _rank, _address in page["levels"][1:]),
        mark=_("Synthetic data for demonstration: no real school.") if run.is_synthetic else "",
        sentences=page["sentences"],
        parts_title=_("Its points beside the others"),
        parts_note=_(PARTS_NOTE),
        parts_headings=["" if not text else _(text) for text in HEADINGS],
        parts=[_sheet_part(part, language) for part in page["parts"]],
        changes_title=_("What would change its rank"),
        changes_note=_("One fact changes, all other schools stay as they are; ranks are those of the whole country"),
        changes_headings=[
            _("Part"),
            _("Rank at its best"),
            _("Rank at its worst"),
            _("%(step)s places up at", step=page["step"]),
            _("%(step)s places down at", step=page["step"]),
        ],
        changes=[_change(part, language) for part in page["parts"]],
        shares_title=_("What its points rest on"),
        shares=[
            [one.label, format_number(one.points, language, 1), format_percent(one.share_pct, language)]
            for one in page["shares"]
        ],
        firm=[_interval(row, language), page["firm"]],
        limits=_("A rank is no engineer's conclusion on a building. It says who should be looked at and helped first."),
        origin=_(
            "Ranking %(hash)s, data as of %(date)s, printed on %(today)s",
            hash=run.hash[:16],
            date=format_date(run.data_date, language),
            today=format_date(datetime.now(UTC).date(), language),
        ),
        address=address,
        qr_text=_("QR code of this page"),
    )


def _sheet_part(part: WhyPart, language: str) -> SheetPart:
    beside = [_("none") if value is None else format_number(value, language, 1) for value in (part.above, part.below)]
    own = [format_number(part.points, language, 1), format_number(part.median, language, 1)]
    label = f"{part.code} {part.label}"
    return SheetPart(label, part.points, part.most, part.median, part.is_known, [*own, *beside], part.raw, part.source)


def _change(part: WhyPart, language: str) -> list[str]:
    return [part.label, format_number(part.best, language), format_number(part.worst, language), part.up, part.down]


def _interval(row: PriorityRow, language: str) -> str:
    return _(
        "Rank between %(low)s and %(high)s",
        low=format_number(row.rank_low, language),
        high=format_number(row.rank_high, language),
    )
