"""The verb ``field``: a form on disk, forms taken in once, and exit codes that tell."""

from __future__ import annotations

import json
from contextlib import contextmanager

import pytest
from click.testing import CliRunner

from scripts import field
from tests.factories.schools import make_school
from tests.support.field_forms import kobo, kobo_page, shipped_edition
from tests.support.form_servers import TOKEN, UID, Fake, serving


@pytest.fixture
def run(session, monkeypatch):
    @contextmanager
    def worker_session():
        yield session

    monkeypatch.setattr(field, "worker_session", worker_session)
    return lambda *arguments: CliRunner().invoke(field.command, [str(one) for one in arguments], standalone_mode=False)


def test_a_prefilled_form_comes_with_its_two_files(session, run, tmp_path):
    shipped_edition(session)
    make_school(session)

    done = run("form", "--prefilled", "--folder", tmp_path)

    assert done.return_value == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "last_blocks.csv", "last_schools.csv", "mektep_2026_proposal.xlsx",
    ]  # fmt: skip
    assert run("form", "--area", "nowhere", "--folder", tmp_path).return_value == 2


def test_a_file_is_taken_in_once_and_what_is_wrong_changes_the_exit_code(session, run, tmp_path):
    mark = shipped_edition(session)
    school = make_school(session)
    good, bad = tmp_path / "good.json", tmp_path / "bad.json"
    good.write_bytes(kobo_page([kobo(mark, school.code, {"SOC-06": "meets"})]))
    bad.write_bytes(kobo_page([kobo(mark, "nowhere", {"SOC-06": "meets"})]))

    first, again, wrong = (run("take", path, "--json") for path in (good, good, bad))

    assert [one.return_value for one in (first, again, wrong)] == [0, 0, 3]
    assert (json.loads(first.stdout)["added"], json.loads(again.stdout)["unchanged"]) == (1, 1)
    assert json.loads(wrong.stdout)["problems"][0]["code"] == "school_unknown"
    good.write_bytes(b"<html>")
    assert run("take", good).return_value == 2


def test_servers_are_read_and_one_that_is_away_is_told(session, run, monkeypatch):
    from app.workflows.field_connections import connect

    mark = shipped_edition(session)
    school = make_school(session)
    with serving(Fake(results=[kobo(mark, school.code, {"SOC-06": "meets"})])) as fake:
        secrets = {fake.origin: TOKEN}
        monkeypatch.setenv("MEKTEP_FIELD_SECRETS", json.dumps(secrets))
        connect(session, title="Талас", kind="kobo", address=fake.origin, form=UID, secrets=secrets)
        here = run("read", "--json")
    away = run("read")
    monkeypatch.setenv("MEKTEP_FIELD_SECRETS", "{}")
    closed = run("read")

    assert (here.return_value, json.loads(here.stdout)["added"]) == (0, 1)
    assert (away.return_value, closed.return_value) == (1, 1)
    assert "Талас" in away.stderr + closed.stderr
