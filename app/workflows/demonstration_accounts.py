"""Accounts of the demonstration: one for each role, in places of the made-up country, closed among real schools."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from app.permissions import AIMAK, COUNTRY, OBLAST, RAYON, ROLES
from app.workflows.assess import today
from app.workflows.manage_accounts import AccountsError, add_account, make_password
from geodata.queries import accounts, assessors
from geodata.queries import demonstration_accounts as stored

if TYPE_CHECKING:
    from geodata.database import Session
    from geodata.models.account import Account

LEVELS = {
    "department": RAYON, "assessor": RAYON, "engineer": RAYON, "council": AIMAK, "trainer": OBLAST, "analyst": RAYON,
}  # fmt: skip
"""Level of the place of roles that can have several; the others get their smallest."""
ASSESSOR_LEVELS = {"department": "trained", "assessor": "calibrated", "engineer": "certified"}
"""Levels of those who assess in the demonstration, for a year."""


class RealSchoolsError(AccountsError):
    """The database holds real schools: accounts of the demonstration are neither made nor let in."""


@dataclass(frozen=True)
class MadeAccount:
    """One account as it is told to who started the demonstration; the password is kept nowhere."""

    name: str
    role: str
    place: str | None
    password: str


def add_demonstration_accounts(session: Session) -> list[MadeAccount]:
    """Make an account for each role that has none yet; all local ones lie around the school that is ranked first.

    Raises:
        RealSchoolsError: There are real schools; nothing was made.
    """
    if stored.has_real_schools(session):
        raise RealSchoolsError
    codes = stored.codes_around_first_school(session)
    made = []
    for role, about in ROLES.items():
        name = role.replace("_", "-")
        level = LEVELS.get(role, max(about.levels))
        place = codes.get(level)
        if (level != COUNTRY and place is None) or stored.has_account(session, name):
            continue
        password = make_password()
        add_account(session, name, password, role, place, is_synthetic=True)
        if role in ASSESSOR_LEVELS:
            account_id = accounts.account_id_of(session, name)
            until = today() + timedelta(days=365)
            assessors.add_level(session, account_id or 0, name, ASSESSOR_LEVELS[role], until, "demonstration")
        made.append(MadeAccount(name, role, place, password))
    return made


def refuse_demonstration(session: Session, account: Account) -> None:
    """Raise ``RealSchoolsError`` for an account of the demonstration among real schools."""
    if account.is_synthetic and stored.has_real_schools(session):
        raise RealSchoolsError
