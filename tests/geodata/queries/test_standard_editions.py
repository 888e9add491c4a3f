"""The shipped edition in the database: added once, completed once, never changed; what people brought in stays."""

from __future__ import annotations

from copy import deepcopy
from datetime import date

import pytest
from sqlalchemy import select, text

from geodata.models import Assessment, Criterion, CriterionGuidance, StandardEdition
from geodata.queries import standard_editions
from geodata.readers.standard import edition_sha256, read_edition
from geodata.records.standard import GUIDANCE_FIELDS, RESPONSIBILITY_FIELDS
from tests.factories.schools import make_school

STATED = {
    "requirement_level": "mandatory", "requirement_status": "proposal", "responsible_body": "school",
    "co_owner": "none", "owing_budget": "local", "budget_status": "proposal", "shelf_life_months": 12,
    "shelf_life_status": "proposal", "cap_status": "proposal", "reason_ky": "к", "reason_ru": "р", "reason_en": "e",
}  # fmt: skip


@pytest.fixture(scope="module")
def shipped():
    """The edition with everything stated, as two small domains of it."""
    edition = read_edition()
    edition["criteria"] = [row | STATED for row in edition["criteria"] if row["domain_code"] in ("STR", "SEC")]
    edition["domains"] = [row for row in edition["domains"] if row["code"] in ("STR", "SEC")]
    edition["sha256"] = edition_sha256(edition)
    return edition


@pytest.fixture
def earlier(session, shipped):
    """The same edition as it was stored before anybody stated who answers for it, already in use."""
    old = deepcopy(shipped)
    for row in old["criteria"]:
        row |= dict.fromkeys(RESPONSIBILITY_FIELDS)
    edition_id = standard_editions.add_edition(session, old | {"sha256": "hash of the files"})
    school = make_school(session)
    session.add(Assessment(school_id=school.id, edition_id=edition_id, kind="self", assessed_on=date(2026, 5, 1)))
    session.flush()
    return edition_id


def sha256(session):
    return session.scalars(select(StandardEdition.sha256)).one()


def test_the_hash_of_the_rows_is_the_hash_of_the_files(session, shipped):
    edition_id = standard_editions.add_edition(session, shipped)

    assert standard_editions.set_hash(session, edition_id) == shipped["sha256"]
    assert session.scalars(select(StandardEdition.is_current)).one()


def test_an_edition_in_use_is_completed_once_and_then_stays(session, shipped, earlier):
    assert standard_editions.add_edition(session, shipped) == earlier
    session.expire_all()
    assert sha256(session) == shipped["sha256"]
    assert set(session.scalars(select(Criterion.responsible_body))) == {"school"}
    assert standard_editions.add_edition(session, shipped) == earlier
    with pytest.raises(ValueError, match="needs a new edition"):
        standard_editions.add_edition(session, shipped | {"sha256": "another"})


@pytest.mark.parametrize("change", [{"text_ky": "Башка"}, {"weight": 1.5}, {"cap": 99.0}, {"details": {}}])
def test_other_content_is_never_taken_for_completion(session, shipped, earlier, change):
    other = deepcopy(shipped)
    other["criteria"][0] |= change
    other["sha256"] = edition_sha256(other)

    with pytest.raises(ValueError, match="needs a new edition"):
        standard_editions.add_edition(session, other)
    assert sha256(session) == "hash of the files"


def test_shipped_guidance_gives_way_to_what_people_brought_in(session, shipped):
    edition_id = standard_editions.add_edition(session, shipped)
    first, second = (shipped["criteria"][at]["code"] for at in (0, 1))
    texts = {name: f"shipped {name}" for name in GUIDANCE_FIELDS} | {"status": "proposal"}
    standard_editions.add_guidance(session, edition_id, {first: texts, second: texts, "X-99": texts})
    session.execute(
        text("""
            UPDATE criterion_guidance SET check_ky = 'ours', batch_id = 7
            FROM criterion WHERE criterion.id = criterion_id AND criterion.code = :code
        """),
        {"code": first},
    )

    newer = texts | {"check_ky": "newer"}
    standard_editions.add_guidance(session, edition_id, {first: newer, second: newer})

    session.expire_all()
    found = session.execute(
        select(Criterion.code, CriterionGuidance.check_ky)
        .join(Criterion, Criterion.id == CriterionGuidance.criterion_id)
        .order_by(Criterion.position)
    )
    assert [tuple(row) for row in found] == [(first, "ours"), (second, "newer")]
