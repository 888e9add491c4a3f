"""Rights of tests: who may do everything everywhere, and who may do single things in single places."""

from __future__ import annotations

from app.permissions import EVERYONE, ROLES
from geodata.records.rights import Rights, Territory

EVERYTHING = Rights(
    {
        right: Territory(everywhere=True)
        for right in sorted(frozenset().union(*(role.rights for role in ROLES.values())) - EVERYONE)
    }
)
"""What no single account holds: each right of each role, in the whole country."""
