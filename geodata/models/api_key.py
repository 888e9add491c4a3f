"""Keys of programs, and the names that accounts have at an OpenID Connect provider."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Integer, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column

from geodata.models.account import Account
from geodata.models.base import Base, Id, TextArray


class ApiKey(Base):
    """A key that a program sends in place of a person's password; never more than its account's own rights.

    The secret is shown once and kept as SHA-256; ``prefix`` (its first letters) is for finding it again.
    """

    __tablename__ = "api_key"
    __table_args__ = (
        CheckConstraint("per_minute BETWEEN 1 AND 6000", name="per_minute"),
        CheckConstraint("expires_at <= created_at + interval '366 days'", name="a_year"),
    )
    id: Mapped[Id]
    account_id: Mapped[int] = mapped_column(BigInteger, ForeignKey(Account.id, ondelete="CASCADE"), index=True)
    title: Mapped[str]
    prefix: Mapped[str]
    secret_sha256: Mapped[str] = mapped_column(unique=True)
    rights: Mapped[TextArray]
    per_minute: Mapped[int] = mapped_column(Integer)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    expires_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class AccountIdentity(Base):
    """Who an account is at a provider: ``subject`` is the provider's own unchanging name for the person."""

    __tablename__ = "account_identity"
    __table_args__ = (UniqueConstraint("issuer", "subject"),)
    id: Mapped[Id]
    account_id: Mapped[int] = mapped_column(BigInteger, ForeignKey(Account.id, ondelete="CASCADE"), index=True)
    issuer: Mapped[str]
    subject: Mapped[str]
    bound_by: Mapped[int | None] = mapped_column(BigInteger)
    bound_at: Mapped[datetime] = mapped_column(server_default=func.now())
