"""A bundle of measures in words, for pages, files and reports."""

from __future__ import annotations

from app.funding.bundles import RETROFIT
from app.funding.catalogue import default_catalogue
from app.i18n.catalogue import translator
from app.i18n.marks import N_

FULL_RETROFIT = N_("Full seismic strengthening")


def measure_text(code: str, language: str) -> str:
    """Return one measure in words; a code that the catalogue does not know stays as it is."""
    if code == RETROFIT:
        return translator(language)(FULL_RETROFIT)
    found = default_catalogue().interventions.get(code)
    return found.names[language] if found else code


def bundle_text(bundle: str, language: str) -> str:
    """Return a bundle in words, its measures one after another."""
    return "; ".join(measure_text(code, language) for code in bundle.split("+"))
