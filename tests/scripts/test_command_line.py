"""The verbs: exit codes, JSON on standard output, messages on standard error."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from geodata import upgrade
from tests.support.database import ROOT
from tests.support.web import KEY


@pytest.fixture
def mektep(database, tmp_path):
    """Run a verb as ``scripts/mektep`` does, and return what came of it."""

    def run(*arguments: str, text: str = "", **more: str) -> subprocess.CompletedProcess[str]:
        environment = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "PYTHONSAFEPATH": "1",
            "MEKTEP_OWNER_URL": database.url("mektep_owner"),
            "MEKTEP_WORKER_URL": database.url("mektep_worker"),
            "MEKTEP_SECRET_KEY": KEY,
            "MEKTEP_VAR_DIR": str(tmp_path),
            **more,
        }
        return subprocess.run(
            [sys.executable, "-m", "scripts", *arguments],
            input=text,
            env=environment,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def test_status_says_where_the_database_is(mektep) -> None:
    done = mektep("db", "status", "--json")

    assert done.returncode == 0
    newest = upgrade.newest_revision()
    assert json.loads(done.stdout) == {"current": newest, "newest": newest, "is_current": True}


def test_an_account_is_added_once_and_its_password_shown(mektep) -> None:
    added = mektep("accounts", "add", "Gulnara", "--json")
    again = mektep("accounts", "add", "gulnara")

    assert added.returncode == 0
    assert len(json.loads(added.stdout)["password"]) >= 20
    assert again.returncode == 2
    assert "exists" in again.stderr


def test_an_invitation_prints_a_link_that_works_once(mektep) -> None:
    made = mektep("accounts", "invite", "Aigerim", "--role", "trainer", "--site", "https://example.org/", "--json")
    again = mektep("accounts", "invite", "aigerim", "--role", "trainer")
    newer = mektep("accounts", "link", "aigerim")
    spaced = mektep("accounts", "invite", "two words", "--role", "trainer")

    told = json.loads(made.stdout)
    assert told["link"].startswith("https://example.org/ky/welcome/")
    assert told["hours"] == 168
    assert "/ky/welcome/" in newer.stdout
    assert (again.returncode, spaced.returncode) == (2, 2)
    assert "exists" in again.stderr
    assert "without spaces" in spaced.stderr


def test_a_password_comes_from_standard_input_and_is_not_shown(mektep) -> None:
    done = mektep("accounts", "add", "stdin", "--password-stdin", "--json", text="a long enough secret\n")
    short = mektep("accounts", "add", "short", "--password-stdin", text="short\n")

    assert json.loads(done.stdout)["password"] is None
    assert "secret" not in done.stdout + done.stderr
    assert short.returncode == 2


@pytest.mark.parametrize(
    "arguments", [("nonsense",), ("accounts", "disable", "nobody-here"), ("accounts", "add", "x", "--role", "king")]
)
def test_wrong_use_is_exit_2(mektep, arguments: tuple[str, ...]) -> None:
    assert mektep(*arguments).returncode == 2


def test_without_a_database_address_the_remedy_is_told(mektep) -> None:
    done = mektep("accounts", "list", MEKTEP_WORKER_URL="")

    assert done.returncode == 2
    assert "scripts/mektep" in done.stderr


def test_a_database_that_is_away_is_exit_1_without_a_trace(mektep) -> None:
    done = mektep("accounts", "list", MEKTEP_WORKER_URL="postgresql+psycopg://mektep_worker@/x?host=/nowhere")

    assert done.returncode == 1
    assert "Traceback" not in done.stderr


def test_the_folder_of_the_caller_cannot_shadow_the_program(mektep, tmp_path) -> None:
    (tmp_path / "app.py").write_text("raise SystemExit('shadowed')", encoding="utf-8")

    assert mektep("db", "status").returncode == 0


def test_backup_and_restore_through_the_command_line(mektep, tmp_path) -> None:
    made = mektep("backup", "all.mektep", "--json")
    (tmp_path / "bad.mektep").write_bytes((tmp_path / "all.mektep").read_bytes()[:5000])
    refused = mektep("restore", "bad.mektep")

    assert made.returncode == 0
    assert json.loads(made.stdout)["tables"] > 20
    assert (tmp_path / "all.mektep").stat().st_mode & 0o777 == 0o600
    assert refused.returncode == 2
    assert "nothing was changed" in refused.stderr
