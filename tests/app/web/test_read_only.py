"""While the data may be read only nothing changes, people are told so, and reading and signing in go on."""

from __future__ import annotations

import shutil
from collections import namedtuple

import pytest

from app.workflows import jobs, read_only
from app.workflows.read_only import READ_ONLY_JOB
from geodata.database import make_engine, open_session
from geodata.queries.jobs import find_job
from scripts.read_only import command
from tests.factories.areas import make_area
from tests.factories.officers import make_officer
from tests.support.web import csrf_token, make_settings, sign_in

PASSWORD = "correct horse battery"
Usage = namedtuple("Usage", "total used free")


@pytest.fixture(autouse=True)
def looked_at_anew(app):
    """After each test the application looks again: what it saw would hold for two seconds of the tests that follow."""
    yield
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("app.web.read_only.LOOK_EVERY_S", 0.0)
        assert not app.extensions["is_read_only"]()


@pytest.fixture
def switched(app):
    """The switch is on, and the application looks at once."""
    folder = app.extensions["settings"].var_dir
    read_only.throw(folder, on=True)
    yield folder
    read_only.throw(folder, on=False)


@pytest.fixture
def browser(app, session, monkeypatch):
    monkeypatch.setattr("app.web.read_only.LOOK_EVERY_S", 0.0)
    officer = make_officer(session, "department", area=make_area(session, 2), password=PASSWORD)
    made = app.test_client()
    sign_in(made, officer.name, PASSWORD)
    made.officer = officer
    return made


def test_what_would_change_data_is_refused_in_words_and_reading_goes_on(browser, switched):
    refused = browser.post("/ky/work/changes/1/submit", data={"csrf_token": csrf_token(browser, "/ky/account")})
    page = browser.get("/ky/priorities")

    assert refused.status_code == 503
    assert "Азырынча маалыматты окууга гана болот" in refused.text
    assert page.status_code in {200, 404}
    assert "Азырынча маалыматты окууга гана болот, өзгөртүүгө болбойт" in page.text


def test_nobody_is_told_of_it_while_data_can_be_changed(browser):
    assert "Азырынча маалыматты окууга гана болот" not in browser.get("/ky/priorities").text


def test_signing_out_and_in_goes_on(browser, switched):
    assert browser.post("/ky/sign-out", data={"csrf_token": csrf_token(browser, "/ky/account")}).status_code == 303
    assert sign_in(browser, browser.officer.name, PASSWORD).status_code == 303
    assert browser.get("/ky/account").status_code == 200


@pytest.mark.parametrize(
    ("total", "free", "why"),
    [
        pytest.param(10 * 1024**3, 400 * 1024**2, "disk", id="4 %"),
        pytest.param(10 * 1024**3, 600 * 1024**2, None, id="6 %"),
        pytest.param(1000 * 1024**3, 6 * 1024**3, None, id="a large disk with 6 GB"),
    ],
)
def test_a_disk_that_is_nearly_full_throws_the_switch_by_itself(monkeypatch, tmp_path, total, free, why):
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: Usage(total, total - free, free))

    assert read_only.reason(tmp_path) == why


def test_a_job_that_changes_data_is_refused_and_one_that_reads_runs(database, tmp_path):
    engine, settings = make_engine(database.url("mektep_worker")), make_settings(database, tmp_path)
    ran = []
    jobs.job("test-change", changes_data=True)(lambda _context: ran.append("change"))
    jobs.job("test-read")(lambda _context: ran.append("read"))
    read_only.throw(settings.var_dir, on=True)

    tokens = {}
    for kind in ("test-change", "test-read"):
        with open_session(engine, "national") as session:
            tokens[kind] = jobs.start_job(session, kind, {}, scope="public")
        jobs.run_job(engine, settings, tokens[kind])
    with open_session(engine, "national") as session:
        change, read = (find_job(session, tokens[kind]) for kind in ("test-change", "test-read"))

    for kind in ("test-change", "test-read"):
        jobs.HANDLERS.pop(kind)
    jobs.CHANGING.discard("test-change")
    engine.dispose()
    assert ran == ["read"]
    assert (change.status, change.error) == ("failed", READ_ONLY_JOB)
    assert read.status == "done"


def test_the_switch_is_thrown_from_the_command_line(monkeypatch, tmp_path, capsys):
    monkeypatch.setenv("MEKTEP_VAR_DIR", str(tmp_path / "var"))

    for wanted, said in (("on", "switch is on"), ("status", "switch is on"), ("off", "read and changed")):
        command.main([wanted], standalone_mode=False)
        assert said in capsys.readouterr().out
