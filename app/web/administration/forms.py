"""What the forms of administrators send, read field by field: nothing else of a form is looked at."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask_babel import gettext as _

from app.i18n.marks import N_
from app.i18n.names import local_name
from app.permissions import COUNTRY, ROLES, SCHOOL
from app.web.language import current_language
from app.workflows.account_errors import (
    AccountsError,
    BasisMissingError,
    InvalidNameError,
    NameTakenError,
    UnknownLevelError,
    UnknownPlaceError,
    UnknownRoleError,
    WrongDayError,
    WrongPlaceError,
)
from app.workflows.manage_accounts import place_of
from geodata.queries import areas, schools

if TYPE_CHECKING:
    from werkzeug.datastructures import MultiDict

    from geodata.database import Session

LONGEST = 200
CANDIDATES = 12

WRONG: dict[type[AccountsError], tuple[str, str]] = {
    NameTakenError: ("name", N_("An account of this name exists.")),
    InvalidNameError: ("name", N_("A name has 2 to 64 letters, digits and the signs . _ - @, without spaces.")),
    UnknownRoleError: ("role", N_("Choose a role.")),
    UnknownPlaceError: ("place", N_("There is no area and no school of this name or code.")),
    WrongPlaceError: ("place", N_("The role is not given for a place of this kind; see the list of roles.")),
    UnknownLevelError: ("level", N_("Choose a level.")),
    WrongDayError: ("valid_until", N_("Choose a day from today to five years ahead.")),
    BasisMissingError: (
        "basis",
        N_("Say on which ground: the course, the certificate with its number, the comparison."),
    ),
}
"""Field and words of each error that a form can cause."""


@dataclass(frozen=True)
class GrantForm:
    """A role in a place: ``place`` is a code, or what somebody typed to find one; empty is the whole country."""

    role: str
    place: str


@dataclass(frozen=True)
class InvitationForm:
    """A new account: its name, its person, and the first grant."""

    name: str
    person: str
    grant: GrantForm


@dataclass(frozen=True)
class Candidate:
    """A place that what was typed may mean."""

    code: str
    title: str


def _text(form: MultiDict[str, str], field: str) -> str:
    return unicodedata.normalize("NFC", form.get(field, "")[:LONGEST].replace("\0", "")).strip()


def read_grant(form: MultiDict[str, str]) -> GrantForm:
    """Return role and place of a form; a place chosen from candidates goes before what was typed."""
    return GrantForm(_text(form, "role"), _text(form, "choice") or _text(form, "place"))


def read_invitation(form: MultiDict[str, str]) -> InvitationForm:
    """Return the fields of a new account."""
    return InvitationForm(_text(form, "name"), _text(form, "person"), read_grant(form))


def resolve(session: Session, form: GrantForm) -> tuple[str | None, list[Candidate]]:
    """Return the code that is meant (None: the country) and no candidates, or the candidates to choose from.

    Raises:
        UnknownRoleError, UnknownPlaceError, WrongPlaceError: The form cannot be right.
    """
    if form.role not in ROLES:
        raise UnknownRoleError(form.role)
    levels = ROLES[form.role].levels
    if not form.place:
        if COUNTRY not in levels:
            raise WrongPlaceError(form.role)
        return None, []
    try:
        level, _area, _school = place_of(session, form.place)
    except UnknownPlaceError:
        found = _find(session, form.place, levels)
        if not found:
            raise
        return None, found
    if level not in levels:
        raise WrongPlaceError(form.role)
    return form.place, []


def _find(session: Session, typed: str, levels: tuple[int, ...]) -> list[Candidate]:
    language = current_language()
    found = [
        Candidate(area.code, local_name(area, language))
        for area in areas.search_areas(session, typed, CANDIDATES)
        if area.level in levels
    ]
    if SCHOOL in levels:
        found += [
            Candidate(school.code, local_name(school, language))
            for school in schools.search_schools(session, typed, CANDIDATES)
        ]
    return found[:CANDIDATES]


def words_of(error: AccountsError) -> tuple[str, str]:
    """Return the field that is wrong and what is wrong with it; re-raises an error that no field causes."""
    if type(error) not in WRONG:
        raise error
    field, words = WRONG[type(error)]
    return field, _(words)
