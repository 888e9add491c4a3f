"""Whether a school stays among the first N while each weight moves, in a sentence and in a few words."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from flask_babel import gettext as _

from app.exports.words import FACTOR_SHORT
from app.i18n.formats import format_number, format_percent
from app.i18n.marks import N_
from app.web.language import current_language
from app.web.priorities.run_inputs import read_canonical

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from geodata.models import Run
    from geodata.records.priority import PriorityRow

SENTENCES = {
    "stays": N_("Stays among the first %(top)s with every weight %(share)s up or down."),
    "falls": N_("Falls out of the first %(top)s when one weight moves by %(share)s: %(moves)s."),
    "enters": N_("Comes into the first %(top)s when one weight moves by %(share)s: %(moves)s."),
    "outside": N_("Stays outside the first %(top)s with every weight %(share)s up or down."),
}
NOTES = {
    "falls": N_("out of the first %(top)s at %(moves)s"),
    "enters": N_("into the first %(top)s at %(moves)s"),
}
"""Beside a school of the list; what stays needs no word there: ``REST`` says it once."""
REST = N_("Schools of the first %(top)s without such a note stay there with every weight %(share)s up or down.")
MOST_NOTED = 2
MINUS, PLUS = "\u2212", "+"


class Moved(NamedTuple):
    """By which share of itself a weight moved, and N; both as the run's canonical text says."""

    share: float
    top: int


def moved_of(run: Run) -> Moved | None:
    """Return how the weights of a run were moved; None: the run is older than that."""
    return _moved(run.canonical)


@lru_cache(maxsize=64)
def _moved(canonical: str) -> Moved | None:
    told = read_canonical(canonical).get("weights_moved")
    return None if told is None else Moved(float(told["step"]), int(told["top"]))


def weights_sentence(run: Run, row: PriorityRow) -> str:
    """Return the sentence on a school; "" for an older run."""
    moved = moved_of(run)
    if moved is None or row.top_by_weights is None:
        return ""
    spelled = "; ".join(_spelled(row.top_moves or ()))
    return _(SENTENCES[row.top_by_weights]) % (_words(moved) | {"moves": spelled})


def weights_note(run: Run, row: PriorityRow) -> str:
    """Return the few words beside a school of the list; "" where there is nothing to say."""
    moved = moved_of(run)
    if moved is None or row.top_by_weights not in NOTES:
        return ""
    share = format_percent(100 * moved.share, current_language())
    codes = [f"{move[:-1]} {PLUS if move.endswith('+') else MINUS}{share}" for move in row.top_moves or ()]
    told = ", ".join(codes[:MOST_NOTED]) + (" …" if len(codes) > MOST_NOTED else "")
    return _(NOTES[row.top_by_weights]) % (_words(moved) | {"moves": told})


def weights_rest(run: Run) -> str:
    """Return what is said once of the schools without a note; "" for an older run."""
    moved = moved_of(run)
    return "" if moved is None else _(REST) % _words(moved)


def _words(moved: Moved) -> dict[str, str]:
    language = current_language()
    return {"top": format_number(moved.top, language), "share": format_percent(100 * moved.share, language)}


def _spelled(moves: Collection[str]) -> Iterator[str]:
    """Yield the parts that weigh more, then those that weigh less."""
    for sign, text in ((PLUS, N_("more weight on %(parts)s")), ("-", N_("less weight on %(parts)s"))):
        parts = [f"{move[:-1]} {_(FACTOR_SHORT[move[:-1]])}" for move in moves if move.endswith(sign)]
        if parts:
            yield _(text) % {"parts": ", ".join(parts)}
