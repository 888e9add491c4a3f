"""Who asks: the account of the session cookie, loaded before any door is checked.

Flask-Security holds the account and its role; a row of ``account_session`` must stand behind the cookie, so that
signing out, disabling or resetting an account acts on the next request.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from flask import Flask, current_app, g, session
from flask_security import Security, UserDatastore, login_user, logout_user

from app.web.accounts.basic import load_basic
from app.web.accounts.bearer import load_key
from app.web.accounts.identity import be, be_visitor
from app.web.read_only import is_read_only
from app.web.request import current_session
from app.web.security import has_key_in_header
from app.workflows import second_factor
from app.workflows.account_sessions import idle_seconds, note_request, seconds_until, secret_hash
from app.workflows.demonstration_accounts import RealSchoolsError
from geodata.models.account import Account, Role, WebAuthn
from geodata.queries import account_sessions, accounts

if TYPE_CHECKING:
    from app.settings import Settings
    from geodata.queries.account_sessions import Browser

SECRET = "mektep_secret"  # noqa: S105  the name of the cookie's field


class AccountDatastore(UserDatastore):
    """What Flask-Security asks of a store, answered by this request's database session."""

    def find_user(self, case_insensitive: bool = False, **kwargs: Any) -> Account | None:
        """Return the account by the key that sessions hold, or by name; None for any other question."""
        if "fs_uniquifier" in kwargs:
            return accounts.account_by_key(current_session(), kwargs["fs_uniquifier"])
        if "name" in kwargs:
            return accounts.account_by_name(current_session(), kwargs["name"])
        return None

    def put(self, model: Any) -> Any:
        """Note a change; the request's transaction writes it."""
        current_session().add(model)
        return model

    def commit(self) -> None:
        """Write the request's transaction."""
        current_session().commit()


def enter(account: Account, secret: str, *, has_second_factor: bool = False) -> None:
    """Bind the account to this browser's session; the session is new, so that no older cookie lives on."""
    session.clear()
    session.permanent = True
    login_user(account, remember=False, authn_via=["password", "authenticator"] if has_second_factor else ["password"])
    session[SECRET] = secret


def leave() -> None:
    """Forget the account here and in the database."""
    secret = session.get(SECRET)
    if secret:
        account_sessions.remove_session(current_session(), secret_hash(secret))
    logout_user()
    session.clear()


def _load_account() -> None:
    be_visitor()
    if has_key_in_header():
        load_key()
        load_basic()
        return
    if "_user_id" not in session:
        return
    database = current_session()
    account = accounts.account_by_key(database, str(session["_user_id"]))
    secret = session.get(SECRET, "")
    browser = _browser(account, secret_hash(secret)) if account is not None and account.active else None
    if account is None or browser is None:
        session.clear()
        return
    try:
        be(account)
    except RealSchoolsError:
        session.clear()
        return
    g.browser = browser
    if not is_read_only():
        note_request(database, browser)


def idle_minutes() -> int:
    """Return after how many minutes without a request a browser is out; while nothing can be noted, never (0)."""
    settings: Settings = current_app.extensions["settings"]
    return 0 if is_read_only() else settings.idle_minutes


def _browser(account: Account, secret_sha256: str) -> Browser | None:
    """Return the signed-in browser; None when it is out, or has not shown the second factor that the account needs."""
    browser = account_sessions.find_session(current_session(), account.id, secret_sha256, idle_minutes())
    needs_more = second_factor.owes(account) or second_factor.has(account)
    return None if browser is not None and needs_more and not browser.has_second_factor else browser


def init_app(app: Flask, settings: Settings) -> None:
    """Set Flask-Security up without pages of its own, and load the account before each request."""
    app.config.update(
        SECURITY_PASSWORD_SALT=settings.secret_key,
        SECURITY_PASSWORD_HASH="argon2",  # noqa: S106
        SECURITY_PASSWORD_SINGLE_HASH=["argon2"],
        SECURITY_USER_IDENTITY_ATTRIBUTES=[{"name": {"mapper": lambda name: name.strip().lower()}}],
        SECURITY_TRACKABLE=True,
        SECURITY_DATETIME_FACTORY=lambda: datetime.now(UTC),
        SECURITY_REGISTERABLE=False,
        SECURITY_RECOVERABLE=False,
        SECURITY_SEND_REGISTER_EMAIL=False,
        SECURITY_EMAIL_VALIDATOR_ARGS={"check_deliverability": False},
        REMEMBER_COOKIE_HTTPONLY=True,
    )
    Security(app, AccountDatastore(Account, Role, WebAuthn), register_blueprint=False)
    app.login_manager._request_callback = None  # type: ignore[attr-defined]  # no keys in addresses or bodies
    _drop_identity_loading(app)
    app.before_request(_load_account)
    app.jinja_env.globals["session_seconds"] = lambda: seconds_until(g.browser.expires_at)
    app.jinja_env.globals["idle_seconds"] = lambda: idle_seconds(g.browser, idle_minutes())
    app.jinja_env.globals["account_name"] = lambda: g.get("account_name")


def _drop_identity_loading(app: Flask) -> None:
    """Take out Flask-Principal's own loading: it asks the database on every request, static files included."""
    loaders = app.before_request_funcs.get(None, [])
    loaders[:] = [loader for loader in loaders if "flask_principal" not in getattr(loader, "__module__", "")]
