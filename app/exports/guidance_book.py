"""Guidance for criteria as a booklet to print: PDF/UA-1, one criterion after the other, legible in black and white."""

from __future__ import annotations

from typing import Any

from app.exports.typeset import typeset


def write_guidance(book: dict[str, Any]) -> bytes:
    """Return the PDF of a book as ``app.web.standard.books.printed_book`` makes it: texts in one language.

    Raises:
        TypesettingError: The template could not be set.
    """
    return typeset("guidance_book.typ", book)
