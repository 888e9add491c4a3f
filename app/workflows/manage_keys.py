"""Keys of programs: make one with a part of one's own rights, check one, revoke one."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.permissions import KEY_RIGHTS, Grant, rights_of
from geodata.queries import accounts, api_keys, audit

if TYPE_CHECKING:
    from geodata.database import Session
    from geodata.models.account import Account
    from geodata.records.api_key import KeyRecord
    from geodata.records.rights import Rights

LONGEST_TITLE = 80
LONGEST_DAYS = 365
HIGHEST_RATE = 6000
MOST_KEYS = 20
START = "mk_"
SECRET = re.compile(r"mk_[A-Za-z0-9_-]{43}")
PREFIX_LETTERS = 11
"""Letters of a key that stay visible: the mark and eight of 43, which leave 210 bits unknown."""


class KeysError(Exception):
    """Base of every error of keys."""


class WrongKeyError(KeysError):
    """The key is unknown, has ended or was revoked, or its account is disabled; which one is not said."""


class KeyFieldError(KeysError):
    """A field of a new key cannot be used: title, rights, days or per_minute."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


class TooManyKeysError(KeysError):
    """The account has as many working keys as one may have."""


class NoSuchKeyError(KeysError):
    """There is no working key of this id or beginning."""


@dataclass(frozen=True)
class KeyWish:
    """What a new key is to be: ``rights`` beyond reading, ``days`` until it ends, requests a minute."""

    title: str
    rights: Sequence[str] = ()
    days: int = 90
    per_minute: int = 300


def grantable(held: Rights) -> list[str]:
    """Return the rights that somebody who holds ``held`` can give to a key, in the order of the table."""
    return [right for right in KEY_RIGHTS if held.where(right)]


def make_key(session: Session, account_id: int, account_name: str, held: Rights, wish: KeyWish) -> str:
    """Keep a new key of an account that holds ``held`` and return it; it cannot be read again.

    Raises:
        KeyFieldError: A field is empty, too long, outside its range, or a right that the account has not.
        TooManyKeysError: The account has ``MOST_KEYS`` working keys.
    """
    title = " ".join(wish.title.replace("\0", "").split())
    if not 1 <= len(title) <= LONGEST_TITLE:
        raise KeyFieldError("title")
    if not set(wish.rights) <= set(grantable(held)):
        raise KeyFieldError("rights")
    if not 1 <= wish.days <= LONGEST_DAYS:
        raise KeyFieldError("days")
    if not 1 <= wish.per_minute <= HIGHEST_RATE:
        raise KeyFieldError("per_minute")
    if sum(key.is_live for key in api_keys.keys_of(session, account_id)) >= MOST_KEYS:
        raise TooManyKeysError
    secret = START + secrets.token_urlsafe(32)
    api_keys.add_key(
        session,
        account_id,
        title=title,
        prefix=secret[:PREFIX_LETTERS],
        secret_sha256=_hash(secret),
        rights=sorted(set(wish.rights)),
        per_minute=wish.per_minute,
        days=wish.days,
    )
    details = {"key": secret[:PREFIX_LETTERS], "rights": sorted(set(wish.rights)), "days": wish.days}
    audit.record(session, "key:made", subject=account_name, details=details)
    return secret


def make_key_for(session: Session, account_name: str, wish: KeyWish) -> str:
    """Make a key for the account of this name, from the command line; as ``make_key``.

    Raises:
        NoSuchKeyError: There is no such account, or it is disabled.
    """
    account_id = accounts.account_id_of(session, account_name)
    grants = [] if account_id is None else accounts.grants_of(session, account_id)
    if account_id is None or not grants:
        raise NoSuchKeyError(account_name)
    held = rights_of(Grant(*grant) for grant in grants)
    return make_key(session, account_id, account_name.strip().lower(), held, wish)


def find_key(session: Session, secret: str) -> KeyRecord:
    """Return the working key of a secret; raises ``WrongKeyError``."""
    key = api_keys.key_by_secret(session, _hash(secret)) if SECRET.fullmatch(secret) else None
    if key is None:
        raise WrongKeyError
    return key


def account_of(session: Session, key: KeyRecord) -> Account:
    """Return the account of a key, in a transaction whose account it is; raises ``WrongKeyError``."""
    account = api_keys.account_of_key(session, key)
    if account is None:
        raise WrongKeyError
    return account


def revoke_key(session: Session, key_id: int, account_name: str) -> None:
    """Refuse a key from the next request on; raises ``NoSuchKeyError``."""
    key = api_keys.revoke(session, key_id)
    if key is None:
        raise NoSuchKeyError
    audit.record(session, "key:revoked", subject=account_name, details={"key": key.prefix})


def revoke_all(session: Session, account_id: int, account_name: str) -> None:
    """Refuse all keys of an account: whoever reset its password may not be who made them."""
    for key in api_keys.keys_of(session, account_id):
        if key.is_live:
            revoke_key(session, key.id, account_name)


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
