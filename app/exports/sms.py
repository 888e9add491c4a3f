"""How many short messages a text is: GSM 7-bit or UCS-2, in whole segments (3GPP TS 23.038 and 23.040).

Kyrgyz and Russian need UCS-2: 70 letters in one message, 67 in each part of a longer one; Latin text without other
signs has 160 and 153.
"""

from __future__ import annotations

from dataclasses import dataclass

GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM_TWICE = frozenset("\f^{}\\[~]|€")
"""Signs of the extension table: each is two."""
PLAIN = str.maketrans({"\u00a0": " ", "\u202f": " ", "–": "-", "—": "-", "«": '"', "»": '"', "“": '"', "”": '"'})


@dataclass(frozen=True, slots=True)
class SmsLength:
    """``units`` of ``per_segment`` in each of ``segments`` messages; ``encoding`` is GSM-7 or UCS-2."""

    encoding: str
    units: int
    per_segment: int
    segments: int


def plain_signs(text: str) -> str:
    """Return the text with spaces, dashes and quotes that fit both alphabets: one odd sign would halve a message."""
    return text.translate(PLAIN)


def sms_length(text: str) -> SmsLength:
    """Return the length of a text; an empty one needs no message. No sign is split between two messages."""
    if all(sign in GSM or sign in GSM_TWICE for sign in text):
        encoding, single, part = "GSM-7", 160, 153
        sizes = [2 if sign in GSM_TWICE else 1 for sign in text]
    else:
        encoding, single, part = "UCS-2", 70, 67
        sizes = [len(sign.encode("utf-16-be")) // 2 for sign in text]
    units = sum(sizes)
    if units <= single:
        return SmsLength(encoding, units, single, 1 if units else 0)
    segments, filled = 1, 0
    for size in sizes:
        if filled + size > part:
            segments, filled = segments + 1, 0
        filled += size
    return SmsLength(encoding, units, part, segments)
