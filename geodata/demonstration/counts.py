"""How many schools each unit of the first level has, and the published shares that the country keeps to."""

from __future__ import annotations

PUBLIC_SCHOOLS = {
    # Batken to Osh city, Osh, Naryn, Jalal-Abad, Talas: April 2023 (kabar.kg, quota list), 1,605 together.
    "41705000000000": 226,
    "41711000000000": 97,
    "41703000000000": 467,
    "41704000000000": 141,
    "41706000000000": 515,
    "41721000000000": 52,
    "41707000000000": 107,
    # Chui and Issyk-Kul are missing there: the rest of 2,170 public schools (2025/26), split like the
    # grade-1 quota of 2024 (31,474 to 13,821). Derived.
    "41708000000000": 393,
    "41702000000000": 172,
}
PRIVATE_SCHOOLS = {
    # 224 private schools (2025/26); their places are our assumption: most in the two large cities.
    "41711000000000": 130,
    "41721000000000": 28,
    "41708000000000": 26,
    "41706000000000": 14,
    "41703000000000": 14,
    "41702000000000": 8,
    "41705000000000": 2,
    "41707000000000": 1,
    "41704000000000": 1,
}
SCHOOLS = {code: PUBLIC_SCHOOLS[code] + PRIVATE_SCHOOLS[code] for code in PUBLIC_SCHOOLS}
"""2,394 in sum, of them 2,170 public (2025/26; azattyk.org 33522527, 24.kg 345123)."""

PUPILS = 1_536_633
"""2025/26, the same sources."""

QUOTA = {
    # Grade-1 quota of 2024 (novosti.kg): the relative number of pupils.
    "41706000000000": 35_785,
    "41703000000000": 34_778,
    "41708000000000": 31_474,
    "41705000000000": 16_190,
    "41702000000000": 13_821,
    "41704000000000": 7_741,
    "41707000000000": 6_957,
    "41711000000000": 17_908,
    "41721000000000": 11_233,
}
OVERCROWDING = 1.5
OVERCROWDING_BISHKEK = 2.5
"""Pupils a place: 1.5 in the country (2018), 2.5 in Bishkek (2025, 24.kg 344715)."""

SHIFT_SHARES = (446 / 2262, 1657 / 2262, 159 / 2262)
"""One shift, two, flexible (2018, 24.kg 95503); flexible is stored as unknown number of shifts."""

UNSAFE_SHARE = 0.84
"""Of the schools assessed in 2012-13 (UN, 2 June 2014). Here: grade D or E, or C: not conforming."""

LANGUAGE_SHARES = {"ky": 1399, "ru": 247, "uz": 28, "tg": 3}
"""Schools by language, 2022 (govori.tv); the rest teach in two."""
