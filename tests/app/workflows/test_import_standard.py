"""An edition as a file: checked, taken in, taken back, exported and taken in again; used editions stay as they are."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest
from sqlalchemy import select, text

from app.exports.standard_list import standard_csv, standard_xlsx
from app.workflows.import_check import check_within, open_file
from app.workflows.import_commit import commit_within
from app.workflows.import_options import Folders, ImportOptions, UndoRefusedError, keep_file
from app.workflows.import_undo import undo_within
from geodata.models import Assessment, Criterion, CriterionGuidance, StandardDomain, StandardEdition
from geodata.queries import imports, standard_editions
from geodata.records.standard import FIELDS
from tests.factories.schools import make_school
from tests.factories.standard import edition_rows


@pytest.fixture
def take(session, tmp_path):
    """Check a file and, unless ``dry``, take it in; returns the batch."""

    def run(rows=None, *, content=None, name="edition.csv", dry=False, accept=False):
        folders = Folders(tmp_path / "uploads", tmp_path / "geodata")
        sent = content if content is not None else standard_csv("2027", rows)
        kept = keep_file(folders.uploads, io.BytesIO(sent), name)
        options = ImportOptions("standard")
        summary = check_within(session, open_file(kept, options), options)
        if dry or summary.status != "checked":
            return summary
        return commit_within(session, summary.id, folders, accept_good_rows=accept)

    run.undo = lambda number: undo_within(session, number, Folders(tmp_path / "uploads", tmp_path / "geodata"))
    return run


def told(session, batch):
    return {(one.row, one.column, one.code) for one in imports.problems(session, batch.id, 500)}


def edition(session, code="2027"):
    return session.scalars(select(StandardEdition).where(StandardEdition.code == code)).one_or_none()


def test_an_edition_comes_in_whole_and_the_first_one_is_the_one_to_assess_with(session, take):
    batch = take(edition_rows())

    assert (batch.added, batch.changed, batch.refused) == (3, 0, 0)
    made = edition(session)
    assert (made.status, made.is_current, made.title_ru) == ("draft", True, "Стандарт 2027")
    stored = standard_editions.record_rows(session, made.id)
    assert [{name: row[name] for name in FIELDS if name != "edition"} for row in stored] == edition_rows()
    domains = session.execute(select(StandardDomain.code, StandardDomain.position).order_by("position")).all()
    assert [tuple(row) for row in domains] == [("STR", 1), ("SEC", 8)]


@pytest.mark.parametrize("write", [standard_csv, standard_xlsx])
def test_an_exported_edition_comes_back_unchanged(session, take, write):
    take(edition_rows())
    made = edition(session)
    before = made.sha256
    content = write("2027", standard_editions.record_rows(session, made.id))

    again = take(content=content, name=f"edition.{'csv' if write is standard_csv else 'xlsx'}")

    assert (again.added, again.changed, again.unchanged, again.refused) == (0, 0, 3, 0)
    assert told(session, again) == set()
    assert edition(session).sha256 == before


def test_the_hash_covers_caps_owners_and_texts_but_not_guidance(session, take):
    take(edition_rows())
    first = edition(session).sha256
    take(edition_rows(check_en="Ask for another paper."))
    assert edition(session).sha256 == first

    hashes = {first}
    for change in ({"shelf_life_months": 24}, {"owing_budget": "republican"}, {"text_ky": "Башка"}, {"weight": 5.0}):
        take(edition_rows(**change))
        hashes.add(edition(session).sha256)

    assert len(hashes) == 5


def test_a_new_criterion_states_everything_and_makes_sense(session, take):
    rows = edition_rows()
    rows[0] |= {"responsible_body": None, "text_ky": None, "weight": 6.0}
    rows[1] |= {"co_owner": "school", "responsible_body": "school", "cap": 25.0, "is_critical": False}
    rows[2] |= {"field_class": "public", "check_ru": None, "scope": "town"}

    batch = take(rows, dry=True)

    assert batch.refused == 3
    assert told(session, batch) == {
        (2, "responsible_body", "standard_cell_missing"),
        (2, "text_ky", "standard_cell_missing"),
        (2, "weight", "number_out_of_range"),
        (3, "cap", "standard_cap_without_critical"),
        (3, "co_owner", "standard_co_owner_same"),
        (4, "field_class", "standard_protection_public"),
        (4, "check_ru", "standard_guidance_incomplete"),
        (4, "scope", "choice_unknown"),
    }
    assert edition(session) is None


def test_one_file_holds_one_edition_and_names_a_domain_in_one_way(session, take):
    rows = edition_rows()
    rows[1]["domain_ky"] = "Башка аталыш"
    table = list(csv.reader(io.StringIO(standard_csv("2027", rows).decode("utf-8-sig"))))
    table[3][0] = "2028"
    buffer = io.StringIO()
    csv.writer(buffer).writerows(table)

    batch = take(content=buffer.getvalue().encode(), dry=True)

    assert {(3, "domain_ky", "standard_named_twice"), (4, "edition", "edition_mixed")} <= told(session, batch)


def test_a_file_without_columns_for_a_new_edition_is_refused_whole(session, take):
    batch = take(content="edition,code,check_ky\n2030,STR-01,Караңыз\n".encode())

    assert batch.status == "refused"
    assert {problem.params["field"] for problem in imports.problems(session, batch.id, 500)} >= {"text_ky", "weight"}


def use(session, made):
    school = make_school(session, code="S-77")
    session.add(Assessment(school_id=school.id, edition_id=made.id, kind="self", assessed_on=date(2026, 3, 1)))
    session.flush()


def test_what_an_edition_in_use_says_stays_and_its_guidance_may_improve(session, take):
    take(edition_rows())
    made = edition(session)
    use(session, made)
    before = made.sha256

    refused = take(edition_rows(text_en="Another text", owing_budget="republican"), dry=True)
    assert {(column, code) for _, column, code in told(session, refused)} == {
        ("text_en", "edition_in_use"), ("owing_budget", "edition_in_use"),
    }  # fmt: skip

    better = take(edition_rows(check_en="Ask for the conclusion of 2025."))

    assert (better.changed, better.refused) == (1, 0)
    assert edition(session).sha256 == before
    assert "Ask for the conclusion of 2025." in session.scalars(select(CriterionGuidance.check_en)).all()
    assert take.undo(better.id).status == "undone"
    assert "Ask for the conclusion of 2025." not in session.scalars(select(CriterionGuidance.check_en)).all()


def test_an_import_is_taken_back_with_its_edition_unless_something_rests_on_it(session, take):
    first = take(edition_rows())
    changed = take(
        edition_rows(title_ky="Башка стандарт", domain_ru="Другое", unit="m", cap="unknown", is_critical=False)
    )
    assert session.scalar(select(Criterion.cap).where(Criterion.code == "STR-01")) is None
    take.undo(changed.id)
    made = edition(session)
    stored = standard_editions.record_rows(session, made.id)
    assert [{name: row[name] for name in FIELDS if name != "edition"} for row in stored] == edition_rows()

    nested = session.begin_nested()
    use(session, made)
    with pytest.raises(UndoRefusedError) as refused:
        take.undo(first.id)
    assert [one.kind for one in refused.value.obstacles] == ["assessment"]
    nested.rollback()
    take.undo(first.id)

    assert edition(session) is None
    assert session.scalar(text("SELECT count(*) FROM criterion")) == 0
    assert session.scalar(text("SELECT count(*) FROM standard_domain")) == 0
