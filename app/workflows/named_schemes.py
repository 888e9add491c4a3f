"""Schemes of weights by name: those that ship with the program, those of the country, and the official one."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING

from app.prioritisation.errors import AmbiguousSchemeError, UnknownSchemeError
from app.prioritisation.factors import FACTORS
from app.prioritisation.scheme import SCHEME_FOLDER, list_schemes, load_scheme, scheme_of
from app.workflows.save_scheme import SchemesError
from geodata.database import ACCOUNT_KEY
from geodata.queries import audit, official_lists, schemes
from geodata.readers.parameter_tables import read_parameter_tables

if TYPE_CHECKING:
    from app.prioritisation.scheme import Scheme
    from geodata.database import Session
    from geodata.models import WeightScheme

SHIPPED = "default"
NAMED = re.compile(r"\(([0-9a-f]{12})\)$")
"""A run names a saved scheme by its title and, in brackets, its code."""

LONGEST = 2_000


class NotDecidingSchemeError(SchemesError):
    """Who asks may not choose the official scheme: that takes the rights to rank and to publish for the country."""


@dataclass(frozen=True, slots=True)
class SchemeChoice:
    """What a decision rests on; ``code`` empty: the shipped scheme. ``document``: title and number of the act."""

    code: str
    reason: str
    document: str


class SchemeChoiceError(SchemesError):
    """A field of a decision is missing or wrong; ``fields`` names it."""

    def __init__(self, fields: tuple[str, ...]) -> None:
        super().__init__(", ".join(fields))
        self.fields = fields


def scheme_named(session: Session, name: str | None = None) -> Scheme:
    """Return a scheme by its name: of a file, or code or title of one of the country; None: the official one.

    Raises:
        UnknownSchemeError: There is none that who asks may rank by; drafts are for trying only.
        AmbiguousSchemeError: Several schemes of the country bear this title.
        InvalidSchemeError: Its weights leave the bounds of the method's table.
    """
    if name is None:
        chosen = schemes.official(session)
        return load_scheme(SHIPPED) if chosen is None or chosen.scheme is None else _scheme(chosen.scheme)
    if name in list_schemes():
        return load_scheme(name)
    return _scheme(_saved(session, name))


def scheme_content(session: Session, name: str) -> bytes:
    """Return what the SHA-256 of a run's scheme is over: its file, or the text that stands for a saved one.

    Raises: what ``scheme_named`` raises.
    """
    if name in list_schemes():
        return (SCHEME_FOLDER / f"{name}.toml").read_bytes()
    return content_of(_saved(session, name))


def name_of(saved: WeightScheme) -> str:
    """Return the name that runs and kits give a saved scheme."""
    return f"{saved.title} ({saved.code})"


def content_of(saved: WeightScheme) -> bytes:
    """Return a saved scheme as the text of a file; the hazards that count are those of the shipped scheme."""
    rows = [f"{name} = {_text(value)}" for name, value in _facts(saved).items()]
    hazards = ", ".join(_text(one) for one in load_scheme(SHIPPED).hazards)
    weights = [f"{code} = {_text(f'{weight:.3f}')}" for code, weight in zip(FACTORS, saved.weights, strict=True)]
    return "\n".join([*rows, f"hazards = [{hazards}]", "", "[weights]", *weights, ""]).encode()


def choose_official(session: Session, choice: SchemeChoice) -> None:
    """Make a scheme of the country the official one: rankings that name none follow it. The caller commits.

    Raises:
        NotDecidingSchemeError: The rights are missing; row security says the same.
        SchemeChoiceError: No such scheme, or reason or document is missing.
    """
    if not official_lists.may_decide(session):
        raise NotDecidingSchemeError
    found = schemes.of_the_country(session, choice.code) if choice.code else []
    wrong = [name for name in ("reason", "document") if not 0 < len(getattr(choice, name).strip()) <= LONGEST]
    if choice.code and not found:
        wrong.append("scheme")
    if wrong:
        raise SchemeChoiceError(tuple(wrong))
    values = {
        "scheme_id": found[0].id if found else None,
        "reason": choice.reason.strip(),
        "document": choice.document.strip(),
        "approver": official_lists.own_name(session),
        "account_id": session.info.get(ACCOUNT_KEY),
    }
    schemes.add_decision(session, values)
    audit.record(session, "scheme:official", subject=choice.code or SHIPPED)


def _saved(session: Session, name: str) -> WeightScheme:
    code = NAMED.search(name)
    found = schemes.of_the_country(session, code[1] if code else name)
    if not found:
        shipped = ", ".join(list_schemes())
        raise UnknownSchemeError(f"there is no scheme of the country called {name!r}; shipped are: {shipped}")
    if len(found) > 1:
        raise AmbiguousSchemeError(name, tuple(one.code for one in found))
    return found[0]


def _scheme(saved: WeightScheme) -> Scheme:
    return scheme_of(name_of(saved), content_of(saved), read_parameter_tables())


def _facts(saved: WeightScheme) -> dict[str, str]:
    facts = {"name": saved.code, "title": saved.title, "owner": saved.owner, "status": "of the country"}
    return facts | {"saved_on": saved.created_at.astimezone(UTC).date().isoformat()}


def _text(value: str) -> str:
    """Return a string of TOML; signs that cannot be printed become spaces."""
    return json.dumps("".join(sign if sign.isprintable() else " " for sign in value), ensure_ascii=False)
