"""What is known besides a file, for its check: areas, codes, the edition in use, the day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geodata.queries import import_context, imports, standard_editions
from geodata.validation import Context

if TYPE_CHECKING:
    from app.workflows.import_options import ImportOptions
    from geodata.database import Session


def known_to(session: Session, options: ImportOptions) -> Context:
    """Return what a validator of this kind of file may look at besides the file."""
    from geodata.reference.building_types import building_type_codes

    kind = options.kind
    needs_schools = kind in ("schools", "buildings", "answers")
    return Context(
        today=imports.today(session),
        areas=import_context.known_areas(session),
        school_codes=import_context.school_codes(session) if needs_schools else frozenset(),
        school_aliases=import_context.school_aliases(session) if needs_schools else {},
        building_schools=import_context.building_schools(session) if kind in ("buildings", "answers") else {},
        criteria=import_context.criteria(session) if kind == "answers" else {},
        editions=standard_editions.known_editions(session) if kind == "standard" else {},
        building_types=building_type_codes(),
        areas_at=import_context.area_finder(session) if kind == "schools" else None,
        country=import_context.country_outline(session),
        valid_from=options.valid_from,
        assessed_on=options.assessed_on,
        source=options.source,
        is_synthetic=options.is_synthetic,
        takes_protected=imports.may_see_restricted(session),
    )
