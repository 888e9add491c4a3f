"""Print the form of one school, and lay the same questions out for entering what was written on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.exports.field.paper import PaperForm, write_paper
from app.workflows.field_form import NoSuchEditionError, NoSuchPlaceError
from geodata.queries import field_lists, schools, standard
from geodata.records.field import FormContents, edition_mark

if TYPE_CHECKING:
    from geodata.database import Session


def school_contents(session: Session, school_code: str, *, is_protected: bool = False) -> FormContents:
    """Return what is asked of one school by the edition that the system assesses with.

    Raises:
        NoSuchEditionError, NoSuchPlaceError: There is no edition, or no such school for who asks.
    """
    edition = standard.find_edition(session)
    if edition is None:
        raise NoSuchEditionError(None)
    school = schools.find_school(session, school_code)
    if school is None:
        raise NoSuchPlaceError(school_code)
    every = field_lists.form_criteria(session, edition.id)
    named = field_lists.form_schools(session, None, school.id)
    if not named:
        raise NoSuchPlaceError(school_code)
    return FormContents(
        edition.code,
        edition_mark(edition.code, every),
        (edition.title_ky, edition.title_ru, edition.title_en),
        field_lists.form_domains(session, edition.id),
        tuple(one for one in every if one.is_protected == is_protected),
        field_lists.form_areas(session, [one.parent_code for one in named if one.parent_code]),
        named,
        field_lists.form_buildings(session, None, school.id),
        is_protected,
    )


def print_form(
    session: Session, school_code: str, language: str, address: str, *, is_protected: bool = False
) -> tuple[str, bytes]:
    """Return the name of the file and the PDF; ``address`` is the screen that its QR code opens."""
    contents = school_contents(session, school_code, is_protected=is_protected)
    area = contents.areas[0] if contents.areas else None
    made = write_paper(PaperForm(contents, contents.schools[0], area, language, address))
    return f"mektep-{school_code}-{language}.pdf", made
