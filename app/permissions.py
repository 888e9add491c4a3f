"""Who may do what: one table of roles and rights, read by every route; no Flask, no database.

A permission is a role, a territory (a subtree of areas, or one school) and a right. The table says which rights a
role brings; a grant says where. The same rights are written into each transaction, where row security holds them
against every row (migration 0007): a page that forgets to ask shows nothing more.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from app.i18n.marks import N_
from geodata.records.rights import Rights, Territory

if TYPE_CHECKING:
    from geodata.database import Scope

Action = Literal[
    "read",
    "sign_in",
    "watch",
    "export",
    "jobs",
    "work",
    "see",
    "see_restricted",
    "edit",
    "estimate",
    "survey",
    "verify",
    "publish",
    "import",
    "undo",
    "rank",
    "audit",
    "administer",
]
"""``read``: published facts. ``watch``: health and metrics. ``work``: one's own account and tasks. ``see``: what is
not published yet in one's territory. ``see_restricted``: answers of the protection group. ``edit``: draft and submit a
change. ``verify`` and ``publish``: the next two steps of it. ``estimate``: record what works cost, and decide between
retrofit, replacement and relocation. ``survey``: survey buildings as an engineer. The others are for the whole
country."""

VISITOR = "visitor"
EVERYONE: frozenset[Action] = frozenset({"read", "sign_in", "watch", "export", "jobs"})
SIGNED_IN: frozenset[Action] = EVERYONE | {"work"}

COUNTRY, OBLAST, RAYON, AIMAK, SCHOOL = 0, 1, 2, 3, 4


@dataclass(frozen=True)
class Role:
    """A role: its name for people, its rights, and the levels of territory that it can be given for."""

    title: str
    rights: frozenset[Action]
    levels: tuple[int, ...]
    needs_second_factor: bool = False


ROLES: dict[str, Role] = {
    "school": Role(N_("School"), SIGNED_IN | {"see", "see_restricted", "edit"}, (SCHOOL,)),
    "local_body": Role(N_("Local self-government body"), SIGNED_IN | {"see", "edit"}, (AIMAK, RAYON)),
    "department": Role(
        N_("Education department"), SIGNED_IN | {"see", "see_restricted", "edit", "estimate", "verify"}, (RAYON, OBLAST)
    ),
    "oblast": Role(N_("Oblast administration"), SIGNED_IN | {"see", "verify", "publish"}, (OBLAST,)),
    "planner": Role(
        N_("National planner"),
        SIGNED_IN | {"see", "edit", "estimate", "verify", "publish", "import", "undo", "rank"},
        (COUNTRY,),
        needs_second_factor=True,
    ),
    "assessor": Role(N_("Assessor"), SIGNED_IN | {"see", "edit"}, (COUNTRY, OBLAST, RAYON, AIMAK, SCHOOL)),
    "engineer": Role(
        N_("Engineer"), SIGNED_IN | {"see", "edit", "estimate", "survey"}, (COUNTRY, OBLAST, RAYON, AIMAK, SCHOOL)
    ),
    "council": Role(N_("Public council"), SIGNED_IN, (COUNTRY, OBLAST, RAYON, AIMAK)),
    "trainer": Role(N_("Trainer"), SIGNED_IN, (COUNTRY, OBLAST, RAYON)),
    "analyst": Role(N_("Named analyst of protection"), SIGNED_IN | {"see_restricted"}, (COUNTRY, OBLAST, RAYON)),
    "auditor": Role(N_("Auditor"), SIGNED_IN | {"audit"}, (COUNTRY,)),
    "administrator": Role(
        N_("Administrator"), SIGNED_IN | {"audit", "administer"}, (COUNTRY,), needs_second_factor=True
    ),
}
"""Roles that an account can hold, several at once. A name that is not here brings nothing."""


@dataclass(frozen=True)
class Grant:
    """A role of an account in a territory: an area and all below it, one school, or (neither) the whole country."""

    role: str
    area_id: int | None = None
    school_id: int | None = None

    @property
    def territory(self) -> Territory:
        """Where the grant holds."""
        if self.school_id is not None:
            return Territory(schools=frozenset({self.school_id}))
        if self.area_id is not None:
            return Territory(areas=frozenset({self.area_id}))
        return Territory(everywhere=True)


def rights_of(grants: Iterable[Grant]) -> Rights:
    """Return what the grants of one account allow, and where."""
    held: dict[str, Territory] = {}
    for grant in grants:
        role = ROLES.get(grant.role)
        for right in sorted(role.rights - EVERYONE) if role else ():
            held[right] = held.get(right, Territory()) | grant.territory
    return Rights(held)


KEY_RIGHTS: dict[Action, str] = {
    "see": N_("See what is not published yet"),
    "see_restricted": N_("See answers about protection and violence"),
    "edit": N_("Draft and submit changes"),
    "verify": N_("Verify changes"),
    "publish": N_("Publish changes"),
    "import": N_("Check and take in files; sees all of the country"),
    "undo": N_("Take imports back; sees all of the country"),
    "rank": N_("Rank schools; sees all of the country"),
    "audit": N_("Read the audit log"),
}
"""Rights that the key of a program may carry, in words; accounts are for people to manage."""

NATIONAL: tuple[Action, ...] = ("rank", "import", "undo")


def scope_of(rights: Rights) -> Scope:
    """Return the row-security scope of somebody signed in: ``national`` for who works on the whole country's data."""
    return "national" if any(rights.where(right).everywhere for right in NATIONAL) else "area"


def may(roles: Iterable[str], action: Action) -> bool:
    """Return whether somebody with ``roles`` (none: a visitor) may do ``action`` somewhere."""
    return action in EVERYONE or any(action in ROLES[role].rights for role in roles if role in ROLES)


def needs_second_factor(roles: Sequence[str]) -> bool:
    """Return whether one of ``roles`` may be used only after a second factor."""
    return any(ROLES[role].needs_second_factor for role in roles if role in ROLES)
