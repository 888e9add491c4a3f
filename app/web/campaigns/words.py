"""What the pages of campaigns call states, fields and columns, as msgids."""

from __future__ import annotations

from app.i18n.marks import N_

STATES = {
    "waiting": N_("Not begun"),
    "begun": N_("Begun"),
    "sent": N_("Sent, not published yet"),
    "done": N_("Published"),
}
FILTERS = {
    "missing": N_("Not published yet"),
    "late": N_("Late"),
    "waiting": N_("Not begun"),
    "done": N_("Published"),
}
STATUSES = {"open": N_("Open"), "closed": N_("Closed")}
WRONG = {
    "title": N_("Give the campaign a name of at most 200 letters."),
    "kind": N_("Choose a kind of assessment; an edition of the standard has to be in use."),
    "starts_on": N_("Give the first day."),
    "ends_on": N_("Give the last day; it is not before the first."),
    "sample_size": N_("The number of schools is a whole number of at least 1."),
    "seed": N_("The seed is a whole number from 0 to 2147483647."),
    "due_on": N_("The day has to lie within the campaign."),
    "account": N_("Choose somebody of the list."),
    "area": N_("Choose an area of the list."),
}
EMPTY = N_("No school of your territory fits. A sample for a second rater needs schools that assessed themselves.")
DONE = {
    "opened": N_("The campaign is open; its schools stand below."),
    "handed": N_("Visits handed out: %(count)s"),
    "reminded": N_("Reminded in their tasks: %(count)s"),
    "said": N_("The reason is written down."),
    "closed": N_("Closed. Assessments counted and frozen: %(count)s"),
}
COLUMNS = {
    "code": N_("Code"),
    "name": N_("Name"),
    "state": N_("State"),
    "sent_to": N_("Who visits"),
    "due_on": N_("Due on"),
    "reminded_on": N_("Reminded on"),
    "reason": N_("Why not"),
}
