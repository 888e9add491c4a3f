"""What the page of winter readiness calls its states, reasons and columns, as msgids."""

from __future__ import annotations

from app.i18n.marks import N_

STATES = {
    "not_ready": N_("Not ready for winter"),
    "unknown": N_("Readiness unknown"),
    "ready": N_("Ready for winter"),
}
"""In the order of the page: what needs somebody first."""
TOPICS = {
    "heating": N_("Heating and temperature"),
    "fuel": N_("Fuel for the season"),
    "roof": N_("Roof"),
    "windows": N_("Walls, roof and windows keep the warmth"),
    "carbon_monoxide": N_("Carbon monoxide"),
    "road": N_("Road and avalanches"),
    "air": N_("Air in classrooms"),
    "light": N_("Light when the power fails"),
    "toilets": N_("Warm toilets"),
}
CODES = (N_("Unknown"), N_("Fails"), N_("Partly"), N_("Meets"), N_("does not apply"))
"""In the order of the codes of answers."""
ROLES = {"required": N_("decides"), "advice": N_("for advice")}
FRESHNESS = {"season": N_("for this season only"), "shelf_life": N_("as long as its shelf life")}
COLUMNS = {
    "code": N_("Code"),
    "name": N_("School"),
    "area": N_("Area"),
    "state": N_("Winter readiness"),
    "reasons": N_("Reasons"),
    "unknown": N_("Unknown requirements"),
    "evidence_on": N_("Oldest evidence of the reasons"),
    "pupils": N_("Pupils"),
    "avalanche": N_("Avalanche hazard, level 1 to 4"),
    "altitude_m": N_("Altitude, m"),
}
"""Headings of the file, by the keys of its columns."""
SHEET = N_("Winter readiness")
