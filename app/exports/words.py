"""Words for the codes of a list: grades, classes, kinds, hazards and factors, as msgids."""

from __future__ import annotations

from app.i18n.marks import N_

UNKNOWN = N_("Unknown")

GRADES = {"A": "A", "B": "B", "C": "C", "D": "D", "E": "E", "unknown": UNKNOWN}
GRADE_MEANINGS = {
    "E": N_("critical requirement broken"),
    "D": N_("critical: most requirements are not met"),
    "C": N_("does not conform"),
    "B": N_("conforms in part, or not yet confirmed"),
    "A": N_("conforms"),
    "unknown": N_("too little is known; that is not a sign of safety"),
}
"""What a grade says, in full: home page, exports, legends of files."""
GRADE_WORDS = {
    "E": N_("critical requirement broken"),
    "D": N_("critical"),
    "C": N_("does not conform"),
    "B": N_("partly conforms"),
    "A": N_("conforms"),
}
"""The same in a word or two, where space is short."""
CLASSES = {
    "conforming": N_("Conforms"),
    "conforming_incomplete": N_("Conforms, not yet confirmed"),
    "partly_conforming": N_("Conforms in part"),
    "non_conforming": N_("Does not conform"),
    "critical": N_("Critical"),
    "insufficient_data": N_("Not enough data"),
}
OWNERSHIP = {
    "state": N_("State-owned"),
    "municipal": N_("Municipal"),
    "private": N_("Private"),
    "unknown": UNKNOWN,
}
SCHOOL_KINDS = {
    "primary": N_("Primary school"),
    "basic": N_("Basic school"),
    "secondary": N_("Secondary school"),
    "gymnasium": N_("Gymnasium"),
    "lyceum": N_("Lyceum"),
    "boarding": N_("Boarding school"),
    "special": N_("Special school"),
    "unknown": UNKNOWN,
}
CONFIDENCE = {
    "4": N_("high"),
    "3": N_("sufficient"),
    "2": N_("limited"),
    "1": N_("low"),
}
QUEUES = {
    "build": N_("Build now"),
    "design": N_("Pay for design"),
    "summer": N_("Low-cost this summer"),
}
"""The three queues of money; each school stands in one at most."""
HAZARD_LABELS = {
    "earthquake": N_("Earthquake"),
    "flood": N_("Flood"),
    "mudflow": N_("Mudflow"),
    "landslide": N_("Landslide"),
    "avalanche": N_("Avalanche"),
    "rockfall": N_("Rockfall"),
    "glof": N_("Glacial lake outburst"),
    "cold": N_("Extreme cold"),
    "heat": N_("Extreme heat"),
    "tailings": N_("Tailings"),
    "road": N_("Road with traffic"),
    "power_line": N_("Power line"),
    "fault": N_("Fault"),
    "altitude": N_("Altitude"),
}
FACTOR_LABELS = {
    "C1": N_("C1: annual death probability of a pupil"),
    "C2": N_("C2: expected deaths and serious injuries a year"),
    "C3": N_("C3: expected loss a year against the value"),
    "C4": N_("C4: non-conformity with the Standard"),
    "C5": N_("C5: deficiency of fire safety, water, toilets, heating"),
    "C6": N_("C6: pupils against seats"),
    "C7": N_("C7: minutes to another safe school"),
    "C8": N_("C8: poverty of the area"),
}
FACTOR_SHORT = {
    "C1": N_("danger to life"),
    "C2": N_("number of people in danger"),
    "C3": N_("expected loss of the buildings"),
    "C4": N_("requirements of the Standard not met"),
    "C5": N_("fire safety, water, toilets, heating"),
    "C6": N_("overcrowding"),
    "C7": N_("no other school near"),
    "C8": N_("poverty of the area"),
}
FACTOR_MEANINGS = {
    "C1": N_("Probability in a year that a pupil dies at school in an earthquake or another hazard."),
    "C2": N_("Deaths and serious injuries to be expected in a year over all buildings of the school."),
    "C3": N_("Expected loss in a year divided by the cost of replacing the buildings."),
    "C4": N_("1 minus the conformity index divided by 100."),
    "C5": N_("Share of the weighted requirements for fire safety, engineering, water and sanitation that is not met."),
    "C6": N_("Pupils of all shifts divided by design seats."),
    "C7": N_("Travel time to the nearest safe school with free places."),
    "C8": N_("Share of poor people in the area."),
}
FACTOR_UNITS = {
    "C1": N_("per year"),
    "C2": N_("people per year"),
    "C3": N_("share per year"),
    "C4": N_("share 0 to 1"),
    "C5": N_("share 0 to 1"),
    "C6": N_("pupils per seat"),
    "C7": N_("minutes"),
    "C8": N_("share 0 to 1"),
}
FACTOR_POINT_LABELS = {
    "C1": N_("C1, points"),
    "C2": N_("C2, points"),
    "C3": N_("C3, points"),
    "C4": N_("C4, points"),
    "C5": N_("C5, points"),
    "C6": N_("C6, points"),
    "C7": N_("C7, points"),
    "C8": N_("C8, points"),
}
