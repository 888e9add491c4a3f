"""Passwords: rules that say in words what is wrong, hashes, and checks that take the same work for everybody."""

from __future__ import annotations

import hashlib
import re
import secrets
import unicodedata
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from app.i18n.marks import N_
from app.workflows.account_errors import WeakPasswordError
from geodata.readers.reference import read_common_passwords

SHORTEST_PASSWORD, LONGEST_PASSWORD = 12, 200
FEWEST_CHARACTERS = 5
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""Letters and digits that nobody confuses when a password is read out."""

RULES: dict[str, str] = {
    "short": N_("at least 12 characters"),
    "long": N_("at most 200 characters"),
    "name": N_("not the account's name, nor a text that holds it"),
    "common": N_("no common password: no known word with digits after it, no row of keys"),
    "repeated": N_("no character four times in a row, and at least five different ones"),
}
"""What a password must be, as it is told to people; a sentence as good as another is never refused."""

_WORDS = """
    password passwordpassword administrator admin adminadmin welcome letmein iloveyou trustno sunshine princess
    football baseball superman batman dragon monkey shadow master michael changeme changethis secret secretsecret
    whatever starwars computer internet qwerty qwertyqwerty qwertyuiop asdfghjkl zxcvbnm abcdef abcdefgh correcthorse
    пароль парольпароль администратор админ админадмин привет приветпривет любовь солнышко принцесса россия москва
    йцукен йцукенг йцукенгшщз фывапролд школа школашкола директор учитель бишкек кыргызстан киргизия кырсезон
    сырсөз сырсоз мектеп мектепмектеп коопсузмектеп мугалим жетекчи администрация сүйүү салам саламсалам биримдик
    kyrgyzstan kirgizia bishkek mektep koopsuzmektep parol parolparol privet salam manas manasmanas ysykkol issykkul
    safeschool school schoolschool teacher director planner
"""
COMMON = frozenset(_WORDS.split())
"""Words that a password may not consist of, digits and signs apart."""

_ROWS = """
    0123456789 1234567890 qwertyuiopasdfghjklzxcvbnm qazwsxedcrfvtgbyhnujmikolp 1q2w3e4r5t6y7u8i9o0p
    abcdefghijklmnopqrstuvwxyz йцукенгшщзхъфывапролджэячсмитьбю абвгдежзийклмнопрстуфхцчшщъыьэюя
"""
ROWS = tuple(_ROWS.split())
"""Rows of keys and of letters, there and back."""


@lru_cache(maxsize=1)
def _hasher() -> PasswordHasher:
    return PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=2)


@lru_cache(maxsize=1)
def _nobody() -> str:
    """Return the hash that a password is checked against when there is no account: the same work."""
    return _hasher().hash(secrets.token_urlsafe(24))


def make_password() -> str:
    """Return a random password of 20 letters and digits (99 bits) in groups of five."""
    letters = "".join(secrets.choice(ALPHABET) for _ in range(20))
    return "-".join(letters[start : start + 5] for start in range(0, 20, 5))


def broken_rules(password: str, name: str) -> tuple[str, ...]:
    """Return the keys of the rules that a password for the account ``name`` breaks, in their order."""
    folded, who = unicodedata.normalize("NFC", password).lower(), name.strip().lower()
    broken = {
        "short": len(password) < SHORTEST_PASSWORD,
        "long": len(password) > LONGEST_PASSWORD,
        "name": len(who) > 1 and who in folded,
        "common": _is_common(folded),
        "repeated": bool(re.search(r"(.)\1{3}", folded)) or len(set(folded)) < FEWEST_CHARACTERS,
    }
    return tuple(rule for rule, is_broken in broken.items() if is_broken)


def _is_common(folded: str) -> bool:
    letters = "".join(letter for letter in folded if letter.isalpha())
    plain = "".join(letter for letter in folded if letter.isalnum())
    if not plain or letters in COMMON or plain in COMMON or _is_listed(letters) or _is_listed(folded):
        return True
    return any(plain in row * 3 or plain in row[::-1] * 3 for row in ROWS)


def _is_listed(text: str) -> bool:
    return hashlib.sha256(text.encode()).hexdigest()[:16] in read_common_passwords()


def hash_password(password: str, name: str) -> str:
    """Return the argon2 hash; raises ``WeakPasswordError`` with the msgids of the rules that are broken."""
    broken = broken_rules(password, name)
    if broken:
        raise WeakPasswordError(tuple(RULES[rule] for rule in broken))
    return _hasher().hash(password)


def is_password(stored: str | None, password: str) -> bool:
    """Tell whether ``password`` is the one of the hash; without a hash the work is the same and the answer no."""
    try:
        return _hasher().verify(stored or _nobody(), password) and bool(stored)
    except (VerificationError, InvalidHashError):
        return False
