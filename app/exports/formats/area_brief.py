"""The area brief: two A4 pages for a session of the kenesh, PDF/UA-1, legible in black and white."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from app.exports import words
from app.exports.reasons import reason
from app.exports.svg_map import GRADE_SHAPES, INK
from app.exports.typeset import typeset
from app.i18n.catalogue import Translate, translator
from app.i18n.formats import format_date, format_number, format_percent
from app.i18n.marks import N_
from app.i18n.names import local_name
from geodata.records.area import AreaRow, DomainShare
from geodata.records.priority import AreaUnknowns, PriorityRow

WORST = 10
MOST_DOMAINS = 12
MOST_CRITERIA = 8
LONGEST_CRITERION = 170
GRADE_ORDER = ("E", "D", "C", "B", "A", "unknown")


@dataclass(frozen=True)
class AreaBrief:
    """What the brief tells. ``map_svg`` is a drawing without links; ``worst`` are the most urgent schools first.

    ``above`` names the areas from the country down; ``criteria`` and ``domains`` are texts by code.
    """

    area: AreaRow
    above: Sequence[str]
    run_hash: str
    data_date: date
    made_on: date
    is_synthetic: bool
    language: str
    address: str
    map_svg: str
    shading: str
    worst: Sequence[PriorityRow]
    criteria: Mapping[str, str]
    domains: Mapping[str, str]
    shares: Sequence[DomainShare]
    unknowns: AreaUnknowns
    sources: Sequence[str]


def write_brief(brief: AreaBrief) -> bytes:
    """Return the PDF: exactly two pages, whatever the length of names and reasons."""
    return typeset("area_brief.typ", brief_data(brief))


def brief_data(brief: AreaBrief) -> dict[str, Any]:
    """Return what the template is given, all text, in the language of the brief."""
    say = translator(brief.language)
    name = local_name(brief.area, brief.language)
    return {
        "lang": brief.language,
        "title": say(N_("%(area)s: safety of the schools"), area=name),
        "above": " · ".join(brief.above),
        "mark": say(N_("Synthetic data for demonstration: no real school.")) if brief.is_synthetic else "",
        "lead": _lead(brief, say),
        "map": brief.map_svg,
        "map_text": say(N_("Map of the area: schools by grade and its units")),
        "map_caption": brief.shading,
        "grades_title": say(N_("Schools by grade")),
        "grades": _grades(brief, say),
        "figures_title": say(N_("Figures and how much is known")),
        "figures": [list(row) for row in _figures(brief, say)],
        "how_title": say(N_("How to read this")),
        "how": _how(say),
        "worst_title": say(N_("Ten schools that need money first")),
        "worst_headings": [
            say(heading) for heading in (N_("Rank"), N_("School"), N_("Grade"), N_("Priority"), N_("Pupils"), N_("Why"))
        ],
        "worst": [_worst(brief, row, say) for row in brief.worst[:WORST]],
        "criteria_title": say(N_("What these critical requirements demand:")),
        "criteria": _criteria(brief),
        "none": say(N_("No school of this area is in the list.")),
        "domains_title": say(N_("Requirements of the Standard by domain")),
        "domains_note": say(N_("Share of the weight that fails (black) and that is unknown (hatched).")),
        "domains": [_domain(brief, share, say) for share in brief.shares[:MOST_DOMAINS]],
        "unknown_title": say(N_("What is not known")),
        "unknown": _unknown(brief, say),
        "origin": _origin(brief, say),
        "sources": "; ".join(brief.sources),
        "address": brief.address,
        "qr": qr_svg(brief.address),
        "qr_text": say(N_("QR code of the page of this area")),
        "page": say(N_("Page")),
    }


def _lead(brief: AreaBrief, say: Translate) -> str:
    area, language = brief.area, brief.language
    if not area.schools:
        return say(N_("The list holds no school of this area."))
    if area.graded_d_or_e is None or not area.assessed:
        return say(N_("None of the schools has been assessed yet: nothing can be said about their safety."))
    return say(
        N_("%(bad)s of %(schools)s schools are graded D or E. %(assessed)s have been assessed; about the others nothing is known."),  # noqa: E501
        bad=format_number(area.graded_d_or_e, language),
        schools=format_number(area.schools, language),
        assessed=format_number(area.assessed, language),
    )  # fmt: skip


def _grades(brief: AreaBrief, say: Translate) -> list[list[str]]:
    counts = brief.area.grade_counts or {}
    known = brief.area.grade_counts is not None
    return [
        [
            grade_svg("U" if grade == "unknown" else grade),
            say(words.GRADES[grade]),
            say(words.GRADE_MEANINGS[grade]),
            format_number(counts.get(grade, 0) if known else None, brief.language),
        ]
        for grade in GRADE_ORDER
    ]


def _figures(brief: AreaBrief, say: Translate) -> list[tuple[str, str, str]]:
    area, language = brief.area, brief.language

    def number(value: float | None, decimals: int = 0) -> str:
        return format_number(value, language, decimals)

    def share(part: int | None, whole: int | None) -> str:
        return format_percent(100 * part / whole if part is not None and whole else None, language)

    bounds = ""
    if area.mean_index is not None:
        bounds = say(
            N_("between %(lower)s and %(upper)s, by what is unknown"),
            lower=number(area.mean_index_lower),
            upper=number(area.mean_index_upper),
        )
    cover = N_("enough to compare areas") if area.is_rankable else N_("too few to compare areas")
    return [
        (say(N_("Schools")), number(area.schools), ""),
        (say(N_("Assessed")), number(area.assessed), share(area.assessed, area.schools)),
        (
            say(N_("Assessed to 80 % or more")),
            number(area.covered),
            f"{share(area.covered, area.schools)}, {say(cover)}",
        ),
        (say(N_("Pupils")), number(area.pupils), ""),
        (
            say(N_("Pupils in schools graded D or E")),
            number(area.pupils_at_risk),
            share(area.pupils_at_risk, area.pupils),
        ),
        (say(N_("Mean conformity index, of 100")), number(area.mean_index), bounds),
        (say(N_("Mean priority, of 100")), number(area.mean_priority, 1), ""),
    ]


def _how(say: Translate) -> list[str]:
    return [
        say(N_("The grade tells how far a school meets the Standard; E means that a critical requirement is broken.")),
        say(N_("The priority, 0 to 100, adds danger to life, failed requirements, overcrowding and poverty.")),
        say(N_("In brackets: the priority if everything unknown were harmless, and if it were as bad as it can be.")),
        say(
            N_(
                "Unknown is never counted as safe: an unknown factor stands at half of its most, or where the table of "
                "priors puts it."
            )
        ),
    ]


def _worst(brief: AreaBrief, row: PriorityRow, say: Translate) -> list[str]:
    language = brief.language
    priority = format_number(row.priority_central, language, 1)
    lower, upper = (format_number(value, language) for value in (row.priority_lower, row.priority_upper))
    cells = (
        format_number(_rank_in(brief.area.level, row), language),
        f"{local_name(row, language)} ({row.code})",
        row.grade or say(words.UNKNOWN),
        f"{priority} ({lower}–{upper})",
        format_number(row.pupils, language),
        reason(row, say, language),
    )
    return list(cells)


def _criteria(brief: AreaBrief) -> list[str]:
    """Return the failed critical requirements of the schools above in words, the most frequent first."""
    counts = Counter(code for row in brief.worst[:WORST] for code in row.red_flags)
    told = []
    for code, _count in counts.most_common(MOST_CRITERIA):
        text = brief.criteria.get(code, code)
        if len(text) > LONGEST_CRITERION:
            text = text[:LONGEST_CRITERION].rsplit(" ", 1)[0] + " …"
        told.append(f"{code}: {text}")
    return told


def _rank_in(level: int, row: PriorityRow) -> int | None:
    return (row.national_rank, row.oblast_rank, row.rayon_rank, row.aimak_rank)[level]


def _domain(brief: AreaBrief, share: DomainShare, say: Translate) -> dict[str, Any]:
    language = brief.language
    return {
        "name": brief.domains.get(share.domain_code, share.domain_code),
        "failed": max(0.0, min(100.0, share.failed_pct)),
        "unknown": max(0.0, min(100.0 - share.failed_pct, share.unknown_pct)),
        "text": say(
            N_("fails %(failed)s, unknown %(unknown)s"),
            failed=format_percent(share.failed_pct, language),
            unknown=format_percent(share.unknown_pct, language),
        ),
        "schools": say(
            N_("%(failing)s of %(schools)s schools fail"),
            failing=format_number(share.schools_failing, language),
            schools=format_number(share.schools, language),
        ),
    }


def _unknown(brief: AreaBrief, say: Translate) -> list[str]:
    found, language = brief.unknowns, brief.language
    lines = [
        (N_("without a grade: %(n)s of %(all)s schools"), found.without_grade),
        (N_("never assessed: %(n)s of %(all)s schools"), found.never_assessed),
        (N_("place unknown or doubtful: %(n)s of %(all)s schools"), found.place_doubtful),
        (N_("number of pupils unknown: %(n)s of %(all)s schools"), found.without_pupils),
    ]
    told = [
        say(text, n=format_number(count, language), all=format_number(found.schools, language)) for text, count in lines
    ]
    gaps = sorted(zip(words.FACTOR_SHORT, found.factors, strict=True), key=lambda pair: -pair[1])
    for factor, count in gaps[:3]:
        if count:
            told.append(
                say(
                    N_("factor “%(factor)s” unknown: %(n)s of %(all)s schools"),
                    factor=say(words.FACTOR_SHORT[factor]),
                    n=format_number(count, language),
                    all=format_number(found.schools, language),
                )
            )
    return told


def _origin(brief: AreaBrief, say: Translate) -> str:
    return say(
        N_("Run %(run)s · data as of %(data)s · printed %(made)s"),
        run=brief.run_hash[:16],
        data=format_date(brief.data_date, brief.language),
        made=format_date(brief.made_on, brief.language),
    )


def grade_svg(grade: str) -> str:
    """Return the symbol of a grade as a drawing of its own."""
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="-9 -9 18 18">{GRADE_SHAPES[grade]}</svg>'


def qr_svg(text: str, *, is_small: bool = False) -> str:
    """Return the QR code of ``text`` as a drawing: one path, a quiet zone of four modules.

    ``is_small``: for print beside a line; fewer modules, the space around is part of the quiet zone, and one mask for
    all, which makes a form of two hundred codes four times as fast.
    """
    import qrcode

    level = qrcode.constants.ERROR_CORRECT_L if is_small else qrcode.constants.ERROR_CORRECT_M
    code = qrcode.QRCode(error_correction=level, border=2 if is_small else 4, mask_pattern=3 if is_small else None)
    code.add_data(text)
    code.make(fit=True)
    rows = code.get_matrix()
    path = "".join(_dark_runs(row, y) for y, row in enumerate(rows))
    size = len(rows)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}">'
        f'<rect width="{size}" height="{size}" fill="#fff"/><path d="{path}" fill="{INK}"/></svg>'
    )


def _dark_runs(row: list[bool], y: int) -> str:
    """Return the dark modules of a row, neighbours as one rectangle."""
    found, x = "", 0
    for is_dark, run in groupby(row):
        length = len(list(run))
        if is_dark:
            found += f"M{x} {y}h{length}v1h-{length}z"
        x += length
    return found
