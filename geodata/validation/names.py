"""Names of places that forgive spelling: folded as the database folds them, matched with a stated doubt."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from pathlib import Path

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

HOOKED = str.maketrans("ӊҥӉҤ", "ңңҢҢ")
"""Letters of other alphabets that files hold in place of ң, as the boundaries of 2018 do."""

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


UNIT_WORDS: dict[str, tuple[str, ...]] = {
    kind: tuple(dict.fromkeys(map(fold_name, words)))
    for kind, words in tomllib.loads(Path(__file__).with_name("unit_words.toml").read_text("utf-8")).items()
}
"""Kind of unit to the words that tell it, folded; ``settlement`` and ``other`` tell none."""
TELLING = ("oblast", "rayon", "city", "aiyl")


def _any_of(words: Iterable[str]) -> re.Pattern[str]:
    longest_first = sorted(words, key=lambda word: (-len(word), word))
    return re.compile(rf"(?<!\S)(?:{'|'.join(map(re.escape, longest_first))})(?!\S)")


ANY_UNIT = _any_of(word for words in UNIT_WORDS.values() for word in words)
UNIT_OF_KIND = {kind: _any_of(UNIT_WORDS[kind]) for kind in TELLING}


@lru_cache(maxsize=200_000)
def core_of(name: str) -> str:
    """Return the folded name without the words for the kind of unit and without Russian endings."""
    plain = ANY_UNIT.sub(" ", fold_name(name.translate(HOOKED)))
    return " ".join(_without_ending(word) for word in plain.split())


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
    folded = fold_name(name)
    return next((kind for kind, words in UNIT_OF_KIND.items() if words.search(folded)), None)


def _lies_in(code: str | None, parent: str, above: dict[str, str | None]) -> bool:
    for _ in range(6):
        if code is None:
            return False
        if code == parent:
            return True
        code = above.get(code)
    return False
