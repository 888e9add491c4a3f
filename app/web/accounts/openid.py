"""Sign in at the provider of the settings, such as the national identity system; there only when it is configured."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import structlog
from flask import (
    Blueprint,
    Flask,
    Response,
    abort,
    current_app,
    g,
    redirect,
    render_template,
    request,
    session,
    url_for,
)

from app.web.accounts.routes import go_on, safe_next
from app.web.errors import problem_of
from app.web.guard import declare_action
from app.web.language import PREFIX, current_language
from app.web.request import current_session, roll_back
from app.workflows import openid
from app.workflows.openid import Asked, NotBoundError, OpenIdError, Provider

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as AnyResponse

    from app.settings import Settings

blueprint = Blueprint("openid", __name__)
declare_action(blueprint, "sign_in")
ASKED = "mektep_openid"


def provider_of(settings: Settings) -> Provider | None:
    """Return the provider of the settings, None when there is none."""
    if not (settings.oidc_issuer and settings.oidc_client_id):
        return None
    return Provider(settings.oidc_issuer, settings.oidc_client_id, settings.oidc_client_secret)


@blueprint.post(f"{PREFIX}/sign-in/openid")
def begin() -> AnyResponse:
    """Send the browser to the provider."""
    provider, wanted = _provider(), safe_next(request.form.get("next"))
    back = url_for("openid.come_back", _external=True)
    try:
        address, kept = openid.begin(provider, back, wanted, current_language())
    except OpenIdError as error:
        return _refused(error, wanted)
    session[ASKED] = kept
    return redirect(address, code=303)


@blueprint.get("/sign-in/openid")
def come_back() -> AnyResponse:
    """Take what the provider says; open the session of the bound account, or go on to its second factor."""
    provider, wanted = _provider(), ""
    try:
        asked = Asked.from_kept(session.pop(ASKED, None))
        g.lang, wanted = asked.language, safe_next(asked.wanted)
        subject = openid.finish(provider, asked, request.args)
        account = openid.find_account(current_session(), provider, subject)
    except OpenIdError as error:
        return _refused(error, wanted)
    return go_on(account, wanted)


def _provider() -> Provider:
    provider = provider_of(current_app.extensions["settings"])
    if provider is None:
        abort(404)
    return provider


def _refused(error: OpenIdError, wanted: str) -> Response:
    """Return the sign-in page with what was wrong; the log says why, without the subject."""
    roll_back()
    reason = type(error).__name__ if isinstance(error, NotBoundError) else str(error)
    structlog.get_logger("mektep.web").warning("refused at the provider", reason=reason)
    problem = problem_of(error)
    page = {"next": wanted, "name": "", "error": problem}
    page["subject"] = error.subject if isinstance(error, NotBoundError) else None
    return Response(render_template("accounts/sign_in.html", page=page), status=problem.status)


def form_targets(settings: Settings) -> tuple[str, ...]:
    """Return the origins that the form of the sign-in page leads to, for the content security policy."""
    if provider_of(settings) is None:
        return ()
    return tuple(sorted({_origin(settings.oidc_issuer), _origin(settings.oidc_sign_in_page or settings.oidc_issuer)}))


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


def init_app(app: Flask, settings: Settings) -> None:
    """Tell templates how the provider is called (None: there is none), and the policy where its form may lead."""
    is_on = provider_of(settings) is not None
    app.jinja_env.globals["openid_name"] = settings.oidc_name or settings.oidc_issuer if is_on else None
    app.extensions["form_targets"] = form_targets(settings)
