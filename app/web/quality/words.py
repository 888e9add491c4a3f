"""What the pages of data quality call contradictions and orders, as msgids."""

from __future__ import annotations

from app.i18n.marks import N_

DOUBTS = {
    "raters": N_("Own answers far from the second rater's"),
    "value_state": N_("Measured value against the answer"),
    "seats_zero": N_("Pupils, but no seats"),
    "shift_sum": N_("Shifts do not add up to the pupils"),
    "location": N_("Place in doubt"),
}
ORDERS = {
    "completeness": N_("Least assessed first"),
    "verified": N_("Least verified first"),
    "age": N_("Oldest evidence first"),
    "expired": N_("Most expired first"),
    "doubts": N_("Most contradictions first"),
    "gap": N_("Largest difference between raters first"),
    "risk": N_("Most pupils in D and E first"),
}
COLUMNS = {
    "code": N_("Code"),
    "name": N_("Name"),
    "grade": N_("Grade"),
    "schools": N_("Schools"),
    "assessed": N_("Schools assessed"),
    "completeness": N_("Completeness"),
    "verified_share": N_("Verified share of the requirements"),
    "firm_share": N_("Verified and within the shelf life"),
    "expired_share": N_("Expired share of the answers"),
    "evidence_on": N_("Date of the evidence"),
    "first_expiry_on": N_("First expiry"),
    "second_rated": N_("Schools with a second rater"),
    "compared": N_("Criteria compared"),
    "equal_share": N_("Share of equal answers"),
    "index_gap": N_("Own index minus the second rater's, points"),
    "contradicting": N_("Schools with contradictions"),
    "contradictions": N_("Contradictions"),
    "pupils_at_risk": N_("Pupils in schools graded D or E"),
    "pupils": N_("Pupils"),
}
"""Headings of the files, by the keys of their columns."""
