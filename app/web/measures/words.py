"""Words for the codes of the catalogue of measures, as msgids."""

from __future__ import annotations

from app.i18n.marks import N_

GROUPS = {
    "structural": N_("Structure and earthquakes"),
    "site": N_("Protection of the site"),
    "non_structural": N_("Non-structural parts"),
    "fire": N_("Fire and wiring"),
    "wash": N_("Water and toilets"),
    "energy": N_("Heating and energy"),
    "access": N_("Accessibility"),
    "organisational": N_("Organisation"),
    "information": N_("Surveys"),
    "repair": N_("Repair"),
    "monitoring": N_("Monitoring and warning"),
    "learning": N_("Learning conditions"),
    "health": N_("Health"),
    "protection": N_("Guarding and support"),
    "training": N_("Training"),
    "quick_win": N_("Quick wins"),
}
QUANTITIES = {
    "area_m2": N_("m² of floor area"),
    "pupils_100": N_("100 pupils"),
    "pupils": N_("pupil"),
    "site": N_("site"),
    "building": N_("building"),
    "school": N_("school"),
    "unknown": N_("not computed: how much a school needs is unknown"),
}
RULES = {
    "area_m2": N_("The floor area of the buildings that it concerns, in square metres."),
    "pupils_100": N_("The pupils of all shifts, divided by 100, not rounded."),
    "pupils": N_("The pupils of all shifts."),
    "site": N_("One for each school."),
    "building": N_("One for each building."),
    "school": N_("One for each school."),
    "unknown": N_("Nobody computes how much of it a school needs, so its cost stays unknown."),
}
STATUSES = {
    "verified": N_("verified in a source"),
    "computed": N_("computed from verified totals"),
    "estimate": N_("an estimator's figure"),
    "proposal": N_("proposal"),
    "not known": N_("not known"),
}
SHOWN = {
    "all": N_("All measures"),
    "quick": N_("Quick wins under 50,000 som"),
    "unknown": N_("Cost unknown"),
    "stated": N_("Costs stated by people"),
}
FIELDS = {
    "measure": N_("Measure"),
    "unit": N_("Unit"),
    "area": N_("Area"),
    "altitude_from_m": N_("From an altitude of, m"),
    "low_som": N_("Low, som"),
    "default_som": N_("Usual, som"),
    "high_som": N_("High, som"),
    "price_date": N_("Day of the price"),
    "index_factor": N_("Index to today's money"),
    "index_source": N_("Source of the index"),
    "source": N_("Source"),
    "status": N_("Status"),
    "reason": N_("Reason for the change"),
    "file": N_("File"),
}
FAULTS = {
    "measure": N_("There is no such measure in the catalogue. Take a code of the list."),
    "unit": N_("This measure is not counted in this unit. Leave the unit as the file that you took out says it."),
    "area": N_("There is no such oblast, rayon or aimak today. Give its code, or nothing for everywhere."),
    "altitude": N_("An altitude is a whole number of metres from 1 to 8,000."),
    "not_whole": N_("This is not a whole number. Costs are whole som, without a fraction."),
    "costs_missing": N_("Low, usual and high belong together: give all three, or none."),
    "not_above_zero": N_("A cost is above zero. If nobody knows it, leave it empty and choose the status “not known”."),
    "too_large": N_("A unit cost of more than a million million som cannot be right."),
    "order": N_("Low must not be above usual, nor usual above high."),
    "status": N_("Choose one of the statuses of the list."),
    "status_and_costs": N_("“Not known” goes without figures, every other status with figures."),
    "index": N_("The index is a number from 0.1 to 10 with at most four decimals."),
    "date": N_("This is no day since the som exists. Write it as 2026-05-31."),
    "date_missing": N_("Say of which day the price is."),
    "missing": N_("This must not be empty."),
    "long": N_("This text is too long: 1,000 signs at most."),
    "twice": N_("The same measure, area and altitude stand in the file twice."),
    "file_kind": N_("This is no CSV with the columns of the catalogue (UTF-8)."),
    "file_large": N_("The file is too large: 2,000 rows and 1 MB at most."),
}
