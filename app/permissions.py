"""Who may do what: one table of roles and actions, read by every route; no Flask, no database."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

Action = Literal["read", "sign_in", "watch", "import", "undo", "rank", "export", "jobs", "administer"]
"""``read``: published facts. ``watch``: health and metrics. The others change something or see more."""

VISITOR = "visitor"
OPERATOR = "operator"

EVERYONE: frozenset[Action] = frozenset({"read", "sign_in", "watch", "export", "jobs"})

PERMISSIONS: dict[str, frozenset[Action]] = {
    VISITOR: EVERYONE,
    OPERATOR: EVERYONE | {"import", "undo", "rank", "administer"},
}
"""Roles that accounts can have today. A role that is not here may do what a visitor may."""

LATER_ROLES: tuple[str, ...] = (
    "school",
    "aimak",
    "rayon",
    "oblast",
    "ministry",
    "inspector",
    "assessor",
    "finance",
    "partner",
    "administrator",
)
"""Names kept for the roles that come with territories; nobody can be given one yet."""


def may(roles: Iterable[str], action: Action) -> bool:
    """Return whether somebody with ``roles`` (none: a visitor) may do ``action``."""
    return any(action in PERMISSIONS.get(role, EVERYONE) for role in (*roles, VISITOR))


def sees_everything(roles: Iterable[str]) -> bool:
    """Return whether the row-security scope of these roles is national."""
    return OPERATOR in roles
