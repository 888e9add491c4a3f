"""What pages of an assessment call states, steps, refusals and remarks, as msgids."""

from __future__ import annotations

from app.i18n.marks import N_
from app.web.assess.survey_words import REFUSALS as SURVEY_REFUSALS

STATES = {
    "meets": N_("Meets"),
    "partly": N_("Partly"),
    "fails": N_("Fails"),
    "not_applicable": N_("Does not apply"),
    "unknown": N_("Unknown"),
}
KINDS = {
    "self": N_("Self-assessment"),
    "verification": N_("Verification"),
    "survey": N_("Engineering survey"),
    "instrument": N_("Measurement"),
    "baseline": N_("Baseline assessment"),
}
STATUSES = {
    "draft": N_("Draft"),
    "submitted": N_("Submitted"),
    "returned": N_("Returned"),
    "verified": N_("Verified"),
    "published": N_("Published"),
}
REFUSALS = {
    "edition_wrong": (
        N_("The answer belongs to another edition of the standard than this assessment."),
        N_("Open the assessment again and give the answer there."),
    ),
    "criterion_unknown": (
        N_("The standard has no such criterion, or it is not asked of you."),
        N_("Open the assessment again; nothing else was changed."),
    ),
    "state_unknown": (N_("This is none of the possible answers."), N_("Choose one of the buttons.")),
    "answer_missing": (N_("The answer is missing."), N_("Choose one of the buttons, or enter the value.")),
    "value_not_asked": (N_("This criterion has no number."), N_("Leave the value empty and choose a button.")),
    "unit_wrong": (N_("The value has another unit than the norm."), N_("Convert it into the unit of the norm.")),
    "number_wrong": (N_("This is no number."), N_("Write digits, with a comma for decimals.")),
    "value_outside": (N_("The value cannot be true."), N_("Check the digits and the unit.")),
    "rooms_not_asked": (N_("This criterion is not asked by rooms."), N_("Leave the numbers of rooms empty.")),
    "rooms_wrong": (
        N_("More rooms keep the norm than were looked at, or none was looked at."),
        N_("Count again: first the rooms that were looked at, then those that keep the norm."),
    ),
    "building_needed": (N_("It is not said which building the answer is about."), N_("Answer for each building.")),
    "building_not_asked": (N_("This criterion is about the whole school."), N_("Answer it without a building.")),
    "building_unknown": (N_("The school has no such building."), N_("Open the assessment again.")),
    "day_wrong": (N_("This is no date."), N_("Choose a day in the calendar.")),
    "day_ahead": (N_("The date lies in the future."), N_("Check the date, and the clock of this device.")),
    "kind_unknown": (N_("There is no such kind of assessment."), N_("Choose one of the list.")),
    "key_used": (N_("This answer was sent before, for another question."), N_("Give the answer again.")),
    "key_wrong": (N_("The number of this answer cannot be read."), N_("Give the answer again.")),
    "nothing_to_confirm": (N_("There is no answer to confirm yet."), N_("Choose one of the buttons.")),
    "file_missing": (N_("No file was chosen."), N_("Choose a photo or a PDF document.")),
    "file_kind": (
        N_("The file is neither a photo (JPEG, PNG, WebP) nor a PDF document, whatever its name says."),
        N_("Take the photo again, or save the document as PDF."),
    ),
    "file_large": (N_("The file is too large."), N_("Send a photo of at most 12 MB or a document of at most 20 MB.")),
    "picture_damaged": (N_("The picture cannot be read to its end."), N_("Take the photo again.")),
    "picture_flood": (
        N_("The picture has more dots than can be shown."),
        N_("Take it with a usual camera; nothing else was changed."),
    ),
    "table_kind": (
        N_("The file is no table of readings: a CSV in UTF-8 with the headings that are named below."),
        N_("Save the table as CSV in UTF-8 with these headings."),
    ),
    "table_large": (N_("The file is too large."), N_("Send at most 5,000 rows at a time.")),
    "instrument_missing": (N_("The instrument is missing."), N_("Write its kind and number.")),
    "shift_wrong": (N_("There is no such shift."), N_("Write 1, 2 or 3, or leave it empty.")),
    "before_unknown": (N_("The older picture is not of this school."), N_("Choose one of the list.")),
}
REFUSALS |= SURVEY_REFUSALS
"""What is wrong with something that was sent, and what to do."""
LEVELS = {
    "none": N_("No level"),
    "trained": N_("Trained"),
    "calibrated": N_("Calibrated: agrees with a second rater"),
    "certified": N_("Certified engineer"),
}
"""Levels of assessors, from the lowest."""
REMARKS = {
    "value_decides": N_("The value decides by the norm, not the button: see the answer that stands now."),
    "rooms_decide": N_("The share of rooms decides, not the button: see the answer that stands now."),
    "clock_ahead": N_("The clock of this device runs ahead; the time of arrival was written down."),
}
SEASONS = {"winter": N_("winter"), "spring": N_("spring"), "summer": N_("summer"), "autumn": N_("autumn")}
