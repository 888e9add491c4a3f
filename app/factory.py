"""Build the web application: settings, security, languages, errors and the list of pages."""

from __future__ import annotations

from importlib import import_module

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from app.settings import Settings
from app.web import (
    csv_companion,
    errors,
    guard,
    language,
    limits,
    logs,
    malware,
    navigation,
    page_cache,
    read_only,
    security,
    static_files,
)
from app.web import request as web_request
from app.web.accounts import openid, sign_in
from app.web.health import metrics
from app.web.revisions import standing
from app.web.tiles import short_way
from geodata.database import WEB_LIMITS, make_engine
from geodata.public_reader import PublicReader

BLUEPRINTS: tuple[str, ...] = (
    "app.web.health.routes",
    "app.web.accounts.routes",
    "app.web.accounts.links",
    "app.web.accounts.own",
    "app.web.administration.routes",
    "app.web.accounts.keys",
    "app.web.accounts.openid",
    "app.web.jobs.routes",
    "app.web.tiles.routes",
    "app.web.map.routes",
    "app.web.imports.routes",
    "app.web.api.imports",
    "app.web.api.routes",
    "app.web.ogc.routes",
    "app.web.exports.routes",
    "app.web.home.routes",
    "app.web.areas.routes",
    "app.web.schools.routes",
    "app.web.school_money.routes",
    "app.web.priorities.routes",
    "app.web.official.routes",
    "app.web.workbench.routes",
    "app.web.survey.routes",
    "app.web.appeals.routes",
    "app.web.deviations.routes",
    "app.web.claims.routes",
    "app.web.conflicts.routes",
    "app.web.scenarios.routes",
    "app.web.measures.routes",
    "app.web.money.routes",
    "app.web.pipeline.routes",
    "app.web.grants.routes",
    "app.web.plans.routes",
    "app.web.standard.routes",
    "app.web.method.routes",
    "app.web.priors.routes",
    "app.web.data.routes",
    "app.web.quality.routes",
    "app.web.winter.routes",
    "app.web.work.routes",
    "app.web.audit.routes",
    "app.web.revisions.routes",
    "app.web.field.routes",
    "app.web.field.servers",
    "app.web.assess.routes",
    "app.web.evidence.routes",
    "app.web.verification.routes",
    "app.web.campaigns.routes",
    "app.web.parameters.routes",
)
"""Modules with a ``blueprint``: explicit on purpose, being here grants access to the network."""


def create_app(settings: Settings) -> Flask:
    """Return the application for ``settings``; raises nothing that a wrong database would cause later.

    The order of ``init_app`` is the order of the doors: reference number, forgery check, account, limit, permission;
    only then a page may come from those that are kept.
    """
    app = Flask(__name__, template_folder="web/templates", static_folder="web/static")
    app.config["SECRET_KEY"] = settings.secret_key
    app.extensions["settings"] = settings
    app.extensions["engine"] = make_engine(settings.web_url, limits=WEB_LIMITS)
    app.extensions["public_reader"] = PublicReader(settings.web_url, limits=WEB_LIMITS)
    short_way.init_app(app, settings)
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    logs.init_app(app)
    metrics.init_app(app)
    static_files.init_app(app, settings)
    web_request.init_app(app)
    language.init_app(app)
    security.init_app(app, settings)
    limits.init_before_accounts(app, settings)
    sign_in.init_app(app, settings)
    limits.init_app(app, settings)
    openid.init_app(app, settings)
    guard.init_app(app)
    read_only.init_app(app, settings)
    malware.init_app(app, settings)
    navigation.init_app(app)
    standing.init_app(app)
    errors.init_app(app)
    csv_companion.init_app(app)
    page_cache.init_app(app, settings)
    for name in BLUEPRINTS:
        app.register_blueprint(import_module(name).blueprint)
    return app
