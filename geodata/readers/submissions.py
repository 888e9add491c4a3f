"""Read what KoBoToolbox and ODK Central send: JSON of their APIs, and tables of their exports, without judgement.

Text from outside is data only: no key of it is ever looked up as a name, no address in it is ever opened.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from geodata.readers.limits import refuse
from geodata.records.field import BLOCK
from geodata.records.submission import Attachment, Delivery, RawSubmission

if TYPE_CHECKING:
    from collections.abc import Sequence

MAX_SUBMISSIONS = 50_000
MAX_KEYS = 5_000
MAX_DEPTH = 12
MAX_TEXT = 10_000
LONGEST_ID = 200
LONGEST_KEY = 1_000
HOSTILE = re.compile(r"^(__(?!version__$|id$|system$).*|\$.*|constructor|prototype)$")
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
ODATA = "@odata"


def read_json(content: bytes, first_row: int = 1) -> Delivery:
    """Return the submissions of a JSON answer or file.

    Raises:
        FileRefusedError: It is an HTML page, is cut off, is no JSON, or holds no list of submissions.
    """
    rows = _rows(load_json(content))
    if len(rows) > MAX_SUBMISSIONS:
        refuse("submissions_too_many", limit=MAX_SUBMISSIONS)
    return Delivery([read_submission(row, first_row + at) for at, row in enumerate(rows)])


def load_json(content: bytes) -> Any:
    """Return parsed JSON; errors as ``read_json``."""
    start = content[:400].lstrip(b"\xef\xbb\xbf \t\r\n")
    if not start:
        refuse("file_empty")
    if start[:1] == b"<":
        title = re.search(rb"<title[^>]*>([^<]{1,80})", content[:4_000], re.IGNORECASE)
        refuse("submissions_html", title=_clean((title[1] if title else start[:60]).decode("utf-8", "replace")).strip())
    try:
        return json.loads(content.decode("utf-8-sig"), parse_constant=_no_constant)
    except UnicodeDecodeError:
        refuse("submissions_not_text")
    except json.JSONDecodeError as error:
        is_cut = error.pos >= len(error.doc.rstrip()) - 1 or error.msg.startswith("Unterminated")
        refuse("submissions_cut_off" if is_cut else "submissions_no_json", line=error.lineno, position=error.colno)
    except (RecursionError, ValueError):
        refuse("submissions_no_json", line=1, position=1)


def _no_constant(name: str) -> None:
    raise ValueError(name)


def _rows(found: Any) -> list[dict[str, Any]]:
    if isinstance(found, dict):
        for key in ("results", "value"):
            if isinstance(found.get(key), list):
                found = found[key]
                break
        else:
            found = [found] if {"_uuid", "__id", "meta/instanceID", "instanceID"} & found.keys() else None
    if not isinstance(found, list) or not all(isinstance(row, dict) for row in found):
        refuse("submissions_shape")
    return found


def read_submission(raw: Mapping[str, Any], row: int, labels: Mapping[str, str] | None = None) -> RawSubmission:
    """Return one submission from the object or the row of a table that holds it.

    ``labels`` ({label: name}) translate headings of an export with labels. ``raw["repair"]`` holds answers that
    somebody set right here; they count in place of the sent ones.
    """
    strange: list[str] = []
    kept = _kept(raw, strange, 0)
    flat = dict(_flat(kept, "", labels or {}))
    blocks = flat.pop(BLOCK, [])
    system = kept.get("__system") if isinstance(kept.get("__system"), dict) else {}
    values = _answers(flat)
    for name, value in (kept.get("repair") or {}).items() if isinstance(kept.get("repair"), dict) else ():
        values[name] = _text(value)
    deprecated = _id(_first(flat, "deprecatedID"))
    version = _id(_first(flat, "instanceID", "_uuid", "__id", "KEY"))
    edits = system.get("edits") or 0
    return RawSubmission(
        row,
        _id(_first(flat, "rootUuid") or kept.get("__id") or _first(flat, "instanceID", "_uuid", "KEY")),
        version,
        deprecated,
        bool(deprecated or edits),
        values,
        tuple(_answers(dict(_flat(block, "", labels or {}))) for block in blocks if isinstance(block, dict)),
        tuple(_attachments(kept)),
        kept,
        _first(flat, "__version__") or _short(system.get("formVersion")),
        read_moment(_first(flat, "_submission_time", "SubmissionDate") or _short(system.get("submissionDate"))),
        read_moment(_first(flat, "start")),
        read_moment(_first(flat, "end")),
        _first(flat, "_submitted_by", "SubmitterName") or _short(system.get("submitterName")),
        tuple(strange),
    )


def _kept(value: Any, strange: list[str], depth: int) -> Any:
    """Return JSON that can be stored: no NUL, no lone surrogates, no keys that are not names; those are kept aside."""
    if isinstance(value, str):
        return _clean(value)[:MAX_TEXT]
    if isinstance(value, Mapping):
        found: dict[str, Any] = {}
        aside: dict[str, Any] = {}
        for key, part in list(value.items())[:MAX_KEYS]:
            name = str(key)
            if depth < MAX_DEPTH and _is_usual(name):
                found[name] = _kept(part, strange, depth + 1)
                continue
            told = name.encode("unicode_escape").decode()[:100]
            strange.append(told)
            aside[told] = _clean(json.dumps(part, default=str))[:MAX_TEXT]
        if aside:
            found["left out"] = aside
        return found
    if isinstance(value, list):
        return [_kept(part, strange, depth + 1) for part in value[:MAX_KEYS]] if depth < MAX_DEPTH else []
    return value


def _is_usual(key: str) -> bool:
    return 0 < len(key) <= LONGEST_KEY and key.isprintable() and not HOSTILE.match(key.rsplit("/", 1)[-1])


def _flat(raw: Mapping[str, Any], prefix: str, labels: Mapping[str, str]) -> Iterator[tuple[str, Any]]:
    """Yield (name of the question, answer): the last part of a path of groups, or what a label stands for."""
    for key, value in raw.items():
        if key in ("repair", "left out", "__system", "_attachments") or ODATA in key:
            continue
        name = _name(key, labels)
        if name == BLOCK and isinstance(value, list):
            yield BLOCK, value
        elif isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{key}/", labels)
        elif value is not None and not isinstance(value, list):
            yield name, _text(value)


def _name(key: str, labels: Mapping[str, str]) -> str:
    rest = key
    while labels:
        if rest in labels:
            return labels[rest]
        _, slash, rest = rest.partition("/")
        if not slash:
            break
    return key.rsplit("/", 1)[-1]


def _answers(flat: Mapping[str, Any]) -> dict[str, str]:
    return {name: value for name, value in flat.items() if isinstance(value, str) and value.strip()}


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value).strip()


def _clean(text: str) -> str:
    return CONTROL.sub("", text)


def _first(flat: Mapping[str, Any], *names: str) -> str | None:
    for name in names:
        value = flat.get(name)
        if isinstance(value, str) and value.strip():
            return value.strip()[:LONGEST_ID]
    return None


def _short(value: Any) -> str | None:
    return str(value)[:LONGEST_ID] if value else None


def _id(text: Any) -> str | None:
    """Return an id without the ``uuid:`` that only some of the servers' answers write."""
    found = str(text).strip().removeprefix("uuid:")[:LONGEST_ID] if text else ""
    return found or None


def _attachments(raw: Mapping[str, Any]) -> Iterator[Attachment]:
    listed = raw.get("_attachments")
    for one in listed if isinstance(listed, list) else ():
        if isinstance(one, dict) and one.get("filename"):
            question = str(one.get("question_xpath") or "").rsplit("/", 1)[-1] or None
            name = str(one.get("media_file_basename") or one["filename"]).rsplit("/", 1)[-1][:LONGEST_ID]
            yield Attachment(name, question, _short_address(one.get("download_url")))


def _short_address(value: Any) -> str | None:
    return str(value)[:2_000] if value else None


def read_moment(text: str | None) -> datetime | None:
    """Return a moment with its zone (without one: UTC, as both servers mean it); None for what is no moment."""
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text.strip().replace("Z", "+00:00"))
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def join_tables(main: Sequence[dict[str, str]], repeats: Sequence[dict[str, str]]) -> list[dict[str, Any]]:
    """Return rows of an export's first sheet, each with the rows of its repeat; what belongs to no row is left out.

    KoBoToolbox ties them by ``_index`` and ``_parent_index``, ODK Central by ``KEY`` and ``PARENT_KEY``.
    """
    below: dict[str, list[dict[str, str]]] = {}
    for row in repeats:
        below.setdefault(row.get("_parent_index") or row.get("PARENT_KEY") or "", []).append(row)
    return [{**row, BLOCK: below.get(row.get("_index") or row.get("KEY") or "?", [])} for row in main]
