"""What people and programs send with a file, parsed and checked."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

from flask import current_app, request

from app.workflows.import_options import Folders, ImportOptions, InvalidFieldError, KeptFile, is_kind, keep_file
from layers.registry import load_catalogue

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.settings import Settings

LONGEST_TEXT = 300
LONGEST_KEY = 200


def folders() -> Folders:
    """Return where this installation keeps originals and rasters."""
    settings: Settings = current_app.extensions["settings"]
    return Folders(settings.upload_dir, settings.geodata_dir)


def read_file() -> KeptFile:
    """Keep the file of this request; raises InvalidFieldError without one, FileTooLargeError above the limit."""
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        raise InvalidFieldError("file")
    settings: Settings = current_app.extensions["settings"]
    return keep_file(settings.upload_dir, sent.stream, sent.filename, settings.upload_limit_mb)  # type: ignore[arg-type]


def read_options(form: Mapping[str, str], overrides: tuple[tuple[str, str], ...] = ()) -> ImportOptions:
    """Return the options of a form; raises InvalidFieldError for what cannot be used."""
    kind = form.get("kind", "")
    if not is_kind(kind):
        raise InvalidFieldError("kind", kind)
    hazard = _text(form, "hazard")
    if kind == "hazard" and hazard not in load_catalogue():
        raise InvalidFieldError("hazard", hazard or "")
    return ImportOptions(
        kind,  # type: ignore[arg-type]
        hazard if kind == "hazard" else None,
        _text(form, "sheet"),
        _text(form, "layer"),
        _text(form, "encoding"),
        overrides,
        _day(form, "valid_from"),
        _text(form, "source"),
        _text(form, "licence"),
        _day(form, "assessed_on"),
    )


def read_mapping(text: str | None) -> tuple[tuple[str, str], ...]:
    """Return (column, field) pairs of a JSON object {column: field}; raises InvalidFieldError."""
    if not text:
        return ()
    try:
        found: Any = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InvalidFieldError("mapping", text) from error
    if not isinstance(found, dict) or not all(isinstance(value, str) for value in found.values()):
        raise InvalidFieldError("mapping", text)
    if "\0" in text or "\\u0000" in text:
        raise InvalidFieldError("mapping", "NUL")
    return tuple(found.items())


def read_mode(form: Mapping[str, str]) -> str:
    """Return check or commit; raises InvalidFieldError."""
    mode = form.get("mode", "check")
    if mode not in ("check", "commit"):
        raise InvalidFieldError("mode", mode)
    return mode


def read_key() -> str | None:
    """Return the Idempotency-Key, bound to the account: two people's keys never meet."""
    from flask import g

    key = request.headers.get("Idempotency-Key", "").strip()
    if not key:
        return None
    if len(key) > LONGEST_KEY or not key.isprintable():
        raise InvalidFieldError("Idempotency-Key", key)
    return f"{g.get('account_id')}:{key}"


def is_yes(text: str | None) -> bool:
    """Tell whether a field says yes."""
    return (text or "").strip().lower() in ("1", "true", "yes", "on")


def _text(form: Mapping[str, str], name: str) -> str | None:
    value = (form.get(name) or "").strip()
    if len(value) > LONGEST_TEXT or "\0" in value:
        raise InvalidFieldError(name, value)
    return value or None


def _day(form: Mapping[str, str], name: str) -> date | None:
    value = _text(form, name)
    if value is None:
        return None
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise InvalidFieldError(name, value) from error
