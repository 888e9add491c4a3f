"""Villages that give their names to aiyl aimaks: ``reference/settlements/villages.txt`` as records."""

from __future__ import annotations

from dataclasses import dataclass

from geodata.readers.reference import REFERENCE_DIR, read_settlements

PATH = REFERENCE_DIR / "settlements/villages.txt"


@dataclass(frozen=True, slots=True)
class Village:
    """A village of a rayon. ``lon``, ``lat`` EPSG:4326, None = the code chooses a place.

    ``names_aimak`` tells whether an aimak of the old map bears its name.
    """

    name: str
    rayon_code: str
    lon: float | None
    lat: float | None
    names_aimak: bool


@dataclass(frozen=True, slots=True)
class Land:
    """A point on land of a rayon that has no village: it only helps to draw borders."""

    rayon_code: str
    lon: float
    lat: float


def read_villages() -> tuple[list[Village], list[Land]]:
    """Return villages and land points in the order of the file.

    Raises:
        ValueError: A line is not understood.
    """
    places = {place.geonameid: place for place in read_settlements()}
    villages: list[Village] = []
    lands: list[Land] = []
    rayon = ""
    for line in PATH.read_text(encoding="utf-8").splitlines():
        if line.startswith("#") or not line.strip():
            continue
        if line.startswith("["):
            rayon = line.strip("[] ")
            continue
        for part in (found.strip() for found in line.split(";")):
            if part.startswith("~"):
                lon, lat = part[1:].split(",")
                lands.append(Land(rayon, float(lon), float(lat)))
            elif part:
                villages.append(_village(part, rayon, places))
    return villages, lands


def _village(part: str, rayon: str, places: dict) -> Village:
    names_aimak = not part.startswith("+")
    name = part.lstrip("+ ")
    if "#" in name:
        name, number = name.split("#")
        place = places[int(number)]
        return Village(name.strip(), rayon, place.lon, place.lat, names_aimak)
    if "@" in name:
        name, point = name.split("@")
        lon, lat = point.split(",")
        return Village(name.strip(), rayon, float(lon), float(lat), names_aimak)
    return Village(name, rayon, None, None, names_aimak)
