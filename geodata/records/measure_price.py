"""Unit costs that people stated, as pages, files and rankings read them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class StatedPrice:
    """One statement: what it says, where it holds, what it rests on, who made it and when.

    ``level`` of the area: 0 everywhere, 1 oblast, 2 rayon, 3 aimak. Costs: whole som at ``price_date``, None = unknown.
    """

    id: int
    measure: str
    area_id: int | None
    level: int
    area_code: str | None
    area_name_ky: str | None
    area_name_ru: str | None
    area_name_en: str | None
    altitude_from_m: int | None
    low_som: int | None
    default_som: int | None
    high_som: int | None
    price_date: date | None
    index_factor: Decimal
    index_source: str | None
    source: str
    status: str
    reason: str
    is_withdrawn: bool
    approver: str | None
    decided_at: datetime

    @property
    def place(self) -> tuple[str, str | None, int | None]:
        """Return what only one statement at a time is in force for."""
        return self.measure, self.area_code, self.altitude_from_m
