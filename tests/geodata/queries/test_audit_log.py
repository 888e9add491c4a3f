"""Reading the audit: differences of what was changed, found by who, what, record, day and request."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from geodata.database import REQUEST_KEY, set_scope
from geodata.queries import audit, audit_log
from geodata.queries.audit_records import find_records, record_names
from geodata.records.audit import AuditFilter
from geodata.records.rights import Rights, Territory
from tests.factories.schools import make_school
from tests.support.auditing import add_restricted_answer, seal
from tests.support.rights import EVERYTHING

EVERYWHERE = Territory(everywhere=True)


@pytest.fixture
def told(session):
    """Two links: a school is added; its pupils are corrected under a request with a reason."""
    school = make_school(session, code="00000017", name_ky="№ 17", pupils=340)
    seal(session)
    session.info[REQUEST_KEY] = "request-2"
    set_scope(session, "national", rights=EVERYTHING)
    audit.give_reason(session, "counted again")
    session.execute(text("UPDATE school SET pupils = 352, location_flags = '{too_high}' WHERE code = '00000017'"))
    audit.record(session, "import:committed", subject="12", details={"changed": 1})
    seal(session)
    return school


def test_a_change_is_told_with_old_and_new_values_who_when_from_where_and_why(session, told):
    newest = audit_log.entries(session, AuditFilter())[0]

    change = newest.changes[0]
    assert (change.table, change.action, change.record_id) == ("school", "changed", told.id)
    assert (change.old, change.new) == ({"pupils": 340}, {"pupils": 352})
    assert (newest.request_id, newest.reason, newest.account_name) == ("request-2", "counted again", None)
    assert newest.counts == {("school", "changed"): 1}
    assert [(event.tag, event.subject) for event in newest.events] == [("import:committed", "12")]


def test_the_history_of_a_record_is_newest_first_and_outlives_it(session, told):
    session.execute(text("DELETE FROM school WHERE code = '00000017'"))
    seal(session)

    history = audit.history(session, "school", told.id)

    assert [one.change.action for one in history] == ["removed", "changed", "added"]
    assert history[0].change.old["pupils"] == 352
    assert history[2].change.new["name_ky"] == "№ 17"
    assert find_records(session, "00000017") == [("school", told.id)]


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        pytest.param({}, 2, id="everything"),
        pytest.param({"action": "changed"}, 1, id="what was done"),
        pytest.param({"table": "school"}, 2, id="kind of record"),
        pytest.param({"table": "building"}, 0, id="another kind of record"),
        pytest.param({"record": "00000017"}, 2, id="a school by its code"),
        pytest.param({"record": "00000018"}, 0, id="a code that nobody has"),
        pytest.param({"event": "import:committed"}, 1, id="an event"),
        pytest.param({"request": "request-2"}, 1, id="a request"),
        pytest.param({"who": "aibek"}, 0, id="somebody"),
        pytest.param({"who": ""}, 2, id="the system"),
        pytest.param({"since": datetime.now(UTC).date() + timedelta(days=2)}, 0, id="not before a day"),
        pytest.param({"until": datetime.now(UTC).date() - timedelta(days=2)}, 0, id="not after a day"),
    ],
)
def test_filters(session, told, wanted, expected):
    found = [one for one in audit_log.entries(session, AuditFilter(**wanted), limit=2) if _is_of(one, told)]

    assert len(found) == expected


def _is_of(entry, school):
    return any(change.record_id == school.id and change.table == "school" for change in entry.changes)


def test_large_statements_are_kept_in_blocks_and_read_record_by_record(session):
    session.execute(
        text("INSERT INTO school (code, name_ky) SELECT 'B' || n, 'x' FROM generate_series(10001, 12500) AS n")
    )
    seal(session)
    entry = audit_log.entries(session, AuditFilter(), limit=1, shown=3)[0]

    blocks = session.scalar(
        text("SELECT count(*) FROM audit_change WHERE transaction_id = :id"), {"id": entry.transaction_id}
    )
    codes, after = [], (0, 0)
    while page := audit_log.changes(session, entry.transaction_id, AuditFilter(), after=after, limit=999):
        codes += [one.new["code"] for one in page]
        after = (page[-1].change_id, page[-1].place)

    assert blocks == 3
    assert (entry.records, len(entry.changes)) == (2500, 3)
    assert codes == [f"B{n}" for n in range(10001, 12501)]
    assert [one.new["code"] for one in audit_log.iterate_changes(session, entry.transaction_id, AuditFilter())] == codes
    one = audit_log.entries(session, AuditFilter(record="B11600"), limit=1)[0]
    assert [change.new["code"] for change in one.changes] == ["B11600"]


def test_restricted_differences_need_the_right_to_see_them(session, told):
    add_restricted_answer(session, told)
    seal(session)
    everything = audit_log.entries(session, AuditFilter(table="restricted_answer"), limit=1)[0]
    set_scope(session, "area", 1, Rights({"audit": EVERYWHERE}))

    entry = audit_log.entries(session, AuditFilter(), limit=1)[0]

    assert everything.changes[0].new["state"] == "fails"
    assert entry.counts[("restricted_answer", "added")] == 1
    assert "restricted_answer" not in {change.table for change in entry.changes}
    assert audit_log.entries(session, AuditFilter(table="restricted_answer")) == []


@pytest.mark.parametrize("scope", ["public", "area", "national"])
def test_without_the_right_nothing_of_the_audit_is_seen(session, told, scope):
    set_scope(session, scope, 1, Rights({"see": EVERYWHERE, "rank": EVERYWHERE}))

    assert audit_log.entries(session, AuditFilter()) == []
    assert audit.history(session, "school", told.id) == []


def test_secrets_are_never_kept_and_their_change_is(session):
    account = session.scalar(
        text(
            "INSERT INTO account (name, password, fs_uniquifier) VALUES ('aibek', 'canary-1', 'canary-2') RETURNING id"
        )
    )
    session.execute(text("UPDATE account SET password = 'canary-3' WHERE id = :id"), {"id": account})
    seal(session)

    history = audit.history(session, "account", account)

    assert [(one.change.old, one.change.new.get("password")) for one in history] == [
        ({"password": "***"}, "*** (new)"),
        ({}, "***"),
    ]
    assert session.scalar(text("SELECT count(*) FROM audit_change WHERE differences::text LIKE '%canary%'")) == 0


def test_records_are_named_and_others_left_out(session, told):
    names = record_names(session, [("school", told.id), ("school_code", told.id), ("school", 10**12), ("run", 10**12)])

    assert names == {("school", told.id): "00000017 · № 17", ("school_code", told.id): "00000017 · № 17"}
