"""The blueprint of changes: for people with an account; what they may do at a school is asked there."""

from __future__ import annotations

from flask import Blueprint

from app.web.guard import declare_action
from app.web.language import PREFIX

blueprint = Blueprint("revisions", __name__, url_prefix=PREFIX)
declare_action(blueprint, "work")
