"""The blueprint of forms for the field, which its modules share."""

from __future__ import annotations

from flask import Blueprint

from app.web.guard import declare_action
from app.web.language import PREFIX

blueprint = Blueprint("field", __name__, url_prefix=f"{PREFIX}/field")
declare_action(blueprint, "edit")
