"""What each parameter table is called and under which licence it stands; its values are never translated."""

from __future__ import annotations

from typing import NamedTuple

from app.i18n.marks import N_


class About(NamedTuple):
    """``title`` is a msgid; ``is_evidence``: it stands behind rows of other tables, and nothing computes with it."""

    title: str
    is_evidence: bool = False


TABLES: dict[str, About] = {
    "method_constants": About(N_("Constants of the method")),
    "building_types": About(N_("Types of buildings")),
    "type_years": About(N_("First year of each type of buildings")),
    "fragility": About(N_("Strength of buildings under shaking (HAZUS)")),
    "fragility_gem": About(N_("Strength of buildings under shaking (GEM)")),
    "ems98_vulnerability_index": About(N_("Vulnerability by class of EMS-98")),
    "loss_ratios": About(N_("Loss by state of damage")),
    "loss_ratios_gem": About(N_("Loss by state of damage (GEM)")),
    "casualty_rates": About(N_("Casualties by state of damage")),
    "casualty_rates_gem": About(N_("Casualties by state of damage (GEM)")),
    "casualty_groups": About(N_("Group of casualties of each type of buildings")),
    "downtime_days": About(N_("Days of repair by state of damage"), is_evidence=True),
    "hazard_seismic_levels": About(N_("Shaking of the zones MSK-64")),
    "hazard_curve_shape": About(N_("Shape of the hazard curve"), is_evidence=True),
    "intensity_pga_relations": About(N_("Relations of intensity and acceleration"), is_evidence=True),
    "intensity_prediction": About(N_("Equation of the shaking of an earthquake")),
    "scenario_events": About(N_("Earthquakes of the past")),
    "hazard_other_levels": About(N_("Other hazards by level: rate, loss, deaths")),
    "hazard_flood_depth_damage": About(N_("Damage by depth of water")),
    "occupancy": About(N_("Hours, days and people in a school"), is_evidence=True),
    "p154_level1_scores": About(N_("Scores of the second opinion (FEMA P-154)")),
    "p154_seismicity_regions": About(N_("Regions of the second opinion (FEMA P-154)"), is_evidence=True),
    "criteria_weights": About(N_("Parts of the priority: scales and weights")),
    "risk_classes": About(N_("Classes of loss"), is_evidence=True),
    "interventions": About(N_("Measures and their costs")),
    "measure_rules": About(N_("How much of a measure a school needs, and what it passes")),
    "measure_effects": About(N_("Effects of measures on risk")),
    "measure_crosswalk": About(N_("Measures of the Standard and their works")),
    "retrofit_kinds": About(N_("Kind of strengthening of each type of buildings")),
    "economic": About(N_("Interest, years and value of a life")),
    "construction_cost_evidence": About(N_("Costs of projects that were built"), is_evidence=True),
    "cofinancing": About(N_("Own share of local budgets")),
    "funding_groups": About(N_("Order of measures by groups of funding")),
    "kr_context": About(N_("Facts of the republic and where they come from"), is_evidence=True),
}
"""In the order of the page."""

SHARE_ALIKE, BSD, PUBLIC, OWN = "CC-BY-SA-4.0", "BSD-3-Clause", N_("public domain"), "CC-BY-4.0"
MARKS = {
    "P": N_("a proposal: the owner decides"),
    "R": N_("recalled from the literature or contradicting sources: to be confirmed"),
    "C": N_("computed for this method"),
    "V": N_("verified in the source, or the same in several copies of it"),
}
"""Marks of a status as the method gives them, the weakest first."""
SAID = {
    "P": ("proposal", "placeholder"),
    "R": ("recalled", "conflict", "corrected"),
    "C": ("computed",),
    "V": ("verified", "cross-checked"),
}
"""Words in the status of a row by mark."""


def licence_of(name: str) -> str:
    """Return the licence of a table's own file, as ``geodata/reference/params/README.md`` has it."""
    if name.endswith("_gem"):
        return SHARE_ALIKE
    if name in ("fragility", "loss_ratios", "casualty_rates"):
        return BSD
    return PUBLIC if name.startswith("p154_") else OWN


def mark_of(status: str) -> str | None:
    """Return the mark of a row's status, the weakest that it names; None where it names none."""
    said = status.lower()
    return next((mark for mark, words in SAID.items() if any(word in said for word in words)), None)
