"""What comes first: bundles that make a school safer, and those that no unsafe building may get (method rule 7).

Table ``funding_groups.csv``: each group of measures is ``safety``, ``service`` or ``comfort``; proposals.
"""

from __future__ import annotations

from app.funding.bundles import RELOCATE, REPLACE, RETROFIT, STEP
from app.funding.catalogue import Catalogue
from app.funding.errors import CatalogueError
from geodata.readers.parameter_tables import of_tables, read_parameter_tables

SAFETY, SERVICE, COMFORT = "safety", "service", "comfort"
STRUCTURAL = (RETROFIT, STEP, REPLACE, RELOCATE)


@of_tables
def class_of_group() -> dict[str, str]:
    """Return the class of each group of measures.

    Raises:
        CatalogueError: The table names a class that is none.
    """
    found = {row["group"]: row["class"] for row in read_parameter_tables().rows["funding_groups"]}
    for group, name in found.items():
        if name not in (SAFETY, SERVICE, COMFORT):
            raise CatalogueError(group, name)
    return found


def is_structural(bundle: str) -> bool:
    """Return whether a bundle makes the building itself safer or leaves it; ``bundle`` as lists name it."""
    return any(code in STRUCTURAL for code in bundle.split("+"))


def is_safety(bundle: str, catalogue: Catalogue) -> bool:
    """Return whether a bundle holds a measure of safety: what counts at a school that must be acted on."""
    return is_structural(bundle) or SAFETY in _classes(bundle, catalogue)


def needs_safe_building(bundle: str, catalogue: Catalogue) -> bool:
    """Return whether a bundle puts money for comfort into a building that it does not make safer."""
    return not is_structural(bundle) and COMFORT in _classes(bundle, catalogue)


def _classes(bundle: str, catalogue: Catalogue) -> set[str]:
    """Return the classes of a bundle's measures.

    Raises:
        CatalogueError: A group of measures has no class: nobody decided what it is.
    """
    classes, found = class_of_group(), set()
    for code in bundle.split("+"):
        if code in STRUCTURAL:
            continue
        group = catalogue.interventions[code].group
        if group not in classes:
            raise CatalogueError(code, group)
        found.add(classes[group])
    return found
