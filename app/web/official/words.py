"""Words of the official list: why ranks moved, and what a hash turns out to be."""

from __future__ import annotations

from app.i18n.marks import N_

REASONS = {
    "rule": N_("The rule changed"),
    "data": N_("Knowledge changed"),
    "reality": N_("The school really changed"),
    "undivided": N_("Cannot be told apart"),
    "others": N_("Only other schools moved"),
    "new": N_("New in the list"),
    "left": N_("Left the list"),
    "same": N_("Nothing changed"),
}
"""In the order of the page."""

MEANINGS = {
    "rule": N_("Weights, edition of the Standard, parameters, table of priors or program."),
    "data": N_("A fact was corrected or became known; the building is the same as before."),
    "reality": N_("A known fact has another value by evidence later than the former list's data."),
    "undivided": N_(
        "What happened cannot be told apart: both changed at once, or nobody had confirmed the former fact."
    ),
    "others": N_("Its own points are the same; schools around it gained or lost points."),
    "new": N_("The former list did not hold this school."),
    "left": N_("The new list does not hold this school: it is closed or merged."),
    "same": N_("Rank and points are the same as before."),
}

RULE_PARTS = {
    "scheme": N_("weights"),
    "edition": N_("edition of the Standard"),
    "parameters": N_("parameters of the method"),
    "priors": N_("table of priors (%(old)s → %(new)s)"),
    "code": N_("program"),
}
"""Parts of the rule, as a run's canonical text names them."""
NO_PRIORS = N_("none in force")

PARTS = ("rule", "data", "reality", "undivided")
"""Causes that have points of their own."""

WRONG = {
    "reason": N_("State the reason."),
    "document": N_("Name the act: its title, number and date."),
    "document_on": N_("This is not a day."),
    "document_url": N_("This is not an http(s) address."),
}
FIELDS = {
    "reason": N_("Reason for the decision"),
    "document": N_("Act (title and number)"),
    "document_on": N_("Date of the act"),
    "document_url": N_("Address of the act on the web"),
}
CHANGE_COLUMNS = {
    "code": N_("Code"),
    "name": N_("School"),
    "old_rank": N_("Former rank"),
    "new_rank": N_("New rank"),
    "old_priority": N_("Former points"),
    "new_priority": N_("New points"),
    "rule": N_("Points by the rule"),
    "data": N_("Points by knowledge"),
    "reality": N_("Points by reality"),
    "undivided": N_("Points that cannot be told apart"),
    "places_rule": N_("Places by the rule"),
    "places_data": N_("Places by knowledge"),
    "places_reality": N_("Places by reality"),
    "places_undivided": N_("Places that cannot be told apart"),
    "places_others": N_("Places by schools that came or left"),
    "reason": N_("Main reason"),
    "factor": N_("Part that moved most"),
}
CHANGES_SHEET = N_("Changes")
