"""What the wizard calls kinds, states, fields and obstacles."""

from __future__ import annotations

from typing import Any

from app.exports.words import OWNERSHIP, SCHOOL_KINDS
from app.i18n.marks import N_
from app.web.schools.words import ASSESSMENTS, BUILDING_USES, CONDITIONS, HEATING, LANGUAGES, LOCATION_QUALITY

KIND_WORDS = {
    "areas": N_("Areas and their boundaries"),
    "schools": N_("Schools"),
    "buildings": N_("Buildings"),
    "answers": N_("Answers of assessments"),
    "hazard": N_("Hazard layer"),
    "roads": N_("Roads"),
    "services": N_("Fire stations and hospitals"),
    "standard": N_("Edition of the Standard, or its guidance"),
}
STATUS_WORDS = {
    "mapping": N_("Columns to confirm"),
    "checking": N_("Being checked"),
    "refused": N_("File refused"),
    "checked": N_("Checked, not taken in"),
    "cancelled": N_("Set aside"),
    "committed": N_("Taken in"),
    "undone": N_("Taken back"),
}
FIELD_WORDS = {
    "location": N_("Location"),
    "boundary": N_("Boundary"),
    "footprint": N_("Outline of the building"),
    "other_codes": N_("Codes in other registers"),
    "location_quality": N_("Quality of the location"),
    "shift_pupils": N_("Pupils by shift"),
    "shift_hours": N_("Hours by shift"),
    "is_synthetic": N_("Sample record"),
    "file": N_("File"),
    "level": N_("Level"),
    "direction": N_("One-way street"),
    "is_paved": N_("Paved road"),
    "successors": N_("Became"),
    "valid_to": N_("Valid to"),
}
VALUE_WORDS: dict[tuple[str, str], dict[Any, str]] = {
    ("schools", "kind"): SCHOOL_KINDS,
    ("schools", "ownership"): OWNERSHIP,
    ("schools", "languages"): LANGUAGES,
    ("schools", "location_quality"): LOCATION_QUALITY,
    ("buildings", "use"): BUILDING_USES,
    ("buildings", "condition"): CONDITIONS,
    ("buildings", "heating"): HEATING,
    ("roads", "direction"): {
        0: N_("open both ways"),
        1: N_("one way, as drawn"),
        -1: N_("one way, against the drawing"),
    },
    ("services", "kind"): {"fire_station": N_("Fire station"), "hospital": N_("Hospital")},
    ("answers", "kind"): ASSESSMENTS,
    ("answers", "state"): {
        "meets": N_("Meets"),
        "partly": N_("Partly"),
        "fails": N_("Fails"),
        "not_applicable": N_("Does not apply"),
        "unknown": N_("Unknown"),
    },
}
"""What stored codes are called, by kind of file and field."""

SEVERITY_WORDS = {"error": N_("Refused"), "warning": N_("Note well"), "note": N_("Note")}
OBSTACLE_WORDS = {
    "batch": N_("Later import %(reference)s changed the same records (%(count)s)"),
    "change": N_("People have changed its records since, for example %(reference)s (%(count)s)"),
    "run": N_("Ranking %(reference)s counts records of this import (%(count)s)"),
    "building": N_("Buildings belong to its schools, for example %(reference)s (%(count)s)"),
    "assessment": N_("Assessments belong to its schools, for example %(reference)s (%(count)s)"),
    "answer": N_("Answers belong to its buildings, for example %(reference)s (%(count)s)"),
    "school": N_("Schools lie in its areas, for example %(reference)s (%(count)s)"),
    "area": N_("Areas lie below its areas, for example %(reference)s (%(count)s)"),
    "edition": N_("The edition %(reference)s is a draft no longer (%(count)s)"),
    "layer": N_("A later version of the layer exists: %(reference)s (%(count)s)"),
}
