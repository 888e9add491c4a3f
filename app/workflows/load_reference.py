"""Load the reference data that ship with the project into a database that does not have them yet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from geodata.queries import reference
from geodata.readers.reference import read_areas, read_edition, read_outlines, read_settlements, read_water
from geodata.reference.names import in_english, in_russian

if TYPE_CHECKING:
    from geodata.database import Session

AREA_SOURCE = "National Statistical Committee, SOATE (geodata/reference/areas/admin_units.csv)"
OUTLINE_SOURCE = "Natural Earth 1:10m admin-1, public domain"
PLACE_ZOOMS = ((200_000, 5), (40_000, 6), (15_000, 7), (5_000, 8), (0, 9))


def load_reference(session: Session) -> None:
    """Add areas with the outlines that are known, the edition of the standard and the base map.

    Idempotent: what is there stays. Osh city and everything below the oblast have no outline here; they come
    by import, or with the demonstration data as marked sketches. The caller commits.
    """
    ids = reference.add_areas(session, read_areas(), AREA_SOURCE)
    reference.add_edition(session, read_edition())
    outlines = read_outlines()
    if reference.has_base_map(session):
        return
    import shapely

    country = shapely.union_all(list(outlines.values()), grid_size=1e-5)
    shapes = {ids[code]: outline for code, outline in outlines.items()}
    reference.set_boundaries(session, shapes, "derived", OUTLINE_SOURCE, "public domain")
    (country_id,) = (ids[area.code] for area in read_areas() if area.level == 0)
    reference.set_boundaries(session, {country_id: country}, "derived", OUTLINE_SOURCE, "public domain")
    reference.replace_base_map(session, [*_frame(country), *read_water(), *_places()])


def _frame(country: Any) -> list[dict[str, Any]]:
    return [{"kind": "country", "geometry": country, "min_zoom": 0, "source": OUTLINE_SOURCE}]


def _places() -> list[dict[str, Any]]:
    import shapely

    return [
        {
            "kind": "place",
            "name_ky": place.name_cyrillic or place.name,
            "name_ru": in_russian(place.name_cyrillic) if place.name_cyrillic else place.name,
            "name_en": place.name if place.name.isascii() else in_english(place.name_cyrillic or place.name),
            "min_zoom": next(zoom for least, zoom in PLACE_ZOOMS if place.population >= least),
            "rank": rank,
            "source": "GeoNames, CC BY 4.0",
            "geometry": shapely.Point(place.lon, place.lat),
        }
        for rank, place in enumerate(read_settlements(), start=1)
    ]
