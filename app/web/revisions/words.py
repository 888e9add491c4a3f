"""What forms and reviews call fields, values, statuses and steps."""

from __future__ import annotations

from datetime import date

from flask_babel import gettext as _

from app.exports.words import OWNERSHIP, SCHOOL_KINDS, UNKNOWN
from app.i18n.formats import format_date, format_number, format_percent
from app.i18n.marks import N_
from app.i18n.names import local_name
from app.web.language import current_language
from app.web.schools import words
from app.web.schools.passport import building_types
from app.workflows.revise_check import allowed_values
from app.workflows.revise_fields import EditField, find_edit_field
from geodata.records.revision import RevisionKind
from geodata.records.table import RowProblem
from geodata.validation import remedies
from geodata.validation.columns import find_field
from geodata.validation.problems import describe

STATUSES = {
    "draft": N_("Draft"),
    "submitted": N_("Submitted"),
    "verified": N_("Verified"),
    "published": N_("Published"),
    "returned": N_("Returned"),
    "withdrawn": N_("Withdrawn"),
}
STEP_BUTTONS = {
    "submit": N_("Submit for verification"),
    "take_back": N_("Take back into my drafts"),
    "withdraw": N_("Withdraw this change"),
    "verify": N_("Confirm: verified"),
    "return": N_("Return to the author"),
    "publish": N_("Publish"),
}
STEP_DONE = {
    "submit": N_("Submitted. Somebody else verifies it now."),
    "take_back": N_("Taken back: it is your draft again."),
    "withdraw": N_("Withdrawn. The record stays as it is."),
    "verify": N_("Verified. It can be published now."),
    "return": N_("Returned to its author with your reason."),
    "publish": N_("Published. The ranking takes it up with its next run."),
}
PUBLISHED_APPEAL = N_(
    "Published. The change corrects a fact of an accepted appeal: the list is ranked again by itself."
)
BOXES = {
    "mine": N_("Your drafts and what was returned to you"),
    "to_verify": N_("To verify"),
    "to_publish": N_("To publish"),
    "under_way": N_("Yours, with somebody else now"),
    "ended": N_("Published or withdrawn lately"),
}
MISSING = {
    "changes": (N_("Nothing is changed yet."), N_("Change at least one value, then submit.")),
    "source": (
        N_("The source is missing."),
        N_("Say where the information comes from, for example an act or a report."),
    ),
    "dated": (N_("The date of the information is missing."), N_("Give the day on which it was true.")),
    "reason": (N_("The reason is missing."), N_("Say in a sentence why the record has to change.")),
}
VALUE_MISSING = (N_("The value is missing."), N_('Enter it, or tick "Unknown".'))
VALUE_AND_UNKNOWN = (N_('A new value is entered and "Unknown" is ticked.'), N_("Keep one of the two."))
LOCATION_QUALITY = N_("Quality of the place")
PLACE = N_("Coordinates (latitude, longitude)")
NOTE_LABELS = {
    "source": N_("Source of the information"),
    "dated": N_("Date of the information"),
    "reason": N_("Why the record has to change"),
}
HINTS = {
    "location": N_("In degrees, for example 42.87460, 74.56980"),
    "pupil_share": N_("In percent of all pupils of the school"),
    "year_built": N_("Four digits"),
    "shifts": N_("From 1 to 3"),
    "shift_pupils": N_("Pupils of each shift, the first shift first: 409 + 322"),
    "shift_hours": N_("Hours of lessons a day of each shift, the first shift first: 5.5 + 5"),
    "boarding_pupils": N_("Those of the pupils who live at the school, day and night; 0 if nobody boards"),
    "phones": N_(
        "Office numbers of the school, the first to call first, by commas; no names. Never public: who works with the "
        "schools of the territory sees them."
    ),
}
FLAGS = {"yes": N_("Yes"), "no": N_("No")}
CHOICES = {
    "kind": SCHOOL_KINDS,
    "ownership": OWNERSHIP,
    "languages": words.LANGUAGES,
    "location_quality": words.LOCATION_QUALITY,
    "use": words.BUILDING_USES,
    "condition": words.CONDITIONS,
    "heating": words.HEATING,
}
FORM_REMEDIES = {
    remedies.FIX_CELL: N_('Correct the value, or tick "Unknown".'),
    remedies.EMPTY: N_('Tick "Unknown" if the value is unknown; write 0 only if it is none.'),
    remedies.SWAP: N_("Swap latitude and longitude."),
}
"""Remedies of the importer that speak of cells and files, as a form says them."""


def label_of(kind: RevisionKind, name: str) -> str:
    """Return what a field is called, in the words of the importer."""
    if name in NOTE_LABELS:
        return _(NOTE_LABELS[name])
    if name == "location":
        return _(PLACE)
    if name == "location_quality":
        return _(LOCATION_QUALITY)
    field = find_field("schools" if kind == "school" else "buildings", name)
    text = _(field.label) if field else name
    return text[:1].upper() + text[1:]


def options_of(edited: EditField) -> list[tuple[str, str]]:
    """Return (value, word) of what a field offers, without the unknown."""
    if edited.control == "flag":
        return [(value, _(word)) for value, word in FLAGS.items()]
    values = [value for value in allowed_values(edited.name) if value != edited.unknown]
    return [(value, _word(edited.name, value)) for value in values]


def _word(name: str, value: str) -> str:
    if name == "building_type":
        kind = building_types().get(value)
        return local_name(kind, current_language()) if kind else value
    return _(CHOICES.get(name, {}).get(value, value))


def value_text(kind: RevisionKind, name: str, text: str) -> str:
    """Return a field's text as people read it; empty is unknown."""
    edited = EditField("dated", "date") if name == "dated" else find_edit_field(kind, name)
    if edited is None or not text:
        return text or _(UNKNOWN)
    language = current_language()
    if edited.control == "flag":
        return _(FLAGS.get(text, text))
    if edited.control in ("choice", "many"):
        return ", ".join(_word(name, part.strip()) for part in text.split(","))
    try:
        return _formatted(edited, text, language)
    except ValueError:
        return text


def _formatted(edited: EditField, text: str, language: str) -> str:
    """Return numbers and days as the language writes them; a year keeps its digits together."""
    if edited.control == "date":
        return format_date(date.fromisoformat(text), language)
    if edited.control == "share":
        return format_percent(float(text), language)
    if edited.control in ("whole", "decimal") and edited.name != "year_built":
        return format_number(float(text), language, 0 if float(text) == int(float(text)) else 1)
    return text


def problem_words(problem: RowProblem) -> tuple[str, str]:
    """Return what is wrong with a value and what to do, as a form says it."""
    from geodata.validation.problems import MESSAGES

    what, remedy = describe(problem, _)
    form_remedy = FORM_REMEDIES.get(MESSAGES[problem.code][1])
    return what, _(form_remedy) if form_remedy else remedy
