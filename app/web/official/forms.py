"""What the pages of the official list are sent: a decision, a hash to check, a day."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from app.web.filters import InvalidFilterError
from app.web.official.words import REASONS
from app.workflows.make_official import LONGEST, Approval

if TYPE_CHECKING:
    from werkzeug.datastructures import MultiDict

SHORTEST, WHOLE = 8, 64
LONGEST_QUESTION = 300
HASH = re.compile(r"[0-9a-f]{8,64}")


def read_approval(form: MultiDict[str, str]) -> tuple[Approval, tuple[str, ...]]:
    """Return the decision as it was sent, and the fields that cannot be read."""
    text = {name: _text(form, name) for name in ("reason", "document", "document_on", "document_url")}
    day: date | None = None
    wrong: tuple[str, ...] = ()
    if text["document_on"]:
        try:
            day = date.fromisoformat(text["document_on"])
        except ValueError:
            wrong = ("document_on",)
    return Approval(text["reason"], text["document"], day, text["document_url"] or None), wrong


def _text(form: MultiDict[str, str], name: str) -> str:
    return form.get(name, "").replace("\0", "").strip()[: LONGEST + 1]


def read_hash(text: str) -> str | None:
    """Return the hash in what was pasted (an address, spaces, capitals are forgiven), or None where there is none.

    Spaces and hyphens between groups of a printed hash are taken out; of several candidates the longest is meant.
    """
    pasted = text[:LONGEST_QUESTION].lower()
    joined = re.sub(r"(?<=[0-9a-f])[\s\u00a0-]+(?=[0-9a-f])", "", pasted)
    found = [match for part in (pasted, joined) for match in HASH.findall(part)]
    return max(found, key=len, default=None)


def read_reason(args: MultiDict[str, str]) -> str | None:
    """Return the reason by which changes are shown; ``InvalidFilterError`` for what is none."""
    wish = args.get("reason", "").strip()
    if wish and wish not in REASONS:
        raise InvalidFilterError("reason", wish, REASONS)
    return wish or None
