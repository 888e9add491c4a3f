"""Towns: the units that are cities, with their centres from GeoNames and land by their population."""

from __future__ import annotations

from dataclasses import dataclass

from geodata.readers.reference import read_areas, read_settlements

OSH_CITY = "41721000000000"
CENTRES = {
    # Centres that GeoNames' list does not have under these names; approximate, from general knowledge.
    "41703430000010": (72.457, 41.270),
    "41703215600020": (72.170, 41.200),
    "41703220600010": (73.205, 41.030),
    "41705258610020": (71.720, 40.135),
    "41706242600010": (72.617, 40.265),
    "41706207600010": (73.444, 40.314),
    "41706226600010": (72.867, 40.705),
    "41708213600010": (75.580, 42.730),
    "41708219600010": (73.676, 42.825),
    "41708222600010": (74.320, 42.825),
}
DEFAULT_POPULATION = 12_000


@dataclass(frozen=True, slots=True)
class Town:
    """A city: its unit's code, level and parent, its centre (EPSG:4326) and people."""

    code: str
    level: int
    parent_code: str
    name_ky: str
    lon: float
    lat: float
    population: int

    @property
    def radius_deg(self) -> float:
        """Return the radius of its land in degrees: about 3 km for a small town, 8 km for Osh."""
        return 0.02 + 0.055 * (min(self.population, 320_000) / 320_000) ** 0.5


def read_towns() -> list[Town]:
    """Return the cities of all levels but Bishkek, whose outline is known."""
    by_name = {}
    for place in reversed(read_settlements()):
        for name in (place.name, place.name_cyrillic):
            if name:
                by_name[name.replace("’", "").lower()] = place
    found = []
    for area in read_areas():
        if area.kind != "city" and area.code != OSH_CITY:
            continue
        short_ky = area.name_ky.removesuffix(" шаары")
        short_en = (area.name_en or "").removesuffix(" city").removesuffix(" town")
        short_ru = (area.name_ru or "").removeprefix("город ")
        names = (name.lower() for name in (short_ky, short_en, short_ru))
        known = next((by_name[name] for name in names if name in by_name), None)
        lon, lat = (known.lon, known.lat) if known and area.code not in CENTRES else CENTRES[area.code]
        population = known.population if known else DEFAULT_POPULATION
        found.append(Town(area.code, area.level, str(area.parent_code), short_ky, lon, lat, population))
    return found


def _oblast_of_each() -> dict[str, str]:
    parents = {area.code: str(area.parent_code) for area in read_areas()}
    levels = {area.code: area.level for area in read_areas()}

    def oblast(code: str) -> str:
        while levels[code] > 1:
            code = parents[code]
        return code

    return {code: oblast(code) for code, level in levels.items() if level >= 1}


CITY_OBLAST = _oblast_of_each()
"""The unit of the first level in which each unit lies."""
