"""Whom to call first: telephones for who may see them, schools without one, and texts that fit short messages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.exports.sms import SmsLength, plain_signs, sms_length
from app.i18n.catalogue import translator
from app.i18n.languages import LANGUAGES
from app.i18n.marks import N_
from app.i18n.names import local_name
from geodata.queries import scenarios

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.i18n.catalogue import Translate
    from geodata.database import Session
    from geodata.records.scenario import CallCounts, ScenarioFacts, ShakenSchool

SHOWN = 30
NAMED = 10
"""Schools without a number that the page names; the file has all."""
IN_MESSAGE = 5

SUMMARY = N_(
    "%(title)s, %(hour)s:00, computed, not observed. Schools shaken: %(schools)s. Pupils inside: %(present)s. "
    "Badly hurt or killed, expected: %(severe)s. Seats lost: %(seats)s. Call first: %(names)s."
)
SUMMARY_OF_AREA = N_(
    "%(title)s, %(hour)s:00. Schools inside the area: %(schools)s. Pupils inside them: %(present)s. "
    "Call first: %(names)s."
)
CALL_LIST = N_("%(title)s, computed. Call: %(calls)s.")
CALL_LIST_OF_AREA = N_("%(title)s. Call: %(calls)s.")
NO_NUMBER = N_("no number known")


@dataclass(frozen=True, slots=True)
class Message:
    """One text in one language, and how many short messages it is."""

    code: str
    language: str
    text: str
    length: SmsLength


@dataclass(frozen=True, slots=True)
class Calls:
    """What a caller needs; ``rows`` are the reader's own schools where they see telephones of a part of them only."""

    counts: CallCounts
    rows: list[ShakenSchool]
    without: list[ShakenSchool]

    @property
    def is_shown(self) -> bool:
        """Whether the reader sees telephones at all."""
        return self.counts.seen > 0

    @property
    def is_part(self) -> bool:
        """Whether the reader sees those of a part of the schools."""
        return 0 < self.counts.seen < self.counts.schools


def calls_of(session: Session, found: ScenarioFacts, shifts: Sequence[bool]) -> Calls:
    """Return the calls of a scenario at an hour, the most harmed first."""
    counts = scenarios.count_calls(session, found.id)
    rows = scenarios.schools_at(session, found.id, shifts, SHOWN, only_seen=counts.seen > 0)
    without: list[ShakenSchool] = []
    if counts.without:
        without = scenarios.schools_at(session, found.id, shifts, NAMED, only_seen=True, only_without=True)
    return Calls(counts, rows, without)


def messages_of(found: ScenarioFacts, figures: dict[str, int], hour: int, calls: Calls) -> list[list[Message]]:
    """Return the texts, each in every language: the situation, and the calls for who sees telephones.

    ``figures``: schools, present, severe and seats as whole numbers; the last two are for an event with a degree.
    """
    kinds: list[list[Message]] = [[], []] if calls.is_shown else [[]]
    for language in LANGUAGES:
        say = translator(language.code)
        title = local_name(found, language.code, "title")
        names = "; ".join(local_name(row, language.code) for row in calls.rows[:3])
        summary = SUMMARY if found.has_degree else SUMMARY_OF_AREA
        texts = [say(summary, title=title, hour=f"{hour:02d}", names=names, **figures)]
        if calls.is_shown:
            listed = "; ".join(_call(row, say, language.code) for row in calls.rows[:IN_MESSAGE])
            texts.append(say(CALL_LIST if found.has_degree else CALL_LIST_OF_AREA, title=title, calls=listed))
        for kind, text in zip(kinds, map(plain_signs, texts), strict=True):
            kind.append(Message(language.code, language.name, text, sms_length(text)))
    return kinds


def _call(row: ShakenSchool, say: Translate, language: str) -> str:
    return f"{local_name(row, language)}: {row.phones[0] if row.phones else say(NO_NUMBER)}"
