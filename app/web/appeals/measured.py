"""Facts beside the record in words: answers, hazards and travel times, what can be claimed, where it is corrected."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import url_for
from flask_babel import gettext as _

from app.exports.words import HAZARD_LABELS, UNKNOWN
from app.i18n.formats import format_number
from app.i18n.marks import N_
from app.i18n.names import local_name
from app.web.assess.words import STATES
from app.web.guard import allowed
from app.web.language import current_language
from app.web.schools.ways import LABELS as PLACES
from app.workflows.appealed_facts import CLAIMED_STATES, LEVELS, group_of
from geodata.queries.appealed_facts import criterion_names

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from app.workflows.appealed_facts import Group, MeasuredFact
    from geodata.database import Session
    from geodata.queries.appealed_facts import CriterionName
    from geodata.queries.appeals import AppealFacts

TITLES: dict[Group, str] = {
    "answer": N_("Answers to requirements of the Standard"),
    "hazard": N_("Hazards at the school"),
    "travel": N_("Travel times from the school"),
}
CORRECTED: dict[Group, str] = {
    "answer": N_("A new assessment corrects an answer; it is verified and published like every other."),
    "hazard": N_("A decision which source counts, or a better layer, corrects a level."),
    "travel": N_(
        "Whoever runs the system takes in a table of travel times by scripts/mektep import travel FILE; newer roads or "
        "services come in as files."
    ),
}


@dataclass(frozen=True, slots=True)
class ClaimField:
    """Where the true value is entered: a list of ``options``, or minutes where there are none."""

    name: str
    text: str
    options: list[tuple[str, str]]


def names_of(session: Session, keys: Iterable[str]) -> dict[str, CriterionName]:
    """Return what the criteria among keys of facts say; no query without one."""
    codes = {key.partition(".")[2] for key in keys if group_of(key) == "answer"}
    return criterion_names(session, codes) if codes else {}


def label_of(key: str, names: Mapping[str, CriterionName]) -> str:
    """Return what a fact is called."""
    group, code = group_of(key), key.partition(".")[2]
    if group == "answer":
        said = local_name(names.get(code), current_language(), "text") if code in names else None
        return f"{code}. {said.rstrip('.')}" if said else code
    if group == "hazard":
        return _("Level of the hazard: %(hazard)s", hazard=_(HAZARD_LABELS.get(code, code)))
    return _("Travel time: %(place)s", place=_(PLACES.get(code, code)))


def value_text(key: str, value: str | None) -> str:
    """Return a state, a level or minutes as people read it; None is unknown."""
    if not value:
        return _(UNKNOWN)
    group = group_of(key)
    if group == "answer":
        return _(STATES.get(value, value))
    if group == "hazard":
        return _("level %(level)s", level=value)
    minutes = float(value)
    told = format_number(minutes, current_language(), 0 if minutes.is_integer() else 1)
    return _("%(minutes)s min", minutes=told)


def claim_field(fact: MeasuredFact, text: str) -> ClaimField:
    """Return the field of the form for what is true; what stands already is not offered."""
    offered = {"answer": CLAIMED_STATES, "hazard": LEVELS, "travel": ()}[fact.group]
    options = [(one, value_text(fact.key, one)) for one in offered if one != fact.present]
    return ClaimField(fact.key, text, options)


def correction_of(found: AppealFacts) -> dict[str, object] | None:
    """Return where an accepted fact beside the record is corrected: a sentence, and the pages open to the reader."""
    group = group_of(found.fact)
    if found.status != "accepted" or group is None:
        return None
    links = []
    if group == "answer" and allowed("edit"):
        links.append((_("Assess the school"), url_for("assess.index", school=found.school_code)))
    if group == "hazard":
        links.append((_("Sources and decisions"), url_for("conflicts.index", school=found.school_code)))
    if group != "answer" and allowed("import"):
        links.append((_("Take in a file"), url_for("imports.index")))
    return {"said": _(CORRECTED[group]), "links": links}
