"""Words of the list of schools to survey first, as msgids."""

from __future__ import annotations

from app.i18n.marks import N_

WORDS = {
    "unknown_type": N_("Unknown type of a building where strong shaking is expected"),
    "red_flag_open": N_("A critical requirement that nobody has looked at"),
    "insufficient_data": N_("Too little is known, and many pupils"),
}
WORTH = {
    "may_enter": N_("As far as known this money is not for it; what a visit finds could bring in: %(measure)s."),
    "may_leave": N_("As far as known it gets money; what a visit finds could take out: %(measure)s."),
    "may_change": N_("As far as known it gets money; what a visit finds could lead to another measure: %(measure)s."),
    "decided": N_("A visit costs more than what it could change."),
    "money_for_all": N_("The money is enough for all measures: a visit changes none of them."),
    "not_computed": N_("Not computed: floor area, pupils or shaking are unknown."),
}
PARTS = {
    "risk": N_("Most of what is unknown: how dangerous its buildings are."),
    "conformity": N_("Most of what is unknown: how far it meets the Standard."),
}
COLUMNS = {
    "code": N_("Code"),
    "name": N_("School"),
    "area": N_("Area"),
    "national_rank": N_("Rank"),
    "grade": N_("Grade"),
    "pupils": N_("Pupils"),
    "open_flags": N_("Critical requirements without an answer"),
    "reasons": N_("Reasons"),
    "net_som": N_("Worth of a survey beyond its cost, som"),
    "survey_som": N_("Cost of a survey, som"),
    "switches_pct": N_("Chance that it changes what is funded, %"),
}
