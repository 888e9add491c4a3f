"""A source of a scenario in two parts: the citation, which stays as it is, and its status in the reader's language."""

from __future__ import annotations

from typing import NamedTuple

from flask_babel import gettext as _

from app.i18n.marks import N_

STATUSES = {
    "recalled - confirm": N_("recalled from the literature, to be checked"),
    "cross-checked (public transcription; the paper itself not opened)": N_(
        "compared with a public transcription; the paper itself was not seen"
    ),
}
"""Statuses of the tables of past events and of equations. A ranking keeps them behind the source, in brackets."""


class Citation(NamedTuple):
    """``text`` as stored; ``language`` of it, None where somebody wrote it in a form; ``status`` in words, or ""."""

    text: str
    language: str | None
    status: str


def citation_of(stored: str) -> Citation:
    """Return what a scenario keeps as its source or equation, parted from the status of a table's row."""
    for status, words in STATUSES.items():
        if stored.endswith(f" ({status})"):
            return Citation(stored.removesuffix(f" ({status})"), "en", _(words))
    return Citation(stored, None, "")
