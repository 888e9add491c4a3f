"""Lists of accounts for administrators, and the grants of accounts with the names of their places."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, and_, func, or_, select

from geodata.models.account import Account, AccountGrant
from geodata.models.area import Area
from geodata.models.school import School

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy.orm import Session

COUNTRY_LEVEL, SCHOOL_LEVEL = 0, 4


@dataclass(frozen=True)
class HeldGrant:
    """A role in a place. ``level``: 0 (country) to 4 (one school); no ``code``: a school not for the reader to see."""

    id: int
    account_id: int
    role: str
    level: int
    code: str | None
    name_ky: str | None
    name_ru: str | None
    name_en: str | None


@dataclass(frozen=True)
class AccountRow:
    """An account as administrators see it; times are UTC, None where it never happened."""

    id: int
    name: str
    display_name: str | None
    active: bool
    is_synthetic: bool
    has_password: bool
    has_second_factor: bool
    last_sign_in: datetime | None
    created_at: datetime
    grants: tuple[HeldGrant, ...] = field(default=())


_ACCOUNT = (
    Account.id,
    Account.name,
    Account.display_name,
    Account.active,
    Account.is_synthetic,
    Account.password.is_not(None),
    Account.tf_totp_secret.is_not(None),
    Account.current_login_at,
    Account.created_at,
)
"""In the order of the fields of ``AccountRow``."""


def _matching(q: str, role: str | None) -> ColumnElement[bool]:
    conditions: list[ColumnElement[bool]] = [Account.id.is_not(None)]
    if q:
        conditions.append(
            or_(Account.name.icontains(q, autoescape=True), Account.display_name.icontains(q, autoescape=True))
        )
    if role:
        conditions.append(Account.id.in_(select(AccountGrant.account_id).where(AccountGrant.role == role)))
    return and_(*conditions)


def count_accounts(session: Session, q: str, role: str | None) -> int:
    """Return how many accounts have ``q`` in their name or their person's, and hold ``role`` (None: any)."""
    return session.execute(select(func.count()).select_from(Account).where(_matching(q, role))).scalar_one()


def select_accounts(session: Session, q: str, role: str | None, limit: int, offset: int) -> list[AccountRow]:
    """Return a page of the accounts that ``count_accounts`` counts, by name, with their grants."""
    query = select(*_ACCOUNT).where(_matching(q, role)).order_by(Account.name).limit(limit).offset(offset)
    rows = [AccountRow(*row) for row in session.execute(query)]
    held = grants_of(session, [row.id for row in rows])
    return [replace(row, grants=tuple(held.get(row.id, ()))) for row in rows]


def find_account(session: Session, account_id: int) -> AccountRow | None:
    """Return one account with its grants, None when absent or not for this session to see."""
    row = session.execute(select(*_ACCOUNT).where(Account.id == account_id)).one_or_none()
    if row is None:
        return None
    return replace(AccountRow(*row), grants=tuple(grants_of(session, [account_id]).get(account_id, ())))


def grants_of(session: Session, account_ids: Collection[int]) -> dict[int, list[HeldGrant]]:
    """Return the grants of accounts by account, in the order in which they were given: one question."""
    if not account_ids:
        return {}

    def name(language: str) -> ColumnElement[str | None]:
        return func.coalesce(getattr(School, f"name_{language}"), getattr(Area, f"name_{language}"))

    level = func.coalesce(Area.level, func.coalesce(func.sign(AccountGrant.school_id) * SCHOOL_LEVEL, COUNTRY_LEVEL))
    rows = session.execute(
        select(
            AccountGrant.id,
            AccountGrant.account_id,
            AccountGrant.role,
            level,
            func.coalesce(School.code, Area.code),
            name("ky"),
            name("ru"),
            name("en"),
        )
        .outerjoin(Area, Area.id == AccountGrant.area_id)
        .outerjoin(School, School.id == AccountGrant.school_id)
        .where(AccountGrant.account_id.in_(account_ids))
        .order_by(AccountGrant.id)
    )
    held: dict[int, list[HeldGrant]] = {}
    for row in rows:
        grant = HeldGrant(*row)
        held.setdefault(grant.account_id, []).append(grant)
    return held
