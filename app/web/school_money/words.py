"""Words of costs, decisions and plans on a school's money page."""

from __future__ import annotations

from app.i18n.marks import N_

STAGES = {
    "survey": N_("by an engineering survey"),
    "design": N_("by a design"),
    "expertise": N_("by a design that passed the state expertise"),
    "contract": N_("by a contract"),
}
CHOICES = {
    "retrofit": N_("strengthen the buildings"),
    "replace": N_("replace the buildings"),
    "relocate": N_("move the school to another site"),
}
LABELS = {
    "school": N_("Code of the school"),
    "measures": N_("Measures"),
    "building": N_("Building"),
    "cost": N_("Cost, whole som"),
    "document": N_("Document (title, number)"),
    "documented_on": N_("Day of the document"),
    "priced_on": N_("Day of the prices"),
    "stage": N_("How firm it is"),
    "choice": N_("Decision"),
    "reason": N_("Reason"),
    "file": N_("File, CSV or XLSX"),
}
WRONG = {
    "school": N_("There is no such school."),
    "territory": N_("Your account does not estimate at this school."),
    "measures": N_("There is no such bundle or measure."),
    "building": N_("The school has no such building, or this measure is never of one building."),
    "cost": N_("Whole som, digits only."),
    "cost_zero": N_("A cost is above zero."),
    "document": N_("Name the document: up to 500 characters."),
    "documented_on": N_("A day that has come already."),
    "priced_on": N_("A day that has come already."),
    "stage": N_("Choose from the list: survey, design, expertise or contract."),
    "choice": N_("Choose from the list."),
    "reason": N_("Give the reason: up to 500 characters."),
    "repeated": N_("The same measure of the same place stands in the file twice."),
    "rows": N_("A file has 1 to 5,000 rows."),
    "file": N_("Choose a file of at most 5 MB."),
    "columns": N_("The column is missing."),
}
OUTCOMES = {
    "structural_flag": N_("grade E with a critical structural requirement failed"),
}
"""Reasons of the rule for schools that must be acted on; others are written by who made the plan."""
