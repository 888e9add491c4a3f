"""Names on a small map: what the map's own title says already is left out."""

from __future__ import annotations

import re

_OF_A_CITY = re.compile(r"\s+(?:району\s*\(.+\)|район\s+города\s.+|(?:district|rayon)\s*\(.+\))$")
"""The tail of a city's rayon in the three languages: what it is, and which city it lies in."""


def name_inside(name: str) -> str:
    """Return the name of a city's rayon as the map of the city needs it; any other name as it is."""
    return _OF_A_CITY.sub("", name)
