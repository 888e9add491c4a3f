"""What an edit form sends back: texts by field, and whether a gap was meant."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from werkzeug.exceptions import BadRequest

from app.web.revisions import words
from app.workflows.revise import SentForm

if TYPE_CHECKING:
    from werkzeug.datastructures import MultiDict

    from app.workflows.revise import EditState
    from app.workflows.revise_fields import EditField

LONGEST = 100_000
"""Characters of a field that are read: far more than any field holds, so that a text too long is told by its length."""
OFFERED = ("choice", "flag")
"""Controls in which "unknown" is one of the choices."""
Words = tuple[str, str]


def read_form(state: EditState, form: MultiDict[str, str]) -> tuple[SentForm, dict[str, Words]]:
    """Return what was sent, and by field what is wrong with how "unknown" was said; 400 for no form of ours."""
    shown = read_shown(form.get("shown", ""))
    texts: dict[str, str] = {}
    wrong: dict[str, Words] = {}
    for edited in state.fields:
        before = shown.get(edited.name, state.texts[edited.name])
        typed = _typed(edited, form)
        texts[edited.name] = typed
        if edited.control in OFFERED:
            continue
        is_unknown = f"unknown-{edited.name}" in form
        if is_unknown and typed and typed != before and before:
            wrong[edited.name] = words.VALUE_AND_UNKNOWN
        elif is_unknown and (not typed or before):
            texts[edited.name] = ""
        elif not is_unknown and not typed and before:
            wrong[edited.name] = words.VALUE_MISSING
    sent = SentForm(
        texts,
        shown,
        form.get("stamp", "")[:100],
        plain_text(form.get("source", "")),
        form.get("dated", "").strip()[:LONGEST],
        plain_text(form.get("reason", "")),
        {name: form.get(f"choice-{name}", "") for name in form.getlist("asked")} if "asked" in form else None,
    )
    return sent, wrong


def _typed(edited: EditField, form: MultiDict[str, str]) -> str:
    if edited.control == "many":
        return ", ".join(plain_text(value) for value in form.getlist(edited.name))
    return plain_text(form.get(edited.name, ""))


def plain_text(text: str) -> str:
    """Return a text of a form without what no field holds, cut to ``LONGEST``."""
    return text.replace("\0", "").replace("\r\n", "\n").strip()[:LONGEST]


def read_shown(text: str) -> dict[str, str]:
    """Return the texts that a form was opened with, from its hidden field; 400 for no form of ours."""
    try:
        found = json.loads(text)
    except ValueError as error:
        raise BadRequest from error
    if not isinstance(found, dict) or not all(isinstance(value, str) for value in found.values()):
        raise BadRequest
    return found
