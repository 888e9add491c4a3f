"""Kyrgyz place names in Russian and Latin letters, for places whose other names no source gives."""

from __future__ import annotations

RUSSIAN = str.maketrans({"ө": "о", "Ө": "О", "ү": "у", "Ү": "У", "ң": "н", "Ң": "Н"})
LATIN_PAIRS = (
    ("Щ", "Shch"), ("щ", "shch"), ("Ж", "J"), ("ж", "j"), ("Ч", "Ch"), ("ч", "ch"), ("Ш", "Sh"), ("ш", "sh"),
    ("Ю", "Yu"), ("ю", "yu"), ("Я", "Ya"), ("я", "ya"), ("Ё", "Yo"), ("ё", "yo"), ("Ц", "Ts"), ("ц", "ts"),
    ("Х", "Kh"), ("х", "kh"), ("ң", "n"), ("Ң", "N"),
)  # fmt: skip
LATIN = str.maketrans(
    "абвгдезийклмнопрстуфыэөүьъАБВГДЕЗИЙКЛМНОПРСТУФЫЭӨҮ",
    "abvgdeziyklmnoprstufyeou''ABVGDEZIYKLMNOPRSTUFYEOU",
)


def in_russian(name: str) -> str:
    """Return a Kyrgyz name in Russian letters: ө, ү and ң become о, у and н; the "ж" of the start becomes "Дж"."""
    plain = name.translate(RUSSIAN)
    return "-".join(f"Дж{part[1:]}" if part.startswith("Ж") else part for part in plain.split("-"))


def in_english(name: str) -> str:
    """Return a Kyrgyz name in Latin letters."""
    for cyrillic, latin in LATIN_PAIRS:
        name = name.replace(cyrillic, latin)
    return name.translate(LATIN).replace("'", "")
