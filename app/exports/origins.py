"""Where the data of a file come from, in the language of the file."""

from __future__ import annotations

from collections.abc import Iterable

from app.i18n.catalogue import Translate
from app.i18n.marks import N_
from geodata.records.list_file import ListSource

OUTLINES = N_("Outlines of areas")


def source_title(source: ListSource, say: Translate) -> str:
    """Return what a source tells about: outlines or the name of a layer."""
    return say(OUTLINES) if source.kind == "boundaries" else say(source.title)


def origin_lines(sources: Iterable[ListSource], say: Translate) -> list[str]:
    """Return one line an origin, "what, what: who"; origins that our own manifests name are translated.

    Several layers of one origin share a line, in the order in which they came; sources that name nobody are left out.
    """
    groups: dict[str, list[str]] = {}
    for source in sources:
        if source.publisher:
            titles = groups.setdefault(source.publisher, [])
            if (title := source_title(source, say)) not in titles:
                titles.append(title)
    return [f"{', '.join(titles)}: {say(publisher)}" for publisher, titles in groups.items()]
