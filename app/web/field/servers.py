"""The servers that forms are read from: for administrators, who see no form."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from app.web.errors import problem_of
from app.web.guard import declare_action
from app.web.language import PREFIX
from app.web.request import current_session, roll_back
from app.workflows.field_connections import FieldConnectionError, connect, disconnect
from app.workflows.form_server import AddressRefusedError
from geodata.queries import field_connections

blueprint = Blueprint("field_servers", __name__, url_prefix=f"{PREFIX}/field-servers")
declare_action(blueprint, "administer")


@blueprint.get("")
def index() -> str:
    """List the servers, with a form for a new one."""
    return _page({}, None)


@blueprint.post("")
def add() -> AnyResponse:
    """Add a server."""
    form = {name: request.form.get(name, "") for name in ("title", "kind", "address", "form")}
    try:
        connect(current_session(), **form, secrets=current_app.extensions["settings"].field_secrets)
    except (AddressRefusedError, FieldConnectionError) as error:
        roll_back()
        return Response(_page(form, error), status=422)
    current_session().commit()
    return redirect(url_for("field_servers.index"), code=303)


@blueprint.post("/<int:connection_id>/remove")
def remove(connection_id: int) -> AnyResponse:
    """Remove a server; what came over it stays."""
    disconnect(current_session(), connection_id)
    current_session().commit()
    return redirect(url_for("field_servers.index"), code=303)


def _page(form: dict[str, str], error: Exception | None) -> str:
    page = {
        "connections": field_connections.list_connections(current_session()),
        "secrets": current_app.extensions["settings"].field_secrets.keys(),
        "form": form,
        "wrong": problem_of(error) if error else None,
    }
    return render_template("field/servers.html", page=page)
