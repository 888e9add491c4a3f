"""A filter in words, so that a file says which schools it holds."""

from __future__ import annotations

from app.exports import words
from app.exports.column import Places
from app.i18n.catalogue import translator
from app.i18n.formats import format_date
from app.i18n.marks import N_
from geodata.records.priority import ListFilter

SORT_WORDS = {
    "rank": N_("rank"),
    "name": N_("name"),
    "grade": N_("grade"),
    "index": N_("conformity index"),
    "priority": N_("priority"),
    "pupils": N_("pupils"),
    "completeness": N_("completeness"),
    "risk": N_("danger to life"),
    "safety": N_("Safety first"),
    "gap": N_("Standard gap"),
    "benefit": N_("Benefit for the cost"),
}
DEFAULT_HAZARD_LEVEL = 3


def filter_words(
    wanted: ListFilter, language: str, places: Places, domains: dict[str, str] | None = None
) -> tuple[tuple[str, str], ...]:
    """Return (label, value) of everything that restricts or orders the list, in ``language``.

    ``places`` names areas by code, ``domains`` names domains of the Standard by code.
    """
    say = translator(language)
    found: list[tuple[str, str]] = []
    if wanted.area:
        found.append((say(N_("Area")), places.get(wanted.area, wanted.area)))
    if wanted.q:
        found.append((say(N_("Search")), wanted.q))
    if wanted.grades:
        found.append((say(N_("Grade")), ", ".join(say(words.GRADES[grade]) for grade in wanted.grades)))
    if wanted.confidence:
        chosen = (say(words.CONFIDENCE[str(level)]) for level in wanted.confidence)
        found.append((say(N_("Confidence")), ", ".join(chosen)))
    if wanted.ownership:
        found.append((say(N_("Ownership")), ", ".join(say(words.OWNERSHIP[kind]) for kind in wanted.ownership)))
    if wanted.hazard:
        name = say(words.HAZARD_LABELS.get(wanted.hazard, wanted.hazard))
        level = say(N_("level %(level)s or worse"), level=wanted.hazard_level or DEFAULT_HAZARD_LEVEL)
        found.append((say(N_("Hazard")), f"{name}, {level}"))
    if wanted.domain:
        name = (domains or {}).get(wanted.domain, wanted.domain)
        found.append((say(N_("Requirements failed in")), name))
    if wanted.funded is not None:
        state = N_("funded in the plan %(plan)s") if wanted.funded else N_("not funded in the plan %(plan)s")
        name = wanted.plan[:12] if wanted.plan else say(N_("that is the newest public one"))
        found.append((say(N_("Money")), say(state, plan=name)))
    if wanted.queue:
        found.append((say(N_("Queue")), say(words.QUEUES[wanted.queue])))
    if wanted.date:
        found.append((say(N_("As it was public on the day")), format_date(wanted.date, language)))
    if wanted.sort != "rank" or wanted.descending:
        order = say(SORT_WORDS[wanted.sort])
        if wanted.descending:
            order = say(N_("%(order)s, descending"), order=order)
        found.append((say(N_("Order")), order))
    return tuple(found)
