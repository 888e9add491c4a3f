"""What a school's page shows: grade in a sentence, parts of its score, rank, passport, hazards, domains."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _

from app.exports.words import FACTOR_SHORT, HAZARD_LABELS, OWNERSHIP, SCHOOL_KINDS
from app.i18n.formats import format_number, format_percent
from app.i18n.names import local_name
from app.web.addresses import address_of
from app.web.appeals.presenters import rows_of as appeals_of
from app.web.areas.names import units_of
from app.web.charts.bars import bounds_bar, part_bar
from app.web.charts.rank_strip import rank_strip
from app.web.conflicts.sources import sources_of
from app.web.conflicts.values import measured_text
from app.web.language import current_language
from app.web.method.scheme import Factor, factors
from app.web.schools import words
from app.web.schools.danger import danger_of
from app.web.schools.evidence import evidence_of
from app.web.schools.firmness import firmness_of
from app.web.schools.hazards import hazard_groups
from app.web.schools.nearby import nearby_of, surroundings_of
from app.web.schools.passport import building_types, passport
from app.web.schools.periods import periods_of
from app.web.schools.ways import ways_section
from geodata.queries import appeals, certainty, priorities, schools

if TYPE_CHECKING:
    from markupsafe import Markup

    from geodata.database import Session
    from geodata.models import Run
    from geodata.queries.travel import Surroundings
    from geodata.records.priority import PriorityRow
    from geodata.records.school import DomainFacts, SchoolFacts

NORM = 80.0


@dataclass(frozen=True)
class Part:
    """One part of the score: points, the bounds where it is unknown, and the raw value in words."""

    code: str
    label: str
    points: float
    most: float
    is_known: bool
    bar: Markup
    raw: str


def raw_text(code: str, value: float | None, language: str) -> str:
    """Return the raw value of a factor in words with its unit; None is unknown."""
    if value is None:
        return _("Unknown")
    if code == "C1":
        return _("%(value)s per 100,000 pupils a year", value=format_number(value * 1e5, language, 2))
    if code == "C2":
        return _("%(value)s people a year", value=format_number(value, language, 4))
    if code == "C3":
        return _("%(value)s of the value a year", value=format_percent(100 * value, language, 2))
    if code == "C4":
        return _("index %(index)s of 100", index=format_number(100 * (1 - value), language))
    if code == "C5":
        return _("%(share)s not met", share=format_percent(100 * value, language))
    if code == "C6":
        return _("%(value)s pupils per seat", value=format_number(value, language, 2))
    if code == "C7":
        return _("%(value)s min", value=format_number(value, language))
    return _("%(share)s of people are poor", share=format_percent(100 * value, language))


def parts_of(row: PriorityRow, used: list[Factor]) -> list[Part]:
    """Return the parts of the score, the largest first."""
    language = current_language()
    largest = max(factor.most_points for factor in used)
    found = []
    for number, factor in enumerate(used):
        points, is_known = row.contributions[number], row.known[number]
        label = _(FACTOR_SHORT[factor.code])
        title = _(
            "%(label)s: %(points)s of %(most)s points",
            label=label,
            points=format_number(points, language, 1),
            most=format_number(factor.most_points, language),
        )
        bar = part_bar(points, factor.most_points, largest, is_known=is_known, title=title)
        raw = raw_text(factor.code, row.factor_raw[number] if is_known else None, language)
        found.append(Part(factor.code, label, points, factor.most_points, is_known, bar, raw))
    return sorted(found, key=lambda part: -part.points)


def grade_sentence(row: PriorityRow, domains: list[DomainFacts]) -> str:
    """Return the grade in one sentence, with the first broken critical requirement by its text."""
    language = current_language()
    values = {
        "index": format_number(row.index_central, language),
        "share": format_percent(100 * row.completeness, language),
        "text": "",
    }
    broken = [criterion for domain in domains for criterion in domain.failed if criterion.code in row.red_flags]
    if row.grade == "E":
        if not broken:
            return _("Critical requirement broken; see the domains below.")
        values["text"] = local_name(broken[0], language, "text").rstrip(".")
    return _(words.GRADE_SENTENCES[row.grade or "unknown"]) % values


def domain_rows(domains: list[DomainFacts]) -> list[dict[str, Any]]:
    """Return the domain profile: index with bounds against the norm of 80; hatched whole where nothing is assessed."""
    language = current_language()
    found = []
    for domain in domains:
        title = _(
            "index between %(low)s and %(high)s of 100",
            low=format_number(domain.index_lower, language),
            high=format_number(domain.index_upper, language),
        )
        central = domain.index_central if domain.completeness else None  # what the prior says is no finding
        bar = bounds_bar(domain.index_lower, central, domain.index_upper, title, NORM)
        found.append({"facts": domain, "name": local_name(domain, language), "bar": bar})
    return found


def school_page(session: Session, run: Run | None, school: SchoolFacts) -> dict[str, Any]:
    """Return the page of ``school``; without a run it is the passport alone. Eight queries beside the school's,
    one more each for open appeals and expired answers."""
    near = priorities.neighbours(session, run.id, school.id) if run else []
    row = next((found for found in near if found.school_id == school.id), None)
    domains, sure = certainty.findings_of(session, run.id, school.id) if run and row else ([], None)
    own = [row.oblast_code, row.rayon_code, row.aimak_code] if row else []
    codes = [*own, *(found.rayon_code or found.oblast_code for found in near)]
    names = units_of(session, {code for code in codes if code})
    places = [names[code] for code in own if code and code in names]
    around, language = surroundings_of(session, run, school), current_language()
    buildings = schools.buildings(session, school.id, run.id if run else None)
    page: dict[str, Any] = {
        "run": run,
        "school": school,
        "name": local_name(school, language),
        "row": row,
        "path": [(local_name(place, language), address_of("areas.area", code=place.code)) for place in places],
        "buildings": buildings,
        "building_types": building_types(),
        "assessments": schools.assessments(session, school.id),
        "domains": domain_rows(domains),
        "danger": danger_of(school, buildings),
        "nearby": nearby_of(around, school, buildings),
        "ways": ways_section(session, school, around),
        "passport": passport(school),
        "near": [(found, names.get(found.rayon_code or found.oblast_code or "")) for found in near],
        "words": words,
        "criteria": {
            criterion.code: local_name(criterion, language, "text") for one in domains for criterion in one.failed
        },
        "kind": SCHOOL_KINDS.get(school.kind, school.kind),
        "ownership": OWNERSHIP.get(school.ownership, school.ownership),
        "appeals": appeals_of(session, appeals.open_at_school(session, school.id)) if school.has_open_appeals else [],
    } | _hazards(run, around)
    if run is not None and row is not None and sure is not None:
        page |= {
            "parts": parts_of(row, factors(run)),
            "sentence": grade_sentence(row, domains),
            "strip": _strip(row, run),
            "firmness": firmness_of(sure.firm, row, buildings),
            "evidence": evidence_of(session, run, school.id, sure.quality),
        }
    return page


def _hazards(run: Run | None, around: Surroundings) -> dict[str, Any]:
    exposures = around.exposures
    return {
        "exposures": exposures,
        "hazard_groups": hazard_groups(exposures, run),
        "period_tables": periods_of(exposures),
        "sources": sources_of(exposures, around.settled),
        "hazard_words": HAZARD_LABELS,
        "measured": measured_text,
    }


def _strip(row: PriorityRow, run: Run) -> Markup:
    language = current_language()
    title = _(
        "Rank %(rank)s of %(total)s, between %(low)s and %(high)s",
        rank=format_number(row.national_rank, language),
        total=format_number(run.ranked_count, language),
        low=format_number(row.rank_low, language),
        high=format_number(row.rank_high, language),
    )
    return rank_strip(row.national_rank, row.rank_low, row.rank_high, run.ranked_count, row.grade, title)
