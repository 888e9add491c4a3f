"""Which schools lie where the session holds a right: asked once a statement, for lists of many schools.

``app_in_territory`` asks for one school and takes half a millisecond; policies use it for the few rows that are not
published.
"""
# ruff: noqa: S608  the statements are put together from constants of the code, never from input

from __future__ import annotations


def inside(school: str, right: str) -> str:
    """Return the condition that ``school`` (an expression of its id, our own text) lies where ``right`` is held."""
    return (
        f"((SELECT app_everywhere('{right}')) OR {school} = ANY ((SELECT app_schools('{right}'))::bigint[]) "
        f"OR {school} IN (SELECT place.school_id FROM school_area AS place "
        f"WHERE place.area_id = ANY ((SELECT app_areas('{right}'))::bigint[])))"
    )
