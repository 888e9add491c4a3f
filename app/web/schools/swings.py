"""Which values of the method matter most for a school's score: words and bars of its ledger."""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace
from typing import TYPE_CHECKING

from flask_babel import gettext as _

from app.exports.words import FACTOR_SHORT, HAZARD_LABELS
from app.i18n.formats import format_number
from app.i18n.marks import N_
from app.i18n.names import local_name
from app.web.charts.bars import bounds_bar
from app.web.language import current_language
from app.web.schools.passport import building_types
from geodata.queries import swings

if TYPE_CHECKING:
    from markupsafe import Markup

    from geodata.database import Session
    from geodata.models import SchoolSwing
    from geodata.records.priority import PriorityRow

NAMES = {
    "seismic.k": N_("How fast strong shaking becomes rarer (k)"),
    "soil.II": N_("Amplification by medium soil, and where the soil is unknown"),
    "soil.III": N_("Amplification by soft soil"),
    "model_weight.F1": N_("Weight of the damage model F1 (HAZUS)"),
    "model_weight.F2": N_("Weight of the damage model F2 (GEM)"),
    "model_weight.F3": N_("Weight of the damage model F3 (macroseismic)"),
    "glosi.vertical_irregularity": N_("Loss of strength by irregularity in height"),
    "glosi.plan_irregularity": N_("Loss of strength by irregularity in plan"),
    "glosi.poor_condition": N_("Loss of strength by poor condition"),
    "glosi.flexible_diaphragm": N_("Loss of strength by flexible floors"),
    "glosi.pounding": N_("Loss of strength by a building that stands too near"),
    "glosi.floor": N_("Least strength that weaknesses together leave"),
    "casualty.macroseismic_d4_death_floor": N_("Least share of deaths in a heavily damaged building"),
    "casualty.weight_S1": N_("Weight of light injuries"),
    "casualty.weight_S2": N_("Weight of injuries that need a hospital"),
    "casualty.weight_S3": N_("Weight of injuries that endanger life"),
    "occupancy.weeks": N_("Weeks of teaching a year"),
    "occupancy.days": N_("Days of teaching a week"),
    "occupancy.hours_secondary": N_("Hours a day in a secondary school"),
    "occupancy.hours_primary": N_("Hours a day in a primary school"),
    "occupancy.hours_staff": N_("Hours a day of the staff"),
    "occupancy.attendance": N_("Share of the pupils who attend"),
    "occupancy.staff_per_pupil": N_("Staff to a pupil, where the staff is unknown"),
    "replacement.som_per_m2": N_("Cost of building a square metre, som"),
    "landslide.earthquake_factor": N_("More landslides by strong shaking"),
    "conformity.prior_pass_rate": N_("Share that a requirement nobody assessed is taken to meet"),
    "conformity.red_flag_cap": N_("Greatest index with a broken critical requirement"),
    "conformity.unverified_trust": N_("Trust in an answer that nobody verified"),
    "priority.unknown_value": N_("What an unknown part counts"),
    "prior.building_type": N_("Types of its buildings that nobody knows"),
}
"""Constants that can move a score, as msgids."""

TABLES = {
    "fragility": N_("Strength of this type of buildings, as a factor: %(type)s"),
    "hazard_rate": N_("How often it comes: %(hazard)s"),
    "hazard_loss": N_("How much of the value is lost when it comes: %(hazard)s"),
}
"""Values of tables that can move a score, as msgids."""
WORDS = {"fire": N_("Fire")}
"""What is counted for every building and is no layer."""

STATUSES = {
    "proposal": N_("proposals of the method"),
    "recalled": N_("values recalled from the literature, to be checked"),
    "computed here": N_("values computed for this method"),
    "verified": N_("values verified in a source"),
    "prior": N_("what stands in for unknown types and answers"),
    "missing": N_("unknown parts of this school"),
}
DECIMALS = 3


@dataclass(frozen=True)
class SwingRow:
    """One value; texts are translated, ranks of the low and of the high end."""

    name: str
    between: str
    bar: Markup
    points: str
    rank_low: int | None
    rank_high: int | None


@dataclass(frozen=True)
class Ledger:
    """What moves a school's score: the largest swings, and by status how far all values together can pull."""

    rows: list[SwingRow]
    totals: list[tuple[str, str]]


def ledger_of(session: Session, run_id: int, row: PriorityRow) -> Ledger | None:
    """Return the ledger of a school; None where it was not made for the run. One query."""
    found = swings.swings_of(session, run_id, row.school_id)
    if not found:
        return None
    shown = [one for one in found if one.place]
    ends = [value for one in shown for value in (one.points_low, one.points_high, row.priority_central)]
    scale = (min(ends, default=0.0), max(ends, default=100.0))
    totals = [
        (_(STATUSES.get(one.status, one.status)), _span(one.points_low, one.points_high))
        for one in found
        if not one.place
    ]
    return Ledger([_row(one, row, scale) for one in shown], totals)


def _row(one: SchoolSwing, row: PriorityRow, scale: tuple[float, float]) -> SwingRow:
    low, high = sorted((one.points_low, one.points_high))
    least, most = min(low, row.priority_central), max(high, row.priority_central)
    name, points = value_name(one.name), _span(least, most)
    title = _("%(value)s: %(points)s points", value=name, points=points)
    return SwingRow(
        name, _ends(one), _bar(least, row.priority_central, most, scale, title), points, one.rank_low, one.rank_high
    )


def _bar(low: float, now: float, high: float, scale: tuple[float, float], title: str) -> Markup:
    """Return the range on the scale of all shown swings, 0 to 100."""
    start, width = scale[0], max(scale[1] - scale[0], 1e-9)
    least, central, most = (100 * (value - start) / width for value in (low, now, high))
    return bounds_bar(least, central, most, title)


def value_name(name: str) -> str:
    """Return what a value of the method is called, in the reader's language."""
    kind, _sign, code = name.partition(".")
    if kind == "weight":
        return _("Weight of the part “%(part)s”", part=_(FACTOR_SHORT[code]))
    if kind == "unknown":
        return _("Unknown here: %(part)s", part=_(FACTOR_SHORT[code]))
    if kind in TABLES:
        return _table_name(kind, code)
    return _(NAMES.get(name, name))


def _table_name(kind: str, code: str) -> str:
    """Return what a table's values are called: strength of a type of buildings, a hazard's rate or loss."""
    if code == "building":
        return _("Strength of a building beside others of its type, as a factor")
    values = {"hazard": _(HAZARD_LABELS.get(code) or WORDS[code]) if kind != "fragility" else ""}
    row = building_types().get(code)
    values["type"] = local_name(SimpleNamespace(**row), current_language()) or code if row else code
    return _(TABLES[kind]) % values


def _ends(one: SchoolSwing) -> str:
    if one.low is None or one.high is None:
        return _("from its best to its worst")
    language = current_language()
    low, high = (_plain(value, language) for value in (one.low, one.high))
    return _("from %(low)s to %(high)s", low=low, high=high)


def _plain(value: float, language: str) -> str:
    """A number without zeros at its end."""
    decimals = next((places for places in range(DECIMALS + 1) if round(value, places) == value), DECIMALS)
    return format_number(value, language, decimals)


def _span(low: float, high: float) -> str:
    language = current_language()
    return _("%(low)s to %(high)s", low=format_number(low, language, 1), high=format_number(high, language, 1))
