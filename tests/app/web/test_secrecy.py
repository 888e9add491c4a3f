"""Canaries: what is not public is planted, and then every readable address is asked for it as a visitor.

The same crawl as operator finds what an operator may see, so that a crawl that finds nothing means something.
"""

from __future__ import annotations

import secrets
from datetime import date
from itertools import product
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from app.exports.exporter import load_exporters
from app.workflows import manage_accounts
from geodata.database import make_engine, open_session, set_scope
from geodata.models import (
    Answer,
    Assessment,
    AuditEvent,
    Building,
    BuildingResult,
    Criterion,
    DomainResult,
    Exposure,
    ExposureRun,
    HazardFeature,
    HazardLayer,
    ImportBatch,
    ImportProblem,
    RestrictedAnswer,
    SchoolArea,
)
from geodata.records.rights import NO_RIGHTS
from tests.factories.ranked_country import make_ranked_country
from tests.factories.runs import make_result, make_run
from tests.factories.schools import make_school
from tests.support.importing import PASSWORD
from tests.support.reading_files import all_text
from tests.support.rights import EVERYTHING
from tests.support.web import sign_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask
    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session

    from tests.factories.ranked_country import RankedCountry

CANARY = "q7zx"
"""Part of every planted text; no question of the crawl holds it, so that an echo is no find."""

RESTRICTED, LAYER, SCHOOL, RUN, FILE, DRAFT = (
    f"{name}-{CANARY}" for name in ("restricted", "layer", "school", "run", "file", "draft")
)
VALUE = 91827364.5
POLYGON = "SRID=4326;POLYGON((74 42, 76 42, 76 43, 74 43, 74 42))"
QUERIES = ("", "hazard=landslide&level=1", "q=school", "q=layer", "grade=E&sort=pupils&desc=1", "layers=layer")


@pytest.fixture
def made(session) -> RankedCountry:
    country = make_ranked_country(session)
    _plant_restricted(session, country)
    _plant_layer(session, country)
    _plant_unpublished(session, country)
    session.flush()
    return country


def _plant_restricted(session: Session, country: RankedCountry) -> None:
    """A restricted answer, and results into which a faulty program let a restricted criterion slip."""
    visit = session.query(Assessment).filter_by(school_id=country.worst.id).one()
    criterion = session.query(Criterion).filter_by(edition_id=country.run.edition_id, code="SEC-01").one()
    session.add(
        RestrictedAnswer(assessment_id=visit.id, criterion_id=criterion.id, state="fails", value=VALUE, note=RESTRICTED)
    )
    draft = Assessment(
        school_id=country.worst.id, edition_id=country.run.edition_id, kind="verification",
        assessed_on=date(2026, 1, 1), assessor=DRAFT, status="draft",
    )  # fmt: skip
    session.add(draft)
    session.flush()
    public = session.query(Criterion).filter_by(edition_id=country.run.edition_id, code="STR-02").one()
    session.add(Answer(assessment_id=draft.id, criterion_id=public.id, state="fails", note=DRAFT))


def _plant_layer(session: Session, country: RankedCountry) -> None:
    layer = HazardLayer(
        code=LAYER, version=1, hazard="landslide", kind="polygon", data_sha256=LAYER, is_current=True, is_public=False,
        manifest={"code": LAYER, "title": LAYER, "source": {"publisher": LAYER, "licence": "not stated"}},
    )  # fmt: skip
    session.add(layer)
    session.flush()
    session.add(HazardFeature(layer_id=layer.id, geom=POLYGON, geom_low=POLYGON, level=4, name=LAYER))
    run = ExposureRun(layer_id=layer.id, input_sha256=LAYER, is_current=True)
    session.add(run)
    session.flush()
    session.add(Exposure(run_id=run.id, school_id=country.worst.id, level=4, value=VALUE, status="measured"))


def _plant_unpublished(session: Session, country: RankedCountry) -> None:
    """A school that was taken back after the run, a run that was not published, a file that somebody sent."""
    names = {"name_ky": SCHOOL, "name_ru": SCHOOL, "name_en": SCHOOL}
    school = make_school(session, code=SCHOOL, is_published=False, lon=74.61, **names)
    make_result(session, country.run, school, 3, grade="E", pupils=77, oblast_id=country.oblast.id)
    for area in (country.country, country.oblast, country.rayon, country.aimak):
        session.add(SchoolArea(school_id=school.id, area_id=area.id, level=area.level))
    building = Building(code=f"{SCHOOL}-1", school_id=school.id, name=SCHOOL, is_published=False)
    session.add(building)
    session.flush()
    session.add(
        BuildingResult(run_id=country.run.id, building_id=building.id, school_id=school.id, red_flags=["STR-02"])
    )
    session.add(
        DomainResult(
            run_id=country.run.id,
            school_id=school.id,
            domain_code="STR",
            completeness=1,
            failed=["STR-02"],
            index_lower=1,
            index_central=1,
            index_upper=1,
        )
    )
    hidden = make_run(session, "9" * 64, published=False, canonical=RUN, code_version=RUN)
    make_result(session, hidden, country.worst, 1, red_flags=[RUN])
    batch = ImportBatch(kind="schools", file_name=FILE, file_sha256=FILE, file_bytes=1, status="checked", source=FILE)
    session.add(batch)
    session.flush()
    session.add(ImportProblem(batch_id=batch.id, row_number=1, code="missing", severity="error", value=FILE))
    session.add(AuditEvent(tag="test", subject=FILE))


def addresses(app: Flask, country: RankedCountry) -> Iterator[str]:
    """Yield an address for every GET rule and every sensible value of its parameters."""
    values = {
        "lang": ("ky", "ru", "en"),
        "batch_id": ("1",),
        "extension": ("csv", "xlsx"),
        "run_hash": (country.run.hash, country.run.hash[:12], "9" * 64),
        "ext": tuple(load_exporters()),
        "token": ("none",),
        "name": ("schools", "areas", "flood_test", LAYER),
        "feature_id": (country.worst.code, SCHOOL, "1"),
        "layer": ("schools", "areas", "base", "flood_test", LAYER),
        "z": ("5", "9"),
        "filename": ("favicon.svg",),
    }
    codes = {
        "schools": (country.worst.code, country.unknown.code, SCHOOL),
        "areas": tuple(area.code for area in (country.country, country.oblast, country.rayon, country.former)),
        "editions": (f"test-{country.run.hash[:8]}",),
    }
    tiles = {"5": ("22", "11"), "9": ("362", "188")}
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()):
            continue
        names = sorted(rule.arguments - {"x", "y"})
        kind = next((part for part in codes if f"/{part}/" in rule.rule), "")
        for chosen in product(*(codes[kind] if name == "code" else values[name] for name in names)):
            given = dict(zip(names, chosen, strict=True))
            if "z" in given:
                given["x"], given["y"] = tiles[given["z"]]
            yield app.url_map.bind("localhost").build(rule.endpoint, given) if rule.arguments else rule.rule


def crawl(client: FlaskClient, app: Flask, country: RankedCountry) -> dict[str, tuple[int, str]]:
    """Ask every address with every question; return status and text of the answers by address."""
    found = {}
    for address in addresses(app, country):
        is_other_language = address.startswith(("/ru/", "/en/"))
        questions = ("",) if is_other_language else (*QUERIES, f"area={country.oblast.code}", "run=" + "9" * 64)
        for query in questions:
            full = f"{address}?{query}" if query else address
            answer = client.get(full)
            assert answer.status_code < 500 or address == "/readyz", (full, answer.text)
            found[full] = answer.status_code, all_text(answer.data) + str(answer.headers)
    return found


def test_no_address_shows_a_visitor_what_is_not_public(app, client, made):
    found = crawl(client, app, made)

    named = {address: status for address, (status, _text) in found.items() if CANARY in address}
    assert len(named) > 20
    assert set(named.values()) <= {400, 404}
    others = {address: text for address, (_status, text) in found.items() if CANARY not in address}
    assert [address for address, text in others.items() if CANARY in text or str(VALUE) in text] == []
    assert sum("Чолпон" in text for text in others.values()) > 50
    naming = {address for address, text in others.items() if "SEC-01" in text}
    assert [address for address in naming if "/standard" not in address] == []
    assert naming, "the restricted requirement stands in the public Standard, its answers nowhere"


@pytest.fixture
def operator(database) -> str:
    """The name of an operator account of this test's own."""
    name = f"op{secrets.token_hex(4)}"
    engine = make_engine(database.url("mektep_worker"))
    with open_session(engine, "national") as session:
        manage_accounts.add_account(session, name, PASSWORD)
    engine.dispose()
    return name


def test_the_same_crawl_shows_an_operator_what_was_planted(app, client, made, operator):
    assert sign_in(client, operator, PASSWORD).status_code == 303

    found = crawl(client, app, made)

    shown = "\n".join(text for _status, text in found.values())
    for planted in (LAYER, SCHOOL, RUN, FILE):
        assert planted in shown, planted
    assert RESTRICTED not in shown


def test_the_database_alone_shows_the_public_scope_none_of_it(made, session):
    tables = session.scalars(
        text("""
            SELECT relname FROM pg_class
            WHERE relkind IN ('r', 'p') AND relrowsecurity AND relnamespace = 'public'::regnamespace
        """)
    ).all()

    def holding(scope: str) -> set[str]:
        set_scope(session, scope, rights=EVERYTHING if scope == "national" else NO_RIGHTS)
        question = "SELECT EXISTS (SELECT FROM {0} WHERE {0}::text LIKE '%{1}%')"
        found = {name for name in tables if session.scalar(text(question.format(name, CANARY)))}
        set_scope(session, "national", rights=EVERYTHING)
        return found

    assert holding("public") == set()
    assert holding("none") == set()
    assert holding("national") >= {
        "restricted_answer", "answer", "assessment", "school", "building", "hazard_layer", "hazard_feature",
        "exposure_run", "run", "import_batch", "import_problem", "audit_event",
    }  # fmt: skip
