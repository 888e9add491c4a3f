"""HTTP Basic for programs: name and password of an account, checked for this one request only."""

from __future__ import annotations

from flask import current_app, request

from app.web.accounts.identity import be
from app.web.request import current_session
from app.workflows import manage_accounts, second_factor
from app.workflows.account_errors import SecondFactorNeededError

LONGEST = 200
API = "/api/"


def load_basic() -> None:
    """Load the account of an Authorization header on API addresses.

    Raises:
        WrongSignInError, TooManyTriesError: As on the sign-in page; a wrong key is never taken for a visitor.
        SecondFactorNeededError: The account needs a second factor; its programs use keys (``bearer``).
    """
    sent = request.authorization
    if sent is None or sent.type != "basic" or not request.path.startswith(API):
        return
    name, password = str(sent.username or "")[:LONGEST].replace("\0", ""), str(sent.password or "")[:LONGEST]
    database = current_session()
    key, address = current_app.config["SECRET_KEY"], request.remote_addr or ""
    account = manage_accounts.check_key(database, name, password, address, key)
    if second_factor.owes(account) or second_factor.has(account):
        raise SecondFactorNeededError
    manage_accounts.name_account(database, account)
    database.commit()
    be(account)
