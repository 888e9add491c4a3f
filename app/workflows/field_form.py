"""Make a form for the field: of one edition, for the schools of an area, ordinary or of the protection group."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from app.exports.field import words
from app.exports.field.workbook import form_id, last_answers_csv, write_form
from geodata.queries import areas, field_lists, standard
from geodata.records.field import FormContents, Named, edition_mark

if TYPE_CHECKING:
    from collections.abc import Iterator

    from geodata.database import Session


NO_AREA = "none"


class FormError(Exception):
    """Base of every error of making forms."""


class NoSuchEditionError(FormError):
    """There is no edition of this code."""


class NoSuchPlaceError(FormError):
    """There is no such area, or nobody who asks may see a school in it."""


def form_contents(
    session: Session,
    *,
    edition_code: str | None = None,
    area_code: str | None = None,
    is_protected: bool = False,
    is_prefilled: bool = False,
) -> FormContents:
    """Return all that the form asks; without an edition the one in force, without an area the whole country.

    A form of the protection group is never prefilled: its answers leave our database on no channel.

    Raises:
        NoSuchEditionError, NoSuchPlaceError: See there.
    """
    edition = standard.find_edition(session, edition_code)
    if edition is None:
        raise NoSuchEditionError(edition_code)
    area = areas.find_area(session, area_code) if area_code else None
    if area_code and area is None:
        raise NoSuchPlaceError(area_code)
    area_id = area.id if area else None
    every = field_lists.form_criteria(session, edition.id)
    schools = field_lists.form_schools(session, area_id)
    return FormContents(
        edition.code,
        edition_mark(edition.code, every),
        (edition.title_ky, edition.title_ru, edition.title_en),
        field_lists.form_domains(session, edition.id),
        tuple(one for one in every if one.is_protected == is_protected),
        _areas(session, schools),
        tuple(one if one.parent_code else replace(one, parent_code=NO_AREA) for one in schools),
        field_lists.form_buildings(session, area_id),
        is_protected,
        is_prefilled and not is_protected,
    )


def _areas(session: Session, schools: tuple[Named, ...]) -> tuple[Named, ...]:
    """Return the areas to choose from; schools of which the area is unknown stand under that word."""
    found = field_lists.form_areas(session, [one.parent_code for one in schools if one.parent_code])
    if all(one.parent_code for one in schools):
        return found
    return (*found, Named(NO_AREA, words.in_all(words.UNKNOWN)))


def make_form(contents: FormContents) -> tuple[str, bytes]:
    """Return the name of the file and the XLSX."""
    return f"{form_id(contents)}.xlsx", write_form(contents)


def last_answers_file(
    session: Session, contents: FormContents, area_code: str | None, *, of_blocks: bool
) -> Iterator[bytes]:
    """Yield the CSV of last public answers that goes to the server beside a prefilled form."""
    edition = standard.find_edition(session, contents.edition_code)
    area = areas.find_area(session, area_code) if area_code else None
    if edition is None:
        raise NoSuchEditionError(contents.edition_code)
    area_id = area.id if area else None
    answers = field_lists.last_answers(session, edition.id, area_id, of_blocks=of_blocks)
    return last_answers_csv(contents, answers, of_blocks=of_blocks)
