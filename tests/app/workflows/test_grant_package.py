"""The grant package: whose it is, what never goes in, sums to the som, and what is missing told as missing."""

from __future__ import annotations

import dataclasses
import io
import re

import openpyxl
import pytest
from PIL import Image

from app.exports import grant
from app.exports.formats.grant_package import package_data, write_pdf, write_xlsx
from app.exports.grant import GrantMoney
from app.workflows.evidence_files import keep
from app.workflows.grant_package import (
    GrantChoiceError,
    NotRankedError,
    choices,
    own_schools,
    pack_grant,
    public_photos,
    read_wish,
)
from app.workflows.pictures import Copy
from app.workflows.revise_errors import OutsideTerritoryError
from geodata.models import Criterion, DomainResult, Run, StandardDomain
from geodata.readers.grants import read_budget_year, read_grant_fields, read_share_examples
from tests.factories.officers import become, make_officer, make_two_rayons
from tests.factories.plans import make_offer
from tests.factories.runs import make_result, make_run
from tests.factories.stored_plans import make_plan

COST = 3_700_002


@pytest.fixture
def place(session):
    made = make_two_rayons(session)
    run = make_run(session, is_synthetic=True)
    make_result(session, run, made.own, 1, oblast_id=made.oblast.id, pupils=812, shifts=2, seats=None)
    make_result(session, run, made.foreign, 2, oblast_id=made.oblast.id)
    make_offer(session, run, made.own, "FIRE", cost_som=COST)
    make_offer(session, run, made.own, "REP", cost_som=None)
    return made


@pytest.fixture
def run(session, place):
    return session.query(Run).one()


def packed(session, run, place, bundle="FIRE", share="", language="en"):
    chosen, wish = read_wish(choices(session, run, place.own.id, language), bundle, share, "2027")
    return pack_grant(session, run, place.own.code, chosen, wish, language, address="https://a.kg/school")


def add_requirement(session, run, place, code, field_class):
    names = {"name_ky": "Өрт", "name_ru": "Пожар", "name_en": "Fire"}
    domain = session.query(StandardDomain).filter_by(edition_id=run.edition_id, code="FIRE").one_or_none()
    if domain is None:
        domain = StandardDomain(edition_id=run.edition_id, code="FIRE", position=1, **names)
        session.add(domain)
        session.flush()
    session.add(
        Criterion(
            edition_id=run.edition_id, domain_code="FIRE", code=code, position=1, text_ky=f"{code} ky",
            text_ru=f"{code} ru", text_en=f"{code} en", scope="school", weight=1.0, is_critical=field_class == "public",
            grouping="core", field_class=field_class,
        )
    )  # fmt: skip
    session.flush()


def test_a_local_body_packs_for_its_own_schools_and_for_no_others(session, run, place):
    become(session, make_officer(session, "local_body", area=place.aimak))

    rows, total = own_schools(session, run, None, 50, 0)

    assert ([row.code for row in rows], total) == ([place.own.code], 1)
    assert [one.bundle for one in choices(session, run, place.own.id, "ky")] == ["FIRE", "REP"]
    with pytest.raises(OutsideTerritoryError):
        choices(session, run, place.foreign.id, "ky")
    become(session, None)
    assert own_schools(session, run, None, 50, 0) == ([], 0)
    with pytest.raises(OutsideTerritoryError):
        choices(session, run, place.own.id, "ky")


def test_the_plan_s_measures_come_first_with_its_cost_and_hash(session, run, place):
    plan = make_plan(session, run, [(place.own, "FIRE", 5_000_000, {})], proposal_share=0.2)

    found = choices(session, run, place.own.id, "ky")

    assert [(one.bundle, one.cost_som, one.plan_hash) for one in found] == [
        ("FIRE", 5_000_000, plan.hash), ("REP", None, None),
    ]  # fmt: skip
    assert not found[0].is_draft


def test_the_own_share_is_rounded_up_once_and_the_parts_are_the_whole():
    """Talas: 740 000 of 3 700 002 som is 20 percent, rounded up to 740 001 here: never less than the share."""
    for cost in (COST, 1, 99, 100, 10**13 + 7):
        for share in range(91):
            money = GrantMoney(cost, share)
            assert money.own_som + money.grant_som == cost
            assert money.own_som * 100 >= cost * share > (money.own_som - 1) * 100
    assert GrantMoney(COST, 20).own_som == 740_001
    assert GrantMoney(None, 20).own_som is None


def test_what_is_unknown_is_named_and_never_a_number(session, run, place):
    made = packed(session, run, place, "REP")

    missing = grant.missing(made)
    data = package_data(made)
    assert [row[1] for row in data["money"]] == ["Unknown"] * 3
    assert ["Design seats", "Unknown"] in data["people"]
    assert "Beneficiaries: Design seats" in missing
    assert {"Design and estimate documents", "Photos of the present state"} <= set(missing)
    assert any("order of magnitude" in one for one in missing)
    unknown = [step for step in read_budget_year() if step.status == "unknown"]
    assert unknown
    assert {step.when_en for step in unknown} == {"the day is not known"}


def test_requirements_of_the_protection_group_never_go_in(session, run, place):
    add_requirement(session, run, place, "FIRE-03", "public")
    add_requirement(session, run, place, "SEC-01", "restricted")
    bounds = {"index_lower": 1, "index_central": 2, "index_upper": 3, "completeness": 1}
    session.add(
        DomainResult(run_id=run.id, school_id=place.own.id, domain_code="FIRE", failed=["FIRE-03", "SEC-01"], **bounds)
    )
    session.flush()

    made = packed(session, run, place)

    assert [row[0] for row in grant.failed(made)] == ["FIRE-03"]
    assert "SEC-01" not in str(package_data(made))


@pytest.mark.parametrize("language", ["ky", "ru", "en"])
def test_the_files_are_for_everybody_and_say_the_same(session, run, place, language):
    made = packed(session, run, place, language=language)

    pdf, book = write_pdf(made), openpyxl.load_workbook(io.BytesIO(write_xlsx(made)))

    assert re.search(rb"/MarkInfo\s*<<\s*/Marked true", pdf)
    assert b"pdfuaid" in pdf
    cells = [[cell.value for cell in row] for row in book.worksheets[0].iter_rows()]
    amounts = {row[0]: row[1] for row in cells if isinstance(row[1], int)}
    told = grant.money_rows(made)
    assert [amounts[label] for label, _amount, _note in told] == [COST, 740_001, COST - 740_001]
    assert len(book.worksheets) == 5
    assert not any(cell.data_type == "f" for sheet in book for row in sheet.iter_rows() for cell in row)


def test_a_photo_leaves_behind_what_the_camera_wrote(session, run, place, tmp_path, monkeypatch):
    out, exif = io.BytesIO(), Image.Exif()
    exif[0x010F] = "SECRET CAMERA"
    Image.new("RGB", (1600, 900), "red").save(out, "JPEG", exif=exif)
    name = keep(tmp_path, Copy(out.getvalue()))
    facts = {"kind": "photo", "public_sha256": name, "title": "The wall", "taken_on": None}
    one = type("Facts", (), facts)
    gone = type("Facts", (), facts | {"public_sha256": "0" * 64})
    paper = type("Facts", (), facts | {"kind": "document", "public_sha256": None})
    asked = {}
    monkeypatch.setattr(
        "app.workflows.grant_package.evidence.of_school",
        lambda _session, _school, **wish: asked.update(wish) or [gone, paper, one],
    )

    found = public_photos(session, place.own.id, tmp_path)

    assert asked == {"published_only": True}
    assert [photo.title for photo in found] == ["The wall"]
    assert b"SECRET" not in found[0].jpeg
    with Image.open(io.BytesIO(found[0].jpeg)) as picture:
        assert max(picture.size) <= 720
        assert not picture.getexif()
    printed = write_pdf(dataclasses.replace(packed(session, run, place), photos=tuple(found)))
    assert printed.count(b"/Subtype /Image") >= 1 or b"/Image" in printed
    assert b"SECRET" not in printed
    assert "Photos of the present state" not in grant.missing(
        dataclasses.replace(packed(session, run, place), photos=tuple(found))
    )


@pytest.mark.parametrize(
    ("wish", "field"), [(("HEAT", "20", "2027"), "bundle"), (("FIRE", "91", "2027"), "share"),
                        (("FIRE", "2.5", "2027"), "share"), (("FIRE", "20", "1999"), "year")],
)  # fmt: skip
def test_a_choice_that_cannot_be_is_named(session, run, place, wish, field):
    with pytest.raises(GrantChoiceError) as refused:
        read_wish(choices(session, run, place.own.id, "ky"), *wish)

    assert refused.value.field == field


def test_a_school_outside_the_ranking_has_no_package(session, run, place):
    offered = choices(session, run, place.own.id, "ky")
    chosen, wish = read_wish(offered, "", "", "2027")

    with pytest.raises(NotRankedError):
        pack_grant(session, run, "no such school", chosen, wish, "ky", address="")


def test_the_reference_has_sources_and_three_languages():
    for one in (*read_share_examples(), *read_budget_year(), *read_grant_fields()):
        assert all(value != "" for name, value in one._asdict().items() if name != "url"), one
    assert {one.share_pct for one in read_share_examples()} == {20}
