"""Roles, places and rights of accounts in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import url_for
from flask_babel import gettext as _

from app.i18n.marks import N_
from app.i18n.names import local_name
from app.permissions import COUNTRY, EVERYONE, ROLES, SCHOOL
from app.web.language import current_language

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.permissions import Action
    from geodata.queries.account_lists import HeldGrant

RIGHTS: dict[Action, str] = {
    "work": N_("work with an account of one's own"),
    "see": N_("see what is not published yet"),
    "see_restricted": N_("see answers about protection and violence"),
    "edit": N_("draft and submit changes"),
    "estimate": N_("record what works cost"),
    "survey": N_("survey buildings"),
    "verify": N_("verify changes"),
    "publish": N_("publish changes"),
    "import": N_("take files in"),
    "undo": N_("take imports back"),
    "rank": N_("rank the schools of the country"),
    "audit": N_("read the audit log"),
    "administer": N_("manage accounts"),
}
"""What a role brings beyond what everybody may; in the order in which it is told."""

OUTCOMES: dict[str, str] = {
    "signed_in": N_("signed in"),
    "wrong_password": N_("refused: the password was wrong"),
    "wrong_code": N_("refused: the code was wrong"),
}


@dataclass(frozen=True)
class GrantWords:
    """A grant in the reader's language; ``address`` is the place's page, None for the country and hidden schools."""

    id: int
    role: str
    title: str
    place: str
    address: str | None
    rights: str


def grant_words(grants: Iterable[HeldGrant]) -> list[GrantWords]:
    """Return grants in words."""
    return [
        GrantWords(
            grant.id,
            grant.role,
            _(ROLES[grant.role].title) if grant.role in ROLES else grant.role,
            _place(grant),
            _address(grant),
            rights_of_role(grant.role),
        )
        for grant in grants
    ]


def rights_of_role(role: str) -> str:
    """Return what a role may do, as a list of words: "draft and submit changes, verify changes"."""
    rights = ROLES[role].rights - EVERYONE if role in ROLES else frozenset()
    told = [words for right, words in RIGHTS.items() if right in rights and right != "work"]
    return ", ".join(_(words) for words in told) or _("read what is public")


def _place(grant: HeldGrant) -> str:
    if grant.level == COUNTRY:
        return _("the whole country")
    return local_name(grant, current_language()) or _("a school that is not published")


def _address(grant: HeldGrant) -> str | None:
    if grant.level == COUNTRY or not grant.code:
        return None
    return url_for("schools.school" if grant.level == SCHOOL else "areas.area", code=grant.code)
