"""Names of places in Russian and English by their Kyrgyz one: as a source gives them, else letter by letter."""

from __future__ import annotations

from functools import cache

from geodata.readers.reference import REFERENCE_DIR, read_areas, read_rows, read_settlements

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


@cache
def stated_names() -> dict[str, tuple[str | None, str | None]]:
    """Return Kyrgyz name -> (Russian, English) as the reference data state them; None where they do not.

    Our own list of villages goes before the official names of cities, and these before GeoNames, whose English names
    are often former ones and are not taken.
    """
    found: dict[str, tuple[str | None, str | None]] = {
        place.name_ky: (place.name_ru, None) for place in read_settlements() if place.name_ky
    }
    for area in read_areas():
        if area.kind in ("city", "republican_city"):
            english = (area.name_en or "").removesuffix(" city").removesuffix(" town")
            russian = (area.name_ru or "").removeprefix("город ")
            found[area.name_ky.removesuffix(" шаары")] = (russian or None, english or None)
    for row in read_rows(REFERENCE_DIR / "settlements/place_names.csv"):
        found[row["name_ky"]] = (row["name_ru"] or None, row["name_en"] or None)
    return found


def in_russian(name: str) -> str:
    """Return the Russian name of a place: as stated, else in Russian letters.

    By letters ө, ү and ң become о, у and н; the "ж" of the start becomes "Дж".
    """
    stated, _ = stated_names().get(name, (None, None))
    if stated is not None:
        return stated
    plain = name.translate(RUSSIAN)
    return "-".join(f"Дж{part[1:]}" if part.startswith("Ж") else part for part in plain.split("-"))


def in_english(name: str) -> str:
    """Return the English name of a place: as stated, else in Latin letters."""
    _, stated = stated_names().get(name, (None, None))
    if stated is not None:
        return stated
    for cyrillic, latin in LATIN_PAIRS:
        name = name.replace(cyrillic, latin)
    return name.translate(LATIN).replace("'", "")
