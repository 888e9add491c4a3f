"""Which browser on which system, in two words, for the list of one's own signed-in browsers."""

from __future__ import annotations

BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("YaBrowser", "Yandex Browser"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)
"""The first mark that stands in the browser's own description counts: later ones are claimed by many."""


def browser_name(description: str) -> str | None:
    """Return ``Firefox, Linux``, one of the two where the other is not told, None where neither is."""
    found = (next((name for mark, name in marks if mark in description[:500]), None) for marks in (BROWSERS, SYSTEMS))
    return ", ".join(name for name in found if name) or None
