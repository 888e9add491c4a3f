"""Words for the codes of a standard: units of norms and the status of values, as msgids."""

from __future__ import annotations

from app.i18n.marks import N_

UNITS = {
    "years": N_("years"),
    "MSK-64 points (building minus site)": N_("MSK-64 points (building minus site)"),
    "storey": N_("storey"),
    "times/year": N_("times/year"),
    "m": N_("m"),
    "µSv/h": N_("µSv/h"),
    "% of perimeter": N_("% of perimeter"),
    "lux": N_("lux"),
    "km (primary)": N_("km (primary)"),
    "exits/storey": N_("exits/storey"),
    "per storey": N_("per storey"),
    "°C": "°C",
    "%": "%",
    "ppm": "ppm",
    "% of need": N_("% of need"),
    "tests/year": N_("tests/year"),
    "l/pupil/day": N_("l/pupil/day"),
    "girls/bowl": N_("girls/bowl"),
    "boys/bowl": N_("boys/bowl"),
    "pupils/basin": N_("pupils/basin"),
    "% of pupils gr. 1-4": N_("% of pupils gr. 1-4"),
    "som/pupil/day": N_("som/pupil/day"),
    "m²/seat": N_("m²/seat"),
    "hours": N_("hours"),
    "% of design capacity": N_("% of design capacity"),
    "shifts": N_("shifts"),
    "pupils/class": N_("pupils/class"),
    "m²/pupil": N_("m²/pupil"),
    "m²/workplace": N_("m²/workplace"),
    "dBA": N_("dBA"),
    "minutes": N_("minutes"),
    "µg/m³": N_("µg/m³"),
    "% slope": N_("% slope"),
    "cabins": N_("cabins"),
    "rooms": N_("rooms"),
    "days": N_("days"),
    "km/h": N_("km/h"),
    "stars": N_("stars"),
    "drills/year": N_("drills/year"),
    "% of staff": N_("% of staff"),
    "% of pupils": N_("% of pupils"),
    "pupils/post": N_("pupils/post"),
    "meetings/year": N_("meetings/year"),
    "hearings/year": N_("hearings/year"),
}

MUST_BE_MET = N_("must be met")

VALUE_STATUS = {
    "K": N_("verified in a source of the Kyrgyz Republic"),
    "C": N_("the act exists; the wording is a proposal"),
    "P": N_("verified only in a similar norm of another country; to be checked"),
    "R": N_("recalled from practice, the text was not seen; to be checked"),
    "X": N_("proposal"),
}

SCOPES = {
    "school": N_("the school"),
    "site": N_("the site"),
    "building": N_("each building"),
    "room": N_("each room"),
}

LEVELS = {"mandatory": N_("mandatory"), "recommended": N_("recommended")}
STANDINGS = {"act": N_("stated in an act"), "proposal": N_("proposal")}
GROUPS = {
    "physical": N_("physical conditions"),
    "protection": N_("protection (answers are restricted)"),
    "management": N_("management"),
}
BODIES = {
    "school": N_("the school itself"),
    "local_body": N_("local self-government body"),
    "education_ministry": N_("Ministry of Education"),
    "emergency_ministry": N_("Ministry of Emergency Situations"),
    "health_ministry": N_("Ministry of Health"),
    "energy_company": N_("energy company"),
    "water_company": N_("water supply company"),
    "police": N_("internal affairs bodies"),
    "construction_agency": N_("authorised body for construction"),
    "education_department": N_("rayon or city education department"),
    "social_protection": N_("social protection bodies"),
    "road_agency": N_("road authority"),
    "none": N_("nobody"),
}
BUDGETS = {
    "republican": N_("republican budget"),
    "local": N_("local budget"),
    "school_own": N_("special means of the school"),
    "energy_company": N_("means of the energy company"),
    "water_company": N_("means of the water supply company"),
}
LEGAL_STATUSES = {
    "draft": N_("draft of the edition"),
    "agreed": N_("agreed"),
    "adopted": N_("adopted"),
    "in_force": N_("in force"),
    "superseded": N_("superseded"),
}
MOVES = {
    "draft": N_("Return to draft"),
    "agreed": N_("Mark as agreed"),
    "adopted": N_("Mark as adopted"),
    "in_force": N_("Bring into force"),
    "superseded": N_("Mark as superseded"),
}
GUIDANCE_TITLES = {
    "check": N_("How to check"),
    "evidence": N_("What counts as evidence"),
    "good": N_("Good example"),
    "bad": N_("Bad example"),
    "mistake": N_("Usual mistake"),
}
MISSING = {
    "reason": N_("Say why the status changes."),
    "on": N_("Give the day from which the status holds."),
    "future": N_("The day lies in the future. Take this step on the day itself."),
    "body": N_("Name at least one body that agreed before the edition is marked as agreed."),
    "act": N_("Name the act first: title in Kyrgyz and Russian, number and day."),
    "agreement": N_("Give the body in Kyrgyz and Russian, the day and the document."),
    "twice": N_("This body is on the list already."),
}
