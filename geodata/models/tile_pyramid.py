"""Aggregated school cells by tile, made once with a run: what tiles of low zoom read."""

from __future__ import annotations

from sqlalchemy import ARRAY, BigInteger, ForeignKey, Integer, SmallInteger
from sqlalchemy.orm import Mapped, mapped_column

from geodata.models.base import Base


class TilePyramid(Base):
    """One tile of one run with at least 2,000 published schools, as cells of a 64 x 64 grid.

    The arrays run in parallel, one entry a cell that holds a school. ``cell`` is row * 64 + column from
    the north-west. ``cell_grade`` is the worst grade as 1 (A) .. 5 (E), 0 where no school has one.
    ``cell_priority`` is the mean in whole points, ``cell_pupils`` the sum of known numbers or NULL.
    """

    __tablename__ = "tile_pyramid"
    run_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("run.id", ondelete="CASCADE"), primary_key=True)
    z: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    x: Mapped[int] = mapped_column(Integer, primary_key=True)
    y: Mapped[int] = mapped_column(Integer, primary_key=True)
    schools: Mapped[int] = mapped_column(Integer)
    cell: Mapped[list[int]] = mapped_column(ARRAY(SmallInteger))
    cell_schools: Mapped[list[int]] = mapped_column(ARRAY(Integer))
    cell_priority: Mapped[list[int]] = mapped_column(ARRAY(SmallInteger))
    cell_grade: Mapped[list[int]] = mapped_column(ARRAY(SmallInteger))
    cell_rank: Mapped[list[int]] = mapped_column(ARRAY(Integer))
    cell_pupils: Mapped[list[int | None]] = mapped_column(ARRAY(Integer))
