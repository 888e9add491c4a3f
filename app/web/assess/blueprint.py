"""The blueprint of assessing; its routes stand in modules of their own."""

from __future__ import annotations

from flask import Blueprint

from app.web.guard import declare_action
from app.web.language import PREFIX

blueprint = Blueprint("assess", __name__, url_prefix=PREFIX)
declare_action(blueprint, "see")
