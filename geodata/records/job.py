"""A background job as pages and workers see it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

JobStatus = Literal["waiting", "running", "done", "failed"]


@dataclass(frozen=True)
class JobRecord:
    """One job. ``step`` and ``error`` are msgids; ``ahead`` is how many jobs wait before it.

    ``only_rights`` are the rights of the program's key that asked for it, None when a person did; ``request_id`` is
    the reference number of the request that asked.
    """

    id: int
    token: str
    kind: str
    scope: str
    status: JobStatus
    account_id: int | None = None
    only_rights: list[str] | None = None
    request_id: str | None = None
    params: dict[str, Any] = field(default_factory=dict)
    attempts: int = 0
    progress_pct: int = 0
    step: str | None = None
    error: str | None = None
    error_params: dict[str, Any] = field(default_factory=dict)
    result_name: str | None = None
    result_address: str | None = None
    created_at: datetime | None = None
    started_at: datetime | None = None
    finished_at: datetime | None = None
    ahead: int = 0

    @property
    def is_over(self) -> bool:
        """Whether nothing will change any more."""
        return self.status in ("done", "failed")
