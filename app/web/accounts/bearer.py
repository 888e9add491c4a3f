"""Keys of programs: ``Authorization: Bearer mk_...`` on the addresses that programs use."""

from __future__ import annotations

from flask import g, request

from app.web.accounts.identity import be
from app.web.request import current_session
from app.workflows import manage_keys
from app.workflows.manage_keys import WrongKeyError
from geodata.database import set_scope
from geodata.queries import api_keys

PATHS = ("/api/", "/ogc", "/tiles/")
KNOWN = ("basic", "bearer")


def load_key() -> None:
    """Load the account of a key, with the rights that both the account and the key have.

    Raises:
        WrongKeyError: The key does not work, or the header is of another kind; it is never taken for a visitor.
    """
    sent = request.authorization
    if not request.path.startswith(PATHS):
        return
    if sent is None or sent.type not in KNOWN:
        raise WrongKeyError
    if sent.type != "bearer":
        return
    session = current_session()
    key = manage_keys.find_key(session, sent.token or "")
    set_scope(session, "area", key.account_id)
    account = manage_keys.account_of(session, key)
    if api_keys.note_use(session, key):
        session.commit()
    g.key = key
    be(account, only=key.rights)
