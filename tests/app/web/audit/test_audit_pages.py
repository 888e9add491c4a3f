"""The audit for auditors: found by filter, in words, as files; and for nobody else."""

from __future__ import annotations

import csv
import io
import re
import secrets

import pytest
from sqlalchemy import text

from app.web.audit import presenters
from app.workflows import export_audit
from app.workflows.jobs import run_job
from geodata.database import make_engine, open_session, set_scope
from geodata.queries import audit, audit_log
from geodata.records.rights import Rights, Territory
from tests.factories.schools import make_school
from tests.support.accounts import PASSWORD, make_account
from tests.support.auditing import add_restricted_answer, seal
from tests.support.web import csrf_token, sign_in


def write(database, statement, *, request_id=None, reason=None, **values):
    engine = make_engine(database.url("mektep_worker"))
    with open_session(engine, "national", request_id=request_id) as session:
        if reason:
            audit.give_reason(session, reason)
        session.execute(text(statement), values)
    engine.dispose()


@pytest.fixture
def code():
    return f"A{secrets.token_hex(5)}"


@pytest.fixture
def changed(database, code):
    """A school that was added and then corrected, under a request of its own, with a formula as the reason."""
    write(database, "INSERT INTO school (code, name_ky, pupils) VALUES (:code, '№ 5 мектеп', 340)", code=code)
    write(
        database, "UPDATE school SET pupils = 352, kind = 'gymnasium' WHERE code = :code",
        code=code, request_id=f"req{code}", reason="=1+1 <b>counted</b>",
    )  # fmt: skip
    yield code
    write(database, "DELETE FROM school WHERE code = :code", code=code)


@pytest.fixture
def auditor(database, live_app):
    return browser(database, live_app, "auditor")


def browser(database, live_app, role):
    client = live_app.test_client()
    assert sign_in(client, make_account(database, role), PASSWORD).status_code == 303
    return client


def test_a_change_is_shown_in_words_with_its_request_and_its_reason(auditor, changed):
    page = auditor.get(f"/en/audit?table=school&record={changed}&action=changed").text

    assert re.search(r"<dt>Pupils</dt><dd><del>340</del>.*?<ins>352</ins>", page)
    assert re.search(r"<del>Unknown</del>.*?<ins>Gymnasium</ins>", page)
    assert f'/en/audit?request=req{changed}">req{changed}</a>' in page
    assert "=1+1 &lt;b&gt;counted&lt;/b&gt;" in page
    assert f"{changed} · № 5 мектеп" in page


@pytest.mark.parametrize(
    ("lang", "title"),
    [("ky", "Аудит: эмне өзгөрдү"), ("ru", "Аудит: что изменено"), ("en", "Audit: what was changed")],
)
def test_the_page_speaks_the_reader_s_language(auditor, lang, title):
    answer = auditor.get(f"/{lang}/audit")

    assert answer.status_code == 200
    assert f"<h1>{title}</h1>" in answer.text


@pytest.mark.parametrize(
    ("wanted", "count"),
    [
        pytest.param("", 2, id="record alone"),
        pytest.param("&action=added", 1, id="added"),
        pytest.param("&action=removed", 0, id="removed"),
        pytest.param("&who=-", 2, id="the system"),
        pytest.param("&who=nobody", 0, id="somebody else"),
        pytest.param("&since=2100-01-01", 0, id="later"),
        pytest.param("&until=2020-01-01", 0, id="earlier"),
        pytest.param("&request=req", 0, id="another request"),
    ],
)
def test_filters_narrow_the_list(auditor, changed, wanted, count):
    page = auditor.get(f"/en/audit?record={changed}{wanted}").text

    assert page.count('<p class="audit-head">') == count


@pytest.mark.parametrize(
    "query", ["action=x", "table=pg_class", "event=x", "since=x", "until=0001-01-01", "before=-1", "who=" + "x" * 121]
)
def test_a_value_that_cannot_be_used_is_refused(auditor, query):
    assert auditor.get(f"/en/audit?{query}").status_code == 400


def test_the_list_goes_on_where_the_page_ended(auditor, database, code):
    for number in range(27):
        write(
            database,
            "INSERT INTO area (code, level, kind, name_ky) VALUES (:code, 3, 'x', 'x')",
            code=f"{code}{number}",
        )
    seen, address = [], "/en/audit?table=area&action=added"
    while address and len(seen) < 40:
        page = auditor.get(address).text
        seen += [int(found) for found in re.findall(r"/en/audit/(\d+)\">No\.", page)]
        older = re.search(r'rel="next" href="([^"]+)"', page)
        address = older[1].replace("&amp;", "&") if older else None

    assert len(seen) >= 27
    assert seen == sorted(set(seen), reverse=True)


def test_one_entry_shows_everything_it_covers_page_by_page(auditor, database, code):
    write(
        database, "INSERT INTO school (code, name_ky) SELECT :code || '-' || n, 'x' FROM generate_series(1, 1060) AS n",
        code=code,
    )  # fmt: skip
    listed = auditor.get(f"/en/audit?record={code}-1060").text
    address, seen = re.search(r'href="(/en/audit/\d+)"', listed)[1], []
    while address:
        page = auditor.get(address).text
        seen += re.findall(rf"{code}-\d+ ", page)
        older = re.search(r'rel="next" href="([^"]+)"', page)
        address = older[1].replace("&amp;", "&") if older else None
    write(database, "DELETE FROM school WHERE starts_with(code, :code)", code=code)

    assert (len(seen), len(set(seen))) == (1060, 1060)
    assert auditor.get("/en/audit/999999999").status_code == 404


def test_a_csv_runs_nothing_and_says_old_and_new(auditor, changed):
    answer = auditor.get(f"/en/audit/changes.csv?record={changed}&action=changed")

    rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))
    pupils = next(row for row in rows if row["field"] == "Pupils")
    assert (pupils["old"], pupils["new"], pupils["request"]) == ("340", "352", f"req{changed}")
    assert pupils["reason"] == "'=1+1 <b>counted</b>"
    assert len(pupils["sha256"]) == 64


def test_a_workbook_holds_the_same_as_text(auditor, changed):
    from python_calamine import CalamineWorkbook

    answer = auditor.get(f"/ru/audit/changes.xlsx?record={changed}&action=changed")

    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.data)).get_sheet_by_index(0).to_python()
    assert rows[0][:3] == ["Номер", "Время", "Кто"]
    assert {row[10]: row[11] for row in rows}["340"] == "352"
    assert rows[1][4] == "'=1+1 <b>counted</b>"


def test_a_long_file_is_written_by_a_job_with_the_auditor_s_own_sight(
    auditor, database, live_app, changed, monkeypatch, tmp_path
):
    monkeypatch.setattr(export_audit, "LONGEST_INLINE", 0)
    query = f"record={changed}&action=changed"
    offered = auditor.get(f"/en/audit/changes.csv?{query}")
    form = auditor.get(offered.headers["Location"]).text
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', form))
    started = auditor.post("/en/audit/changes.csv", data=fields)
    token = started.headers["Location"].rpartition("/")[2]

    run_job(make_engine(database.url("mektep_worker")), live_app.extensions["settings"], token)
    file = auditor.get(f"/api/v1/jobs/{token}/file")

    assert offered.status_code == 303
    assert "352" in file.data.decode("utf-8-sig")


@pytest.mark.parametrize("role", ["council", "analyst", "trainer"])
def test_nobody_without_the_right_sees_the_audit(database, live_app, role, changed):
    client = live_app.test_client()
    sign_in(client, make_account(database, role), PASSWORD)

    for address in ("/en/audit", "/en/audit/1", "/en/audit/changes.csv", "/en/audit/changes.xlsx"):
        assert client.get(address).status_code == 403, address
    token = csrf_token(client, "/en/")
    assert client.post("/en/audit/changes.csv", data={"csrf_token": token}).status_code == 403


def test_visitors_are_asked_to_sign_in(client):
    answer = client.get("/en/audit")

    assert (answer.status_code, answer.headers["Location"].partition("?")[0]) == (303, "/en/sign-in")


def test_an_entry_says_how_many_restricted_changes_it_keeps_to_itself(app, session):
    add_restricted_answer(session, make_school(session))
    seal(session)
    position = audit_log.newest(session)[0]
    rights = {"audit": Territory(everywhere=True)}
    shown = {}
    for name, held in (("auditor", rights), ("analyst too", rights | {"see_restricted": Territory(everywhere=True)})):
        set_scope(session, "area", 1, Rights(held))
        with app.test_request_context(f"/en/audit/{position}"):
            shown[name] = presenters.entry_page(session, position, (0, 0))

    assert shown["auditor"].restricted == 1
    assert "Answer of the protection group" not in {change.what for change in shown["auditor"].entries[0].changes}
    assert shown["analyst too"].restricted == 0
    assert "Answer of the protection group" in {change.what for change in shown["analyst too"].entries[0].changes}
