"""Two rayons of one oblast, a school in each, and people with accounts who work there."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING

from argon2 import PasswordHasher

from app.permissions import Grant, rights_of, scope_of
from geodata.database import set_scope
from geodata.models import SchoolArea
from geodata.models.account import Account, AccountGrant
from tests.factories.areas import make_area
from tests.factories.schools import make_school
from tests.support.rights import EVERYTHING

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from geodata.models import Area, School

_numbers = count(1)
HASHER = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1)
"""Quick on purpose: a test's password is no secret."""

PASSWORD = "correct horse battery"
"""Of officers who sign in."""


@dataclass(frozen=True)
class Officer:
    """An account with its grants."""

    id: int
    name: str
    grants: tuple[Grant, ...]


@dataclass(frozen=True)
class TwoRayons:
    """``own`` and ``foreign`` lie in two rayons of ``oblast``; ``aimak`` is a part of ``rayon``."""

    oblast: Area
    rayon: Area
    aimak: Area
    foreign_rayon: Area
    own: School
    foreign: School


def make_two_rayons(session: Session) -> TwoRayons:
    """Add the areas and their two schools."""
    oblast = make_area(session, 1)
    rayon, foreign_rayon = make_area(session, 2, parent=oblast), make_area(session, 2, parent=oblast)
    aimak = make_area(session, 3, parent=rayon)
    schools = []
    for chain in ((oblast, rayon, aimak), (oblast, foreign_rayon)):
        school = make_school(session, area_id=chain[-1].id, seats=300, shifts=2)
        session.add_all(SchoolArea(school_id=school.id, area_id=area.id, level=area.level) for area in chain)
        schools.append(school)
    session.flush()
    return TwoRayons(oblast, rayon, aimak, foreign_rayon, *schools)


def make_officer(
    session: Session,
    role: str,
    *,
    area: Area | None = None,
    school: School | None = None,
    password: str | None = None,
    is_synthetic: bool = False,
) -> Officer:
    """Add an account with one role in an area, at a school, or (neither) in the whole country.

    ``password`` is for those who sign in through the page; a made-up account needs no second factor.
    """
    name = f"{role.replace('_', '-')}-{next(_numbers)}"
    grant = Grant(role, area.id if area else None, school.id if school else None)
    account = Account(
        name=name, fs_uniquifier=f"key of {name}", active=True, password=password and HASHER.hash(password),
        is_synthetic=is_synthetic,
    )  # fmt: skip
    account.grants = [AccountGrant(role=role, area_id=grant.area_id, school_id=grant.school_id)]
    session.add(account)
    session.flush()
    return Officer(account.id, name, (grant,))


def become(session: Session, officer: Officer | None) -> None:
    """Ask as ``officer`` from here on; None: as a visitor."""
    session.flush()
    session.expire_all()
    if officer is None:
        set_scope(session, "public")
    else:
        rights = rights_of(officer.grants)
        set_scope(session, scope_of(rights), officer.id, rights)


def become_everybody(session: Session) -> None:
    """Hold every right again, as tests do from the start."""
    set_scope(session, "national", rights=EVERYTHING)
