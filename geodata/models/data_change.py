"""The changes of data that a statement sees, as few rows as there are writers at a time."""

from __future__ import annotations

import uuid

from sqlalchemy import BigInteger, text
from sqlalchemy.orm import Mapped, mapped_column

from geodata.models.base import Base


class DataChange(Base):
    """One transaction that wrote to a watched table; the trigger ``note_data_change`` alone writes here.

    Later transactions remove the row, so the set of ids stands for the data: see ``geodata.queries.visible_state``.
    """

    __tablename__ = "data_change"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, server_default=text("gen_random_uuid()"))
    transaction_id: Mapped[int] = mapped_column(BigInteger)
