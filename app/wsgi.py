"""What gunicorn serves: ``app.wsgi:serve()``, after the start-up checks."""

from __future__ import annotations

from flask import Flask

from app.factory import create_app
from app.settings import Settings
from app.web import logs
from app.web.startup import check_installation


def serve() -> Flask:
    """Return the application of the environment's settings; raises ``UnsafeInstallationError``."""
    settings = Settings()
    logs.configure(settings.log_format)
    app = create_app(settings)
    engine = app.extensions["engine"]
    check_installation(settings, engine, debug=app.debug)
    engine.dispose()  # connections are not shared across the fork
    return app
