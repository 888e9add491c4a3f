"""Load the reference data that ship with the project into a database that does not have them yet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.i18n.marks import N_
from geodata.queries import claims, reference, standard_editions
from geodata.readers.claims import read_seed as read_claims
from geodata.readers.reference import (
    read_areas,
    read_neighbours,
    read_outlines,
    read_settlements,
    read_water,
)
from geodata.readers.standard import read_edition, read_guidance
from geodata.reference.names import in_english, in_russian

if TYPE_CHECKING:
    from geodata.database import Session

AREA_SOURCE = "National Statistical Committee, SOATE (geodata/reference/areas/admin_units.csv)"
OUTLINE_SOURCE = N_("Natural Earth 1:10m admin-1, public domain")
NEIGHBOUR_LABELS = {"KAZ": (76.2, 43.5), "CHN": (77.9, 40.2), "TJK": (72.2, 38.8), "UZB": (70.9, 40.95)}
PLACE_ZOOMS = ((200_000, 5), (40_000, 6), (15_000, 7), (5_000, 8), (0, 9))


def load_reference(session: Session) -> None:
    """Add areas with the outlines that are known, the edition of the standard, stated numbers and the base map.

    Idempotent: what is there stays. Osh city and everything below the oblast have no outline here; they come
    by import, or with the demonstration data as marked sketches. The caller commits.
    """
    ids = reference.add_areas(session, read_areas(), AREA_SOURCE)
    edition_id = standard_editions.add_edition(session, read_edition())
    standard_editions.add_guidance(session, edition_id, read_guidance())
    claims.add_claims(session, read_claims())
    outlines = read_outlines()
    if reference.has_base_map(session):
        return
    import shapely

    country = shapely.union_all(list(outlines.values()), grid_size=1e-5)
    shapes = {ids[code]: outline for code, outline in outlines.items()}
    reference.set_boundaries(session, shapes, "derived", OUTLINE_SOURCE, "public domain")
    (country_id,) = (ids[area.code] for area in read_areas() if area.level == 0)
    reference.set_boundaries(session, {country_id: country}, "derived", OUTLINE_SOURCE, "public domain")
    reference.replace_base_map(session, [*_frame(country), *_neighbours(), *read_water(), *_places()])


def _frame(country: Any) -> list[dict[str, Any]]:
    return [{"kind": "country", "geometry": country, "min_zoom": 0, "source": OUTLINE_SOURCE}]


def _neighbours() -> list[dict[str, Any]]:
    """Return the neighbours' outlines, and their names at places that a map of the country shows."""
    import shapely

    found = []
    for row in read_neighbours():
        names = {key: row[key] for key in ("name_ky", "name_ru", "name_en")} | {"source": OUTLINE_SOURCE}
        label = shapely.Point(NEIGHBOUR_LABELS[row["country"]])
        found.append({"kind": "neighbour", "min_zoom": 0, "geometry": row["geometry"], **names})
        found.append({"kind": "neighbour_label", "min_zoom": 4, "geometry": label, **names})
    return found


def _places() -> list[dict[str, Any]]:
    import shapely

    return [
        {
            "kind": "place",
            "name_ky": place.name_ky or place.name,
            "name_ru": place.name_ru or (in_russian(place.name_ky) if place.name_ky else place.name),
            "name_en": place.name if place.name.isascii() else in_english(place.name_ky or place.name),
            "min_zoom": next(zoom for least, zoom in PLACE_ZOOMS if place.population >= least),
            "rank": rank,
            "source": "GeoNames, CC BY 4.0",
            "geometry": shapely.Point(place.lon, place.lat),
        }
        for rank, place in enumerate(read_settlements(), start=1)
    ]
