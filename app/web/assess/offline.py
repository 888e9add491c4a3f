"""The worker of the pages of assessing: it lives below their address only and keeps them readable without a network."""

from __future__ import annotations

from flask import Response, current_app, render_template, send_from_directory, url_for

from app.web.assess.blueprint import blueprint

POLICY = "default-src 'none'; script-src 'self'; connect-src 'self'"


@blueprint.get("/assess/worker.js")
def worker() -> Response:
    """Return the worker; its scope is the pages of assessing in this language."""
    folder = current_app.static_folder or ""
    response = send_from_directory(folder, "js/assess_worker.js", mimetype="text/javascript")
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["Service-Worker-Allowed"] = url_for("assess.index")
    return response


@blueprint.get("/assess/away")
def away() -> str:
    """Return the page that stands for one that was never opened on this device, while there is no network."""
    return render_template("assess/away.html")
