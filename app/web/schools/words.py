"""Words for the codes of a school's passport, as msgids."""

from __future__ import annotations

from app.exports.words import UNKNOWN
from app.i18n.marks import N_

BUILDING_USES = {
    "education": N_("Teaching"),
    "gym": N_("Sports hall"),
    "canteen": N_("Canteen"),
    "dormitory": N_("Dormitory"),
    "workshop": N_("Workshop"),
    "boiler": N_("Boiler house"),
    "other": N_("Other use"),
    "unknown": UNKNOWN,
}
CONDITIONS = {
    "good": N_("Good"),
    "fair": N_("Fair"),
    "poor": N_("Poor"),
    "emergency": N_("Dilapidated (emergency)"),
    "unknown": UNKNOWN,
}
HEATING = {
    "central": N_("Central"),
    "coal": N_("Coal"),
    "gas": N_("Gas"),
    "electric": N_("Electric"),
    "stove": N_("Stove"),
    "none": N_("No heating"),
    "unknown": UNKNOWN,
}
LOCATION_QUALITY = {
    "surveyed": N_("surveyed on the spot"),
    "declared": N_("declared"),
    "geocoded": N_("found by address"),
    "approximate": N_("approximate"),
    "unknown": UNKNOWN,
}
VALUE_QUALITY = {
    "measured": N_("measured"),
    "declared": N_("declared"),
    "estimated": N_("estimated"),
    "prior": N_("assumed"),
    "missing": N_("missing"),
}
ASSESSMENTS = {
    "self": N_("Self-assessment"),
    "verification": N_("Verification"),
    "survey": N_("Engineering survey"),
    "instrument": N_("Measurement"),
    "baseline": N_("Baseline assessment"),
}
LANGUAGES = {
    "ky": N_("Kyrgyz"),
    "ru": N_("Russian"),
    "uz": N_("Uzbek"),
    "tg": N_("Tajik"),
    "en": N_("English"),
}
SOURCES = {
    "synthetic demonstration data": N_("demonstration data (sample)"),
    "school year 2026/27 (synthetic)": N_("2026/27 year of study (sample)"),
    "National Statistical Committee, SOATE (geodata/reference/areas/admin_units.csv)": N_(
        "National Statistical Committee, SOATE"
    ),
}
"""Sources that our own code writes, as msgids; a source from somebody's file is shown as it was written."""

FITNESS = {
    "screening": N_("screening: shows where to look, not what to build"),
    "planning": N_("planning"),
    "design": N_("design"),
}
FLAGS = {
    "no_location": N_("no coordinates"),
    "outside_area": N_("outside its own area"),
    "in_lake": N_("in a lake"),
    "duplicate_point": N_("same point as another school"),
    "far_from_settlement": N_("more than 15 km from any settlement"),
    "too_high": N_("above 3,600 m"),
}
EXPOSURE_STATUS = {
    "measured": N_("measured"),
    "outside": N_("outside the layer's coverage"),
    "no_location": N_("the school has no coordinates"),
}
GRADE_SENTENCES = {
    "E": N_("Critical requirement broken: “%(text)s”"),
    "D": N_("The state is critical: less than 40 of 100 points of conformity, even if the unknown is fine."),
    "C": N_("The school does not conform to the Standard: %(index)s of 100 points, 80 are needed."),
    "B": N_("The school conforms in part, or its conformity is not yet confirmed: %(index)s of 100 points."),
    "A": N_("The school conforms to the Standard: %(index)s of 100 points."),
    "unknown": N_(
        "Too little is known for a grade: %(share)s of the requirements are assessed. That is not a sign of safety."
    ),
}
