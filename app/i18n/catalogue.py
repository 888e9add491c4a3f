"""Translate without Flask: the same compiled catalogues that pages use, for files, reports and commands."""

from __future__ import annotations

import gettext
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from app.i18n.languages import CATALOGUE_DIR, CODES, DOMAIN

Translate = Callable[..., str]


@lru_cache(maxsize=8)
def catalogue_of(language: str) -> gettext.NullTranslations:
    """Return the compiled catalogue of ``language``, read once; raises ``ValueError`` for a language not offered."""
    if language not in CODES:
        raise ValueError(f"unknown language {language!r}")
    return gettext.translation(DOMAIN, CATALOGUE_DIR, languages=[language], fallback=True)


def translator(language: str) -> Translate:
    """Return ``translate(msgid, **params)``: the string in ``language``, its named placeholders filled in."""
    catalogue = catalogue_of(language)

    def translate(msgid: str, **params: Any) -> str:
        text = catalogue.gettext(msgid) if msgid else ""
        return text % params if params else text

    return translate
