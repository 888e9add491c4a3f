"""Words for the values of enumerations in three languages; folded, so spelling and case do not count."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from geodata.validation.names import fold_name

WORDS = tomllib.loads(Path(__file__).with_name("choices.toml").read_text("utf-8"))

ROMAN = re.compile(r"\b[iі]{1,3}\b", re.IGNORECASE)
"""I, II and III, Latin or Cyrillic: folding of names would make one letter of all three."""


def fold_choice(text: str) -> str:
    """Return the word as it is looked up: folded like a name, Roman numerals as digits."""
    return fold_name(ROMAN.sub(lambda found: str(len(found.group())), text))


def _table(name: str) -> dict[str, str]:
    """Return folded word to value; a value stands for itself."""
    found: dict[str, str] = {}
    for value, synonyms in WORDS[name].items():
        for word in (value, *synonyms):
            found[fold_choice(word) or word] = value
    return found


SCHOOL_KINDS = _table("school_kinds")
OWNERSHIPS = _table("ownerships")
LANGUAGES = _table("languages")
USES = _table("uses")
CONDITIONS = _table("conditions")
HEATINGS = _table("heatings")
ANSWER_STATES = _table("answer_states")
ASSESSMENT_KINDS = _table("assessment_kinds")
AREA_KINDS = _table("area_kinds")
BOUNDARY_QUALITIES = _table("boundary_qualities")
FLAGS = _table("flags")
SOIL_CLASSES = _table("soil_classes")
WALL_TYPES = _table("wall_types")
ROAD_CLASSES = _table("road_classes")
NO_ROADS = _table("no_roads")
SURFACES = _table("surfaces")
SERVICES = _table("services")
