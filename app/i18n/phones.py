"""Telephone numbers as people read them."""

from __future__ import annotations


def phone_text(number: str) -> str:
    """Return an E.164 number of the country in groups: +996 312 62 12 34; another one as it is."""
    digits = number.removeprefix("+996")
    if digits == number or len(digits) != 9:
        return number
    return f"+996 {digits[:3]} {digits[3:5]} {digits[5:7]} {digits[7:]}"
