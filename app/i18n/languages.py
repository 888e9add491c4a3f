"""The languages offered, their own names, and which one a reader prefers; no Flask."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

CATALOGUE_DIR = Path(__file__).resolve().parent
DOMAIN = "messages"


@dataclass(frozen=True)
class Language:
    """One language: its code, its name in itself, and what other codes of browsers mean it."""

    code: str
    name: str
    short: str
    direction: str = "ltr"
    aliases: tuple[str, ...] = ()


LANGUAGES: tuple[Language, ...] = (
    Language("ky", "Кыргызча", "KY", aliases=("kir", "kg")),
    Language("ru", "Русский", "RU", aliases=("rus",)),
    Language("en", "English", "EN", aliases=("eng",)),
)
"""The first is the default."""

CODES: tuple[str, ...] = tuple(language.code for language in LANGUAGES)
DEFAULT = CODES[0]


def negotiate(accept_language: str | None) -> str:
    """Return the code that suits an Accept-Language header best; the default when none does."""
    for code in _by_preference(accept_language or ""):
        for language in LANGUAGES:
            if code == language.code or code in language.aliases:
                return language.code
    return DEFAULT


def _by_preference(header: str) -> list[str]:
    wishes: list[tuple[float, int, str]] = []
    for position, part in enumerate(header.split(",")[:20]):
        code, _, parameter = part.strip().partition(";")
        primary = code.strip().lower().split("-")[0].split("_")[0]
        try:
            quality = float(parameter.strip().removeprefix("q=")) if parameter else 1.0
        except ValueError:
            quality = 0.0
        if primary and quality > 0:
            wishes.append((-quality, position, primary))
    return [code for _, _, code in sorted(wishes)]
