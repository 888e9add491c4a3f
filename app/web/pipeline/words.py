"""Words of the pipeline: stages, kinds of money, fields and what is wrong with them."""

from __future__ import annotations

from app.exports.plan_columns import MONEY as MONEY
from app.i18n.marks import N_

STAGES = {
    "identified": N_("Identified"),
    "design": N_("Design"),
    "approved": N_("Approved"),
    "procured": N_("Procured"),
    "building": N_("Under construction"),
    "done": N_("Finished"),
    "dropped": N_("Dropped"),
}
KINDS = {"planned": N_("Planned"), "decided": N_("Decided"), "spent": N_("Spent")}
LABELS = {
    "bundle": N_("Measures"),
    "stage": N_("Next stage"),
    "moved_on": N_("Day of the move"),
    "reason": N_("Reason"),
    "document": N_("Document (title and number)"),
    "document_url": N_("Address of the document on the web"),
    "kind": N_("Kind of money"),
    "money": N_("Source of the money"),
    "amount": N_("Amount, whole som"),
    "on_date": N_("Day of the payment, or of the plan"),
    "replaces": N_("Row that is corrected"),
}
WRONG = {
    "bundle": N_("Choose measures that are offered to the school."),
    "stage": N_("Choose the stage from the list."),
    "moved_on": N_("A day that has come already, not before the last move."),
    "reason": N_("Say why, in a sentence."),
    "document": N_("Name the document: its title, number and date."),
    "document_url": N_("An address that begins with https:// or http://."),
    "kind": N_("Choose planned or spent."),
    "money": N_("Choose the source from the list."),
    "amount": N_("Whole som above zero, digits only; 0 takes a row back."),
    "on_date": N_("A day that exists; for spent money one that has come."),
    "replaces": N_("There is no such row of this project, or it is corrected already."),
}
COLUMNS = {
    "number": N_("Project"),
    "code": N_("Code"),
    "name": N_("School"),
    "area": N_("Rayon or city"),
    "bundle": N_("Codes of the measures"),
    "measures": N_("Measures"),
    "stage": N_("Stage"),
    "since": N_("Since"),
    "cost_som": N_("Cost, som"),
    "planned_som": N_("Planned, som"),
    "decided_som": N_("Decided, som"),
    "spent_som": N_("Spent, som"),
    "plan": N_("Plan"),
    "synthetic": N_("Synthetic"),
}
SHEET = N_("Projects")
