"""Between the password and the second factor: who is at the door, kept in the signed cookie for ten minutes.

Nobody is signed in meanwhile: no door that asks for an account opens.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import session

from app.web.guard import SignInNeededError
from app.web.request import current_session
from app.workflows.account_sessions import act_for
from geodata.queries import accounts

if TYPE_CHECKING:
    from geodata.models.account import Account


class NobodyAtTheDoorError(SignInNeededError):
    """Nobody showed a password in this browser, or too long ago; one begins anew."""


PENDING = "mektep_pending"
MINUTES = 10


@dataclass(frozen=True)
class Pending:
    """Whose password was right, where they want to go, and the secret that they are setting up (wrapped), if any."""

    account: Account
    wanted: str
    secret: str | None


def begin(account: Account, wanted: str, secret: str | None = None) -> None:
    """Remember that the password was right; everything else in the browser's session is forgotten."""
    session.clear()
    session[PENDING] = {"key": account.fs_uniquifier, "at": int(time.time()), "wanted": wanted, "secret": secret}


def pending() -> Pending:
    """Return who is at the door; the database session acts for that account from here on.

    Raises:
        NobodyAtTheDoorError: Nobody, or longer than ten minutes ago, or the account was changed since.
    """
    kept = session.get(PENDING)
    if not isinstance(kept, dict) or not 0 <= time.time() - int(kept["at"]) <= 60 * MINUTES:
        raise NobodyAtTheDoorError("sign_in")
    database = current_session()
    account = accounts.account_by_key(database, kept["key"])
    if account is None or not account.active:
        raise NobodyAtTheDoorError("sign_in")
    act_for(database, account.id)
    return Pending(account, kept["wanted"], kept["secret"])
