"""Ask every readable address of the application, with every sensible value of its parameters."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

from app.exports.exporter import load_exporters
from tests.factories.canaries import OWN, STATE, mark
from tests.support.reading_files import all_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from flask import Flask
    from flask.testing import FlaskClient
    from werkzeug.routing import Rule

    from tests.factories.canaries import Country

QUERIES = ("", "hazard=landslide&level=1", "q=school", "q=layer", "grade=E&sort=pupils&desc=1", "layers=layer")
HIDDEN_RUN = "9" * 64


def choices_of(rule: Rule) -> dict[str, str]:
    """Return the first choice of each part of an address that allows a few words only."""
    listed = {name: getattr(one, "items", None) for name, one in rule._converters.items()}
    return {name: min(words) for name, words in listed.items() if words}


def addresses(app: Flask, country: Country, languages: Sequence[str]) -> Iterator[str]:
    """Yield an address for every GET rule and every sensible value of its parameters.

    A parameter without values here is a KeyError: a new kind of address has to be told of.
    """
    ranked, own = country.ranked, country.places[OWN]
    layer, hidden = mark("layer", STATE), own.hidden.code
    values = {
        "lang": tuple(languages),
        "batch_id": (str(country.batch.id),),
        "building": tuple(f"{place.hidden.code}-1" for place in country.places.values()),
        "number": country.changes,
        "submission_id": country.submissions,
        "which": ("schools", "blocks"),
        "school": (ranked.worst.code, own.hidden.code),
        "position": (str(country.link),),
        "visit_id": country.visits,
        "survey_id": country.surveys,
        "key": ("none",),
        "evidence_id": country.evidence,
        "copy": ("thumbnail", "shown", "original"),
        "domain": ("STR",),
        "account_id": ("1",),
        "assessment_id": country.visits,
        "campaign_id": country.campaigns,
        "extension": ("csv", "xlsx"),
        "what": ("areas", "schools"),
        "plan_hash": ("f" * 64, "f" * 12),
        "run_hash": (ranked.run.hash, ranked.run.hash[:12], HIDDEN_RUN),
        "ext": tuple(load_exporters()),
        "token": ("none",),
        "name": ("schools", "areas", "flood_test", "fragility", layer),
        "feature_id": (ranked.worst.code, hidden, "1"),
        "layer": ("schools", "areas", "base", "flood_test", layer),
        "z": ("5", "9"),
        "filename": ("favicon.svg",),
        "table": ("types", "answers"),
    }
    values |= {"edition": (f"test-{ranked.run.hash[:8]}",), "criterion": ("STR-02", "SEC-01")}
    codes = {
        "schools": (ranked.worst.code, ranked.unknown.code, *(place.hidden.code for place in country.places.values())),
        "areas": tuple(area.code for area in (ranked.country, ranked.oblast, ranked.rayon, ranked.former)),
        "editions": (f"test-{ranked.run.hash[:8]}",),
        "scenarios": (mark("scenario", STATE),),
        "measures": ("M01",),
    }
    tiles = {"5": ("22", "11"), "9": ("362", "188")}
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()):
            continue
        names = sorted(rule.arguments - {"x", "y"} - set(rule.defaults or ()))
        kind = next((part for part in codes if f"/{part}/" in rule.rule), "")
        for chosen in product(*(codes[kind] if name == "code" else values[name] for name in names)):
            given = dict(zip(names, chosen, strict=True))
            if "z" in given:
                given["x"], given["y"] = tiles[given["z"]]
            yield app.url_map.bind("localhost").build(rule.endpoint, given) if rule.arguments else rule.rule


def crawl(
    client: FlaskClient, app: Flask, country: Country, *, is_thorough: bool = False
) -> dict[str, tuple[int, str]]:
    """Ask every address; return status and text (of files too) of the answers by address.

    ``is_thorough`` asks in three languages, and each Kyrgyz address with every question.
    """
    found = {}
    for address in addresses(app, country, ("ky", "ru", "en") if is_thorough else ("ky",)):
        is_other_language = address.startswith(("/ru/", "/en/"))
        more = (*QUERIES, f"area={country.ranked.oblast.code}", f"run={HIDDEN_RUN}")
        for query in more if is_thorough and not is_other_language else ("",):
            full = f"{address}?{query}" if query else address
            answer = client.get(full)
            assert answer.status_code < 500 or address == "/readyz", (full, answer.text)
            found[full] = answer.status_code, all_text(answer.data) + str(answer.headers)
    return found
