"""Names of places that forgive spelling: folded as the database folds them, matched with a stated doubt."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

from geodata.validation.context import KnownArea

CYRILLIC = str.maketrans("өүңёэйы", "оунееии", "ъь")
DIGRAPHS = (
    ("дж", "ж"),
    ("shch", "щ"),
    ("dzh", "ж"),
    ("sh", "ш"),
    ("ch", "ч"),
    ("zh", "ж"),
    ("ts", "ц"),
    ("kh", "х"),
    ("ya", "я"),
    ("yu", "ю"),
    ("yo", "е"),
    ("ng", "н"),
)
LATIN = str.maketrans("abcdefghijklmnopqrstuvwyzöüñı", "абкдефгхижклмнопкрстуввизоуни", "x")
NOT_LETTERS = re.compile("[^0-9а-яa-z]+")
DOUBLED = re.compile(r"([а-я])\1+")

ENDINGS = ("инская", "ински", "ская", "ски", "ское", "скои")
"""Russian adjective endings as they look once folded."""

KIND_GROUPS = {"oblast": "oblast", "republican_city": "city", "rayon": "rayon", "city": "city", "aiyl_aimak": "aiyl"}

SURE = 0.86
"""Likeness from which a name is taken for an area's."""
CLEAR_LEAD = 0.06
"""The best must lead the second by this much, else a person has to choose."""
CLOSED = 0.08
"""So much less alike is a unit of a former map: its successor of the same name is meant, but it can be named."""


@lru_cache(maxsize=200_000)
def fold_name(name: str) -> str:
    """Return the name as the SQL function ``fold_name`` folds it (migration 0001)."""
    text = unicodedata.normalize("NFC", name).lower().translate(CYRILLIC)
    for pair, letter in DIGRAPHS:
        text = text.replace(pair, letter)
    text = NOT_LETTERS.sub(" ", text.translate(LATIN))
    return DOUBLED.sub(r"\1", text).strip(" ")


OBLAST_WORDS = frozenset(
    map(fold_name, ["облусу", "облус", "облусунун", "область", "области", "обл", "oblast", "region", "province"])
)
RAYON_WORDS = frozenset(map(fold_name, ["району", "район", "районунун", "района", "рн", "rayon", "raion", "district"]))
CITY_WORDS = frozenset(
    map(fold_name, ["шаары", "шаар", "шаарынын", "ш", "город", "города", "г", "гор", "city", "town", "shaary"])
)
AIYL_WORDS = frozenset(
    map(
        fold_name,
        [
            "аймагы",
            "аймак",
            "айыл",
            "айылы",
            "аил",
            "айылдык",
            "аильный",
            "айылный",
            "ао",
            "аа",
            "aiyl",
            "aimak",
            "aimagy",
            "okmotu",
            "округ",
            "өкмөтү",
        ],
    )
)
UNIT_WORDS = OBLAST_WORDS | RAYON_WORDS | CITY_WORDS | AIYL_WORDS | frozenset({"р", "н", "of", "the", "оф", "тхе"})


@lru_cache(maxsize=200_000)
def core_of(name: str) -> str:
    """Return the folded name without the words for the kind of unit and without Russian endings."""
    words = [word for word in fold_name(name).split() if word not in UNIT_WORDS]
    return " ".join(_without_ending(word) for word in words)


def _without_ending(word: str) -> str:
    for ending in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 2:
            return word[: -len(ending)]
    return word


@lru_cache(maxsize=200_000)
def likeness(first: str, second: str) -> float:
    """Return 0..1 for two names: 1 when they are the same but for spelling and the kind of unit."""
    a, b = core_of(first).replace(" ", ""), core_of(second).replace(" ", "")
    if not a or not b:
        return 0.0
    if a == b:
        return 1.0
    shorter, longer = sorted((a, b), key=len)
    if len(shorter) >= 3 and longer.startswith(shorter) and len(longer) - len(shorter) <= 2:
        return 0.93
    return SequenceMatcher(None, a, b, autojunk=False).ratio()


@dataclass(frozen=True, slots=True)
class AreaMatch:
    """``area`` is None when nobody is like enough or several are: then ``nearest`` names them, best first."""

    area: KnownArea | None
    score: float
    nearest: tuple[KnownArea, ...] = ()
    is_ambiguous: bool = False


def names_of(area: KnownArea) -> list[str]:
    """Return all names of an area, former ones last."""
    return [name for name in (area.name_ky, area.name_ru, area.name_en, *area.former_names) if name]


def match_area(
    name: str, candidates: Sequence[KnownArea], parent: str | None = None, level: int | None = None
) -> AreaMatch:
    """Return the area that a name means.

    Args:
        name: As written, in any of the three languages.
        candidates: Known areas.
        parent: Code of a unit that must lie above; None for any.
        level: Level that the area must have; None for any.
    """
    chosen = [area for area in candidates if level is None or area.level == level]
    if parent is not None:
        above = {area.code: area.parent_code for area in candidates}
        chosen = [area for area in chosen if _lies_in(area.code, parent, above)]
    kind = unit_kind(name)
    scored: dict[str, tuple[float, KnownArea]] = {}
    for area in chosen:
        score = max((likeness(name, known) for known in names_of(area)), default=0.0)
        if kind is not None and area.kind is not None and kind != KIND_GROUPS.get(area.kind, kind):
            score -= 0.1
        if area.valid_to is not None:
            score -= CLOSED
        if area.code not in scored or score > scored[area.code][0]:
            scored[area.code] = (score, area)
    ranked = sorted(scored.values(), key=lambda pair: (-pair[0], pair[1].code))
    if not ranked:
        return AreaMatch(None, 0.0)
    best, nearest = ranked[0], tuple(area for score, area in ranked[:3] if score > 0.5)
    if best[0] < SURE:
        return AreaMatch(None, best[0], nearest)
    if len(ranked) > 1 and best[0] - ranked[1][0] < CLEAR_LEAD:
        rivals = tuple(area for score, area in ranked[:4] if best[0] - score < CLEAR_LEAD)
        return AreaMatch(None, best[0], rivals, is_ambiguous=True)
    return AreaMatch(best[1], best[0], nearest)


def unit_kind(name: str) -> str | None:
    """Return oblast, rayon, city or aiyl when the name or a type says so."""
    words = set(fold_name(name).split())
    for kind, known in (
        ("oblast", OBLAST_WORDS),
        ("rayon", RAYON_WORDS | {"р"}),
        ("city", CITY_WORDS),
        ("aiyl", AIYL_WORDS),
    ):
        if words & known:
            return kind
    return None


def _lies_in(code: str | None, parent: str, above: dict[str, str | None]) -> bool:
    for _ in range(6):
        if code is None:
            return False
        if code == parent:
            return True
        code = above.get(code)
    return False
