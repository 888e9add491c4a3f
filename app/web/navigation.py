"""The menu, and what every page's frame needs: run, icons, names; one list, so that no page is forgotten."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app, g, request, url_for

from app.exports.words import CONFIDENCE, GRADE_MEANINGS, GRADE_WORDS
from app.i18n.marks import N_
from app.i18n.names import local_name, name_with_language
from app.i18n.phones import phone_text
from app.permissions import Action
from app.web import addresses
from app.web.addresses import address_of
from app.web.guard import allowed
from app.web.language import current_language
from app.web.past_day import day_shown
from app.web.revisions.standing import waiting_tasks
from app.web.shown_run import is_sample, shown_run


@dataclass(frozen=True)
class Entry:
    """One entry of the menu: where it leads, what it is called, and who sees it."""

    endpoint: str
    label: str
    action: Action = "read"
    also: tuple[str, ...] = ()
    counts_tasks: bool = False

    @property
    def blueprints(self) -> tuple[str, ...]:
        """Blueprints whose pages stand under this entry."""
        return (self.endpoint.partition(".")[0], *self.also)


MENU: tuple[Entry, ...] = (
    Entry("map.index", N_("Map")),
    Entry("areas.index", N_("Areas"), also=("winter",)),
    Entry(
        "priorities.index",
        N_("Priorities"),
        also=("schools", "school_money", "official", "workbench", "survey", "appeals", "deviations"),
    ),
    Entry("scenarios.index", N_("Scenario events")),
    Entry("money.index", N_("Money"), also=("pipeline", "grants", "measures", "plans")),
    Entry("standard.index", N_("Standard")),
    Entry("method.index", N_("Method"), also=("priors", "parameters")),
    Entry("data.index", N_("Data"), also=("quality", "claims", "conflicts")),
    Entry("imports.index", N_("Files in"), action="import"),
    Entry("field.index", N_("Field forms"), action="edit"),
    Entry("field_servers.index", N_("Servers of forms"), action="administer"),
    Entry("work.locations", N_("Doubtful places"), action="see"),
    Entry("administration.index", N_("Accounts"), action="administer"),
    Entry("audit.index", N_("Audit"), action="audit"),
    Entry("assess.index", N_("Assess"), action="edit"),
    Entry("campaigns.index", N_("Campaigns"), action="verify"),
    Entry("revisions.inbox", N_("My tasks"), action="work", also=("verification",), counts_tasks=True),
)

NOT_IN_MENU: dict[str, str] = {
    "home": "the brand leads there",
    "schools": "reached from lists, maps and search",
    "accounts": "the foot leads to signing in",
    "links": "reached by the one-time link that an administrator hands over",
    "account": "the foot leads there who is signed in",
    "openid": "reached from signing in, where a provider is configured",
    "keys": "reached from one's own account",
    "jobs": "reached from the work that one has started",
    "exports": "files, reached from the pages that they are about",
    "evidence": "reached from the school that it is about",
}
"""Blueprints with pages and without an entry, each with the reason (a test reads this)."""


@dataclass(frozen=True)
class Link:
    """An entry as this reader sees it."""

    label: str
    address: str
    is_here: bool
    tasks: int | None = None
    """What waits there."""
    is_own: bool = False
    """Only for people with an account: in the menu alone where the header has no room."""


def links() -> list[Link]:
    """Return the menu of this request: entries that exist here and that this reader may use."""
    here = request.blueprint or ""
    found = []
    for entry in MENU:
        if entry.endpoint not in current_app.view_functions or not allowed(entry.action):
            continue
        tasks = waiting_tasks() if entry.counts_tasks else None
        if tasks is not None or not entry.counts_tasks:
            is_here, is_own = here in entry.blueprints, entry.action != "read"
            found.append(Link(entry.label, address_of(entry.endpoint), is_here, tasks, is_own))
    return found


def has_page(endpoint: str) -> bool:
    """Return whether this installation has the page; templates ask before they link."""
    return endpoint in current_app.view_functions


def icon_address(name: str) -> str:
    """Return the address of one symbol of the icon file."""
    if "icon_file" not in g:
        g.icon_file = url_for("static", filename="icons.svg")
    return f"{g.icon_file}#{name}"


NUMBER_SIGN = re.compile(r"(№|No\.) (\d)")


def _name(record: Any, field: str = "name") -> str:
    """Return the name for a page: "№" and "No." keep the number that follows on their line."""
    return NUMBER_SIGN.sub("\\1\u00a0\\2", local_name(record, current_language(), field))


def _plain(value: float) -> str:
    """Return a constant with all its digits and no exponent: 0,0000001."""
    text = f"{value:.10f}".rstrip("0").rstrip(".")
    return text if current_language() == "en" else text.replace(".", ",")


def init_app(app: Flask) -> None:
    """Give templates the menu, addresses, the run, the icons and the filter ``|name``."""
    addresses.init_app(app)
    app.jinja_env.globals.update(
        menu_links=links,
        has_page=has_page,
        icon_address=icon_address,
        shown_run=shown_run,
        is_sample=is_sample,
        day_shown=day_shown,
        named=name_with_language,
        CONFIDENCE=CONFIDENCE,
        GRADE_MEANINGS=GRADE_MEANINGS,
        GRADE_WORDS=GRADE_WORDS,
    )
    app.jinja_env.filters.update(name=_name, plain=_plain, phone=phone_text)
