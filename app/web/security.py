"""Headers, cookies and forgery protection of every answer."""

from __future__ import annotations

import secrets

from flask import Flask, Response, current_app, g, request
from flask_wtf.csrf import CSRFProtect

from app.settings import Settings

CSRF = CSRFProtect()
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

PAGES = frozenset({"text/html", "application/xhtml+xml", "image/svg+xml"})
NOTHING_RUNS = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
"""The policy of answers that are no pages: data that somebody opens by themselves may load and run nothing."""


def csp_nonce() -> str:
    """Return this answer's nonce: the only inline script that runs carries it."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    nonce: str = g.csp_nonce
    return nonce


def _policy() -> str:
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'self' 'nonce-{csp_nonce()}'",
            "style-src 'self'",
            "img-src 'self' data: blob:",
            "connect-src 'self'",
            "font-src 'self'",
            "worker-src 'self'",
            "manifest-src 'self'",
            " ".join(("form-action 'self'", *_form_targets())),
            "base-uri 'none'",
            "frame-ancestors 'none'",
        )
    )


def _form_targets() -> tuple[str, ...]:
    """Return where else the sign-in page's form may lead: to the OpenID Connect provider of the settings, if any."""
    is_sign_in = request.endpoint in ("accounts.sign_in", "accounts.check_sign_in", "openid.begin", "openid.come_back")
    return current_app.extensions.get("form_targets", ()) if is_sign_in else ()


PASTED, PASTED_MB = frozenset({"scenarios.send"}), 10
"""Forms into which a whole file is pasted, and how large its text may be; every other form has two megabytes."""


def has_key_in_header() -> bool:
    """Return whether the request brings its key in a header: then no cookie counts and no forgery is possible."""
    return "Authorization" in request.headers or "Authentication-Token" in request.headers


def data_headers(settings: Settings) -> tuple[tuple[str, str], ...]:
    """Return the headers of every answer that is no page."""
    headers = [
        ("Content-Security-Policy", NOTHING_RUNS),
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "same-origin"),
        ("X-Frame-Options", "DENY"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
        ("Permissions-Policy", "geolocation=(self), camera=(), microphone=(), payment=()"),
    ]
    if settings.https_only:
        headers.append(("Strict-Transport-Security", "max-age=31536000; includeSubDomains"))
    return tuple(headers)


def init_app(app: Flask, settings: Settings) -> None:
    """Set cookies, forgery protection and headers; nothing depends on the host's name."""
    app.config.update(
        SESSION_COOKIE_NAME="__Host-mektep_session" if settings.https_only else "mektep_session",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.https_only,
        PERMANENT_SESSION_LIFETIME=12 * 3600,
        MAX_CONTENT_LENGTH=settings.upload_limit_mb * 1024 * 1024 + 64 * 1024,
        MAX_FORM_MEMORY_SIZE=2 * 1024 * 1024,
        MAX_FORM_PARTS=2000,
        WTF_CSRF_CHECK_DEFAULT=False,
        WTF_CSRF_TIME_LIMIT=None,
    )
    CSRF.init_app(app)
    app.jinja_env.globals["csp_nonce"] = csp_nonce
    of_data = data_headers(settings)

    @app.before_request
    def _refuse_forgery() -> None:
        if request.endpoint in PASTED:
            request.max_form_memory_size = PASTED_MB * 1024 * 1024
        if request.method not in SAFE_METHODS and request.endpoint is not None and not has_key_in_header():
            CSRF.protect()

    @app.after_request
    def _headers(response: Response) -> Response:
        if response.mimetype in PAGES:
            response.headers.setdefault("Content-Security-Policy", _policy())
        for name, value in of_data:
            response.headers.setdefault(name, value)
        if getattr(g, "account_id", None) is not None:
            response.headers["Cache-Control"] = "private, no-store"
        elif response.mimetype == "text/html":
            response.headers.setdefault("Cache-Control", "no-cache")
        return response
