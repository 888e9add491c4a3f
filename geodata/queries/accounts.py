"""Accounts and their grants.

The web role reaches a row only by naming it first (``app.credential``, see migration 0004), by being that account, or
by holding the right to administer; sessions and links are in ``account_sessions`` and ``account_links``.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from sqlalchemy import delete, func, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.orm import joinedload

from geodata.models.account import Account, AccountGrant, AccountSession
from geodata.models.area import Area
from geodata.models.school import School

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session


class Grant(Protocol):
    """What has a place: an area, a school, or neither (the whole country)."""

    @property
    def area_id(self) -> int | None:
        """The area, None when the place is no area."""

    @property
    def school_id(self) -> int | None:
        """The school, None when the place is no school."""


def name_credential(session: Session, credential: str) -> None:
    """Say in this transaction which row is meant: a name, a key, or the hash of a secret."""
    session.execute(text("SELECT set_config('app.credential', :credential, true)"), {"credential": credential})


def account_by_name(session: Session, name: str) -> Account | None:
    """Return the account that signs in as ``name`` (any case), None when absent."""
    folded = name.strip().lower()
    name_credential(session, folded)
    return session.execute(select(Account).where(Account.name == folded)).scalar_one_or_none()


def account_by_key(session: Session, key: str) -> Account | None:
    """Return the account whose sessions hold ``key`` (``fs_uniquifier``), None when absent."""
    name_credential(session, key)
    query = select(Account).where(Account.fs_uniquifier == key).options(joinedload(Account.grants))
    return session.execute(query).unique().scalar_one_or_none()


def account_by_id(session: Session, account_id: int) -> Account | None:
    """Return the account, None when absent or not for this session to see."""
    return session.execute(select(Account).where(Account.id == account_id)).scalar_one_or_none()


def hold_administrators(session: Session) -> None:
    """Let changes of who may administer wait for each other, until the transaction ends."""
    session.execute(text("SELECT pg_advisory_xact_lock(724003)"))


def other_administrators(session: Session, account_id: int) -> int:
    """Return how many active accounts other than this one hold the role of administrator and have a password."""
    query = (
        select(func.count(Account.id.distinct()))
        .join(AccountGrant, AccountGrant.account_id == Account.id)
        .where(
            AccountGrant.role == "administrator",
            Account.active,
            Account.password.is_not(None),
            Account.id != account_id,
        )
    )
    return session.execute(query).scalar_one()


def add_account(
    session: Session,
    name: str,
    password_hash: str | None,
    *,
    display_name: str | None = None,
    is_synthetic: bool = False,
) -> int | None:
    """Add an account without any grant and return its id, None when the name is taken."""
    return session.execute(
        pg_insert(Account)
        .values(
            name=name.strip().lower(),
            display_name=display_name,
            password=password_hash,
            fs_uniquifier=uuid.uuid4().hex,
            is_synthetic=is_synthetic,
        )
        .on_conflict_do_nothing(index_elements=["name"])
        .returning(Account.id)
    ).scalar_one_or_none()


def grants_of(session: Session, account_id: int) -> list[tuple[str, int | None, int | None]]:
    """Return (role, area, school) of each grant of an active account; none for one that is disabled."""
    rows = session.execute(
        select(AccountGrant.role, AccountGrant.area_id, AccountGrant.school_id)
        .join(Account, Account.id == AccountGrant.account_id)
        .where(Account.id == account_id, Account.active)
    )
    return [(role, area_id, school_id) for role, area_id, school_id in rows]


def account_id_of(session: Session, name: str) -> int | None:
    """Return the id of the account of this name (any case), None when absent or not for this session to see."""
    return session.execute(select(Account.id).where(Account.name == name.strip().lower())).scalar_one_or_none()


def area_of(session: Session, code: str) -> tuple[int, int] | None:
    """Return id and level of the area of this code, None when absent."""
    row = session.execute(select(Area.id, Area.level).where(Area.code == code)).one_or_none()
    return None if row is None else (row.id, row.level)


def school_of(session: Session, code: str) -> int | None:
    """Return the id of the school of this code, None when absent or not for this session to see."""
    return session.execute(select(School.id).where(School.code == code)).scalar_one_or_none()


@dataclass(frozen=True)
class PlaceCodes:
    """Codes by id, of areas and of the schools that the session may see."""

    areas: dict[int, str]
    schools: dict[int, str]


def place_codes(session: Session, grants: Sequence[Grant]) -> PlaceCodes:
    """Return the codes of the places of ``grants``: two questions, none without places."""
    area_ids = {grant.area_id for grant in grants if grant.area_id is not None}
    school_ids = {grant.school_id for grant in grants if grant.school_id is not None}
    areas = session.execute(select(Area.id, Area.code).where(Area.id.in_(area_ids))) if area_ids else ()
    schools = session.execute(select(School.id, School.code).where(School.id.in_(school_ids))) if school_ids else ()
    return PlaceCodes({row[0]: row[1] for row in areas}, {row[0]: row[1] for row in schools})


def add_grant(
    session: Session,
    account_id: int,
    role: str,
    *,
    area_id: int | None = None,
    school_id: int | None = None,
    granted_by: int | None = None,
) -> bool:
    """Give an account a role in a territory (neither area nor school: the country); False when it has it already."""
    added = session.execute(
        pg_insert(AccountGrant)
        .values(account_id=account_id, role=role, area_id=area_id, school_id=school_id, granted_by=granted_by)
        .on_conflict_do_nothing()
        .returning(AccountGrant.id)
    )
    return added.scalar_one_or_none() is not None


def remove_grant(session: Session, grant_id: int) -> int | None:
    """Take a grant away; returns whose it was, None when there is none."""
    return session.execute(
        delete(AccountGrant).where(AccountGrant.id == grant_id).returning(AccountGrant.account_id)
    ).scalar_one_or_none()


def change_account(
    session: Session, name: str, *, password_hash: str | None = None, active: bool | None = None
) -> int | None:
    """Set password or activity, and end every session of the account; None when there is no such account."""
    values: dict[str, object] = {"fs_uniquifier": uuid.uuid4().hex, "updated_at": func.now()}
    if password_hash is not None:
        values["password"] = password_hash
    if active is not None:
        values["active"] = active
    account_id = session.execute(
        update(Account).where(Account.name == name.strip().lower()).values(**values).returning(Account.id)
    ).scalar_one_or_none()
    if account_id is not None:
        session.execute(delete(AccountSession).where(AccountSession.account_id == account_id))
    return account_id


def list_accounts(session: Session) -> list[Account]:
    """Return all accounts by name; empty for the web role."""
    return list(session.execute(select(Account).order_by(Account.name)).scalars())


def set_password(session: Session, account_id: int, password_hash: str) -> None:
    """Give the account a password; its sessions end with the key that they hold."""
    values = {"password": password_hash, "fs_uniquifier": uuid.uuid4().hex, "updated_at": func.now()}
    session.execute(update(Account).where(Account.id == account_id).values(values))
    session.execute(delete(AccountSession).where(AccountSession.account_id == account_id))


def set_second_factor(session: Session, account_id: int, secret: str | None, counter: int | None) -> None:
    """Set the second factor and the step of time that was shown last; None takes it away, its codes too."""
    values: dict[str, object] = {
        "tf_totp_secret": secret,
        "tf_primary_method": None if secret is None else "authenticator",
        "tf_last_counter": counter,
        "updated_at": func.now(),
    }
    if secret is None:
        values |= {"mf_recovery_codes": None, "mf_codes_made_at": None}
    session.execute(update(Account).where(Account.id == account_id).values(values))


def use_counter(session: Session, account_id: int, counter: int) -> bool:
    """Note a step of time as shown; False when it, or a later one, was shown before."""
    used = session.execute(
        update(Account)
        .where(
            Account.id == account_id,
            or_(Account.tf_last_counter.is_(None), Account.tf_last_counter < counter),
        )
        .values(tf_last_counter=counter)
        .returning(Account.id)
    )
    return used.scalar_one_or_none() is not None


def set_recovery_codes(session: Session, account_id: int, hashes: Sequence[str]) -> None:
    """Replace the hashes of the recovery codes."""
    values = {"mf_recovery_codes": list(hashes), "mf_codes_made_at": func.now()}
    session.execute(update(Account).where(Account.id == account_id).values(values))


def use_recovery_code(session: Session, account_id: int, code_hash: str) -> bool:
    """Take one code away; False when there is none such. Tries at the same time wait for each other."""
    held = session.execute(
        select(Account.mf_recovery_codes).where(Account.id == account_id).with_for_update()
    ).scalar_one_or_none()
    if not held or code_hash not in held:
        return False
    left = [one for one in held if one != code_hash]
    session.execute(update(Account).where(Account.id == account_id).values(mf_recovery_codes=left))
    return True
