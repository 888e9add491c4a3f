"""What the pages of verification call statuses, answers and steps, as msgids."""

from __future__ import annotations

from app.i18n.marks import N_

STATES = {
    "meets": N_("Meets"),
    "partly": N_("Meets in part"),
    "fails": N_("Fails"),
    "not_applicable": N_("Does not apply"),
    "unknown": N_("Unknown"),
}
STATUSES = {
    "draft": N_("Draft"),
    "submitted": N_("Submitted"),
    "returned": N_("Returned"),
    "verified": N_("Verified"),
    "published": N_("Published"),
}
BOXES = {"to_verify": N_("Assessments to verify"), "to_publish": N_("Assessments to publish")}
STEP_BUTTONS = {
    "verify": N_("Confirm: verified"),
    "return": N_("Return to be corrected"),
    "publish": N_("Publish"),
}
STEP_DONE = {
    "verify": N_("Verified. It can be published now."),
    "return": N_("Returned with your reason."),
    "publish": N_("Published. The ranking takes it up with its next run."),
}
ADVICE = {
    "too_few": N_("Too few answers to compare: at least 30 are needed."),
    "agrees": N_("Agrees with the others: may be recorded as calibrated."),
    "differs": N_("Differs in more than a fifth of the answers: to be calibrated again."),
}
"""What follows from how far a rater agrees with the others; codes of ``app.assessment.raters``."""
