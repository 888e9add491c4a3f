"""The name of a place or a school in the reader's language; knows no database and no Flask."""

from __future__ import annotations

from typing import Any, NamedTuple

FALLBACK = ("ky", "ru", "en")


class LocalName(NamedTuple):
    """``text``, and the language it is really in (differs from the page's when a name is missing)."""

    text: str
    language: str | None


def name_with_language(record: Any, language: str, field: str = "name") -> LocalName:
    """Return ``record.<field>_<language>``, else Kyrgyz, Russian, English, else its code with no language.

    ``record`` is any object (or mapping) with ``name_ky``, ``name_ru``, ``name_en`` and ``code``.
    """
    for code in (language, *FALLBACK):
        text = _value(record, f"{field}_{code}")
        if text:
            return LocalName(str(text), code)
    return LocalName(str(_value(record, "code") or ""), None)


def local_name(record: Any, language: str, field: str = "name") -> str:
    """Return the name alone; see ``name_with_language``."""
    return name_with_language(record, language, field).text


def _value(record: Any, name: str) -> Any:
    if isinstance(record, dict):
        return record.get(name)
    return getattr(record, name, None)
