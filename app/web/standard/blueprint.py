"""The blueprint of the standard: for everybody to read; what changes an edition asks for more at each view."""

from __future__ import annotations

from flask import Blueprint

from app.web.guard import declare_action
from app.web.language import PREFIX

blueprint = Blueprint("standard", __name__, url_prefix=PREFIX)
declare_action(blueprint, "read")
