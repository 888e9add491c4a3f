"""Build the web application: settings, security, languages, errors and the list of pages."""

from __future__ import annotations

from importlib import import_module

from flask import Flask

from app.settings import Settings
from app.web import request as web_request
from geodata.database import WEB_LIMITS, make_engine

BLUEPRINTS: tuple[str, ...] = ()
"""Modules with a ``blueprint``: explicit on purpose, being here grants access to the network."""


def create_app(settings: Settings) -> Flask:
    """Return the application for ``settings``; raises nothing that a wrong database would cause later."""
    app = Flask(__name__, template_folder="web/templates", static_folder="web/static")
    app.config["SECRET_KEY"] = settings.secret_key
    app.extensions["settings"] = settings
    app.extensions["engine"] = make_engine(settings.web_url, limits=WEB_LIMITS)
    web_request.init_app(app)
    for name in BLUEPRINTS:
        app.register_blueprint(import_module(name).blueprint)
    return app
