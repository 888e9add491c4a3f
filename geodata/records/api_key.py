"""A key of a program as pages and commands see it; the secret is not part of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class KeyRecord:
    """One key. ``rights`` are names of ``app.permissions``; ``per_minute`` is its own limit of requests."""

    id: int
    account_id: int
    title: str
    prefix: str
    rights: tuple[str, ...]
    per_minute: int
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None
    is_live: bool
