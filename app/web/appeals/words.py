"""Words of appeals."""

from __future__ import annotations

from app.i18n.marks import N_

STATUSES = {
    "open": N_("Under appeal"),
    "accepted": N_("Accepted"),
    "rejected": N_("Rejected"),
    "withdrawn": N_("Withdrawn"),
}
LABELS = {
    "fact": N_("Which fact is wrong"),
    "claimed": N_("What is true"),
    "evidence": N_("Evidence: act, report or register, with its number and date"),
    "evidence_url": N_("Address of the evidence on the web"),
    "reason": N_("What is wrong and how you know"),
    "decision": N_("Reason for the decision"),
}
WRONG = {
    "fact": N_("Choose the fact from the list."),
    "fact.edition": N_("This requirement is not in the edition of the Standard that is in force."),
    "fact.protection": N_("Answers on guards, alarms and violence are kept from the public, and appeals are public."),
    "fact.building": N_("This requirement is answered elsewhere: choose the school or the building above."),
    "fact.level": N_("No public layer tells a level of this hazard at the school, so that there is none to appeal."),
    "claimed": N_("Enter a value that the register takes and that differs from the present one."),
    "evidence": N_("Name the evidence; without it nobody can decide."),
    "evidence_url": N_("This is not an http(s) address."),
    "reason": N_("Say what is wrong and how you know."),
    "decision": N_("Give the reason; whoever appealed reads it."),
    "correction": N_(
        "Not accepted yet: the value cannot be recorded beside what stands there, or in your open change of the "
        "record. Settle that first, or reject."
    ),
}
RERANKING = {
    None: N_("No ranking is known that began after the correction."),
    "waiting": N_("The ranking is waiting."),
    "running": N_("The ranking is being made."),
    "done": N_("The ranking is made."),
    "failed": N_("The ranking stopped without a list. Somebody who may rank has to start it again."),
}
"""How the ranking after a correction stands, while no list came of it."""
NEXT_RANKING = N_("Once the fact is corrected, the next ranking takes it in as far as it counts there.")
DONE = {
    "accept": N_("Accepted. The value is a draft of yours now: submit it, so that somebody else verifies it."),
    "accept_only": N_("Accepted. Somebody who edits here has to bring the value into the record."),
    "accept_measured": N_("Accepted. The page of the appeal says where the fact is corrected."),
    "reject": N_("Rejected with your reason. The fact stays as it is."),
    "withdraw": N_("Withdrawn. The fact stays as it is."),
}
