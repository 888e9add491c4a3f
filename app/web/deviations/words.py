"""Words of funded projects and deviations."""

from __future__ import annotations

from app.exports.plan_columns import MONEY as MONEY
from app.i18n.marks import N_

REASONS = {
    "emergency": N_("Accident or disaster after the ranking"),
    "ready": N_("Better-ranked schools have no land or design documents yet"),
    "co_financing": N_("The local body pays its share"),
    "donor_condition": N_("Condition of the donor"),
    "court": N_("Court decision"),
    "merger": N_("A better-ranked school is being closed or merged"),
    "other": N_("Another reason, see the text"),
}
LABELS = {
    "amount": N_("Amount, whole som"),
    "money": N_("Source of the money"),
    "funded_on": N_("Day of the decision"),
    "document": N_("Act (title and number)"),
    "document_url": N_("Address of the act on the web"),
    "document_sha256": N_("SHA-256 of the document, where it is not on the web"),
    "reason_code": N_("Reason for passing others by"),
    "reason_ky": N_("Explanation in Kyrgyz"),
    "reason_ru": N_("Explanation in Russian"),
    "replaces": N_("Record that is corrected"),
    "project": N_("Project of the pipeline"),
}
WRONG = {
    "amount": N_("Whole som above zero, digits only."),
    "money": N_("Choose the source from the list."),
    "funded_on": N_("A day that has come already."),
    "document": N_("Name the act: its title, number and date."),
    "document_url": N_("Give the address or the SHA-256 of the document."),
    "document_sha256": N_("64 characters 0–9 and a–f."),
    "reason_code": N_("Choose the reason from the list."),
    "reason_ky": N_("Explain in Kyrgyz."),
    "reason_ru": N_("Explain in Russian."),
    "replaces": N_("There is no such record of this school, or it is corrected already."),
    "project": N_("There is no such project of this school."),
}
COLUMNS = {
    "code": N_("Code"),
    "name": N_("School"),
    "rank": N_("Rank"),
    "oblast": N_("Oblast"),
    "amount_som": N_("Amount, whole som"),
    "money": N_("Source of the money"),
    "funded_on": N_("Day of the decision"),
    "passed_count": N_("Better-ranked schools passed by"),
    "passed_code": N_("Best of them"),
    "passed_rank": N_("Its rank"),
    "reason": N_("Reason for passing others by"),
    "reason_ky": N_("Explanation in Kyrgyz"),
    "reason_ru": N_("Explanation in Russian"),
    "document": N_("Act (title and number)"),
    "document_url": N_("Address of the act on the web"),
    "document_sha256": "SHA-256",
    "run": N_("Ranking"),
}
SHEET = N_("Funded projects")
