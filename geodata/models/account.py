"""Accounts, roles, sessions, links and sign-in tries: the only module of this room that knows Flask-Security.

``geodata.models`` does not import it, so that scripts and rules start without a web framework.
"""

# mypy: disable-error-code="assignment"
# (the mixins declare fewer types than a column has, as Flask-Security's own models do)

from __future__ import annotations

from datetime import datetime

from flask_security import AsaList, RoleMixin, UserMixin, WebAuthnMixin
from sqlalchemy import BigInteger, Boolean, CheckConstraint, ForeignKey, Index, LargeBinary, func, text
from sqlalchemy.ext.mutable import MutableList
from sqlalchemy.orm import Mapped, mapped_column, relationship

from geodata.models.base import Base, Id


class TextList(AsaList):
    """A list of texts without commas in one column; statements with it are compiled once, unlike its base's."""

    cache_ok = True


class Role(Base, RoleMixin):
    """A role by name; what it may do is ``app.permissions``, never this table."""

    __tablename__ = "role"
    id: Mapped[Id]
    name: Mapped[str] = mapped_column(unique=True)
    description: Mapped[str | None]


class AccountGrant(Base):
    """A role of an account: in an area and all below it, at one school, or (neither) in the whole country."""

    __tablename__ = "account_grant"
    __table_args__ = (
        CheckConstraint("num_nonnulls(area_id, school_id) <= 1", name="one_place"),
        Index(
            "uq_account_grant_place",
            "account_id",
            "role",
            "area_id",
            "school_id",
            unique=True,
            postgresql_nulls_not_distinct=True,
        ),
    )
    id: Mapped[Id]
    account_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("account.id", ondelete="CASCADE"))
    role: Mapped[str] = mapped_column(ForeignKey("role.name", ondelete="CASCADE"))
    area_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("area.id", ondelete="CASCADE"), index=True)
    school_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("school.id", ondelete="CASCADE"), index=True)
    granted_by: Mapped[int | None] = mapped_column(BigInteger)
    granted_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Account(Base, UserMixin):
    """Somebody who can sign in with ``name`` (lower case); ``display_name`` is the person's own.

    ``fs_uniquifier`` is what sessions hold in place of the id: changing it ends all of them.
    ``password`` is an argon2 hash, never a password.
    """

    __tablename__ = "account"
    id: Mapped[Id]
    name: Mapped[str] = mapped_column(unique=True)
    display_name: Mapped[str | None]
    email: Mapped[str | None] = mapped_column(unique=True)
    password: Mapped[str | None]
    active: Mapped[bool] = mapped_column(Boolean, server_default=text("true"))
    is_synthetic: Mapped[bool] = mapped_column(Boolean, server_default=text("false"))
    fs_uniquifier: Mapped[str] = mapped_column(unique=True)
    fs_webauthn_user_handle: Mapped[str | None] = mapped_column(unique=True)
    mf_recovery_codes: Mapped[list[str] | None] = mapped_column(MutableList.as_mutable(TextList()))
    tf_primary_method: Mapped[str | None]
    tf_totp_secret: Mapped[str | None]
    tf_phone_number: Mapped[str | None]
    tf_last_counter: Mapped[int | None] = mapped_column(BigInteger)
    mf_codes_made_at: Mapped[datetime | None]
    last_login_at: Mapped[datetime | None]
    current_login_at: Mapped[datetime | None]
    last_login_ip: Mapped[str | None]
    current_login_ip: Mapped[str | None]
    login_count: Mapped[int] = mapped_column(server_default=text("0"))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())
    grants: Mapped[list[AccountGrant]] = relationship(AccountGrant, cascade="all, delete", lazy="selectin")
    roles: Mapped[list[Role]] = relationship(
        Role,
        secondary="account_grant",
        primaryjoin="Account.id == AccountGrant.account_id",
        secondaryjoin="AccountGrant.role == Role.name",
        viewonly=True,
    )
    webauthn: Mapped[list[WebAuthn]] = relationship("WebAuthn", cascade="all, delete", lazy="raise")


class WebAuthn(Base, WebAuthnMixin):
    """A security key of an account; Flask-Security wants the table before the feature is used."""

    __tablename__ = "webauthn"
    id: Mapped[Id]
    account_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("account.id", ondelete="CASCADE"), index=True)
    credential_id: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    transports: Mapped[list[str] | None] = mapped_column(MutableList.as_mutable(TextList()))
    backup_state: Mapped[bool] = mapped_column(Boolean, server_default=text("false"))
    device_type: Mapped[str]
    extensions: Mapped[str | None]
    name: Mapped[str]
    usage: Mapped[str]
    create_datetime: Mapped[datetime] = mapped_column(server_default=func.now())
    lastuse_datetime: Mapped[datetime] = mapped_column(server_default=func.now())


class AccountSession(Base):
    """One signed-in browser. The cookie holds a secret, this row its SHA-256; deleting it signs out."""

    __tablename__ = "account_session"
    secret_sha256: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("account.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    expires_at: Mapped[datetime] = mapped_column(index=True)
    has_second_factor: Mapped[bool] = mapped_column(Boolean, server_default=text("false"))
    address: Mapped[str | None]
    browser: Mapped[str | None]
    seen_at: Mapped[datetime] = mapped_column(server_default=func.now())
    """When it last asked for something, to the minute."""


class AccountLink(Base):
    """A one-time link by which somebody chooses a password; the token's SHA-256, never the token."""

    __tablename__ = "account_link"
    __table_args__ = (CheckConstraint("kind IN ('invitation', 'reset')", name="kind"),)
    token_sha256: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("account.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str]
    created_by: Mapped[int | None] = mapped_column(BigInteger)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    expires_at: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime | None]


class SignInRecord(Base):
    """One sign-in or one refused try, kept for 180 days; without an account when the name does not exist."""

    __tablename__ = "sign_in_record"
    __table_args__ = (
        CheckConstraint("outcome IN ('signed_in', 'wrong_password', 'wrong_code')", name="outcome"),
        Index("ix_sign_in_record_account_id_at", "account_id", "at"),
    )
    id: Mapped[Id]
    account_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("account.id", ondelete="CASCADE"))
    at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp(), index=True)
    address: Mapped[str]
    outcome: Mapped[str]


class SignInTry(Base):
    """One try to sign in, for the throttle: account and address as keyed hashes, kept for a day."""

    __tablename__ = "sign_in_try"
    __table_args__ = (Index("ix_sign_in_try_key_at", "key", "at"),)
    id: Mapped[Id]
    key: Mapped[str]
    at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
