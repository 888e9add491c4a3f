"""What a run's canonical text says went in: named rows for the page, and the hazard layers of that run."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _

from app.exports.words import HAZARD_LABELS
from app.i18n.marks import N_

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geodata.queries.hazards import LayerVersion

LABELS = {
    "schema": N_("Form of the text"),
    "edition": N_("Edition (code and hash)"),
    "inputs": N_("Records (hash of each table)"),
    "parameters": N_("Parameters of the method"),
    "priors": N_("Table of priors (number, and edition of its requirements)"),
    "catalogue": N_("Catalogue of measures (costs stated by people, and the hash of what was in force)"),
    "code": N_("Program"),
}
"""Parts of the canonical text that the page shows in a row of their own; the rest has a section of its own."""


@dataclass(frozen=True)
class RunLayer:
    """One hazard layer as the run used it. ``title`` is a msgid; ``newer`` is the version in force, if a later one."""

    code: str
    title: str
    version: int
    data_sha256: str
    licence: str | None
    newer: int | None


def read_canonical(text: str) -> dict[str, Any]:
    """Return the canonical text as a mapping; empty when it is not JSON (runs of another program)."""
    try:
        content = json.loads(text)
    except ValueError:
        return {}
    return content if isinstance(content, dict) else {}


def run_layers(canonical: dict[str, Any], current: Sequence[LayerVersion]) -> list[RunLayer]:
    """Return the layers that the run names, in order of codes; titles and licences from the versions in force."""
    known = {layer.code: layer for layer in current}
    found = []
    for code, facts in sorted((canonical.get("layers") or {}).items()):
        layer, version = known.get(code), int(facts["version"])
        manifest = layer.manifest if layer else {}
        found.append(
            RunLayer(
                code,
                str(manifest.get("title") or code),
                version,
                str(facts["data"]),
                (manifest.get("source") or {}).get("licence"),
                layer.version if layer and layer.version > version else None,
            )
        )
    return found


def hazards_without_layer(canonical: dict[str, Any]) -> list[str]:
    """Return the msgids of the scheme's hazards for which the run had no layer."""
    return [HAZARD_LABELS.get(code, code) for code in canonical.get("hazards_without_layer") or ()]


def named_inputs(canonical: dict[str, Any]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return (label, rows) of the parts in ``LABELS``; a row is a name (may be empty) and a hash or text."""
    rows = []
    for key, label in LABELS.items():
        value = canonical.get(key)
        if value is None:
            continue
        parts = sorted(value.items()) if isinstance(value, dict) else [("", value)]
        rows.append((_(label), [(str(name), str(part)) for name, part in parts]))
    return rows
