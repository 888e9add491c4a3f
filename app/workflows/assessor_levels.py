"""Give somebody who assesses a level: until when, and on which ground. Nobody gives one to themselves."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from app.assessment.raters import LEVELS
from app.workflows.account_errors import (
    BasisMissingError,
    NoSuchAccountError,
    OwnAccountError,
    UnknownLevelError,
    WrongDayError,
)
from app.workflows.assess import today
from geodata.database import ACCOUNT_KEY
from geodata.queries import accounts, assessors, audit

if TYPE_CHECKING:
    from geodata.database import Session

LONGEST_BASIS, LONGEST = 300, timedelta(days=5 * 366)


def give_level(session: Session, account_id: int, level: str, valid_until: str, basis: str) -> None:
    """Give another account a level until a day (ISO); ``none`` takes it away, whatever the day.

    Raises:
        OwnAccountError, NoSuchAccountError, UnknownLevelError, WrongDayError, BasisMissingError: Nothing was given.
    """
    if account_id == session.info.get(ACCOUNT_KEY):
        raise OwnAccountError
    account = accounts.account_by_id(session, account_id)
    if account is None:
        raise NoSuchAccountError(account_id)
    if level not in LEVELS:
        raise UnknownLevelError(level)
    until = today() if level == "none" else _day(valid_until)
    ground = basis.replace("\0", "").strip()[:LONGEST_BASIS]
    if not ground:
        raise BasisMissingError
    name = account.display_name or account.name
    assessors.add_level(session, account_id, name, level, until, ground)
    details = {"level": level, "valid_until": until.isoformat(), "basis": ground}
    audit.record(session, "account:level_given", subject=account.name, details=details)


def _day(text: str) -> date:
    try:
        found = date.fromisoformat(text.strip())
    except ValueError:
        raise WrongDayError(text) from None
    if not today() <= found <= today() + LONGEST:
        raise WrongDayError(text)
    return found
