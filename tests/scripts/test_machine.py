"""The two commands' parts: what is missing, the private server's rules, an external database, what is loaded."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from scripts.machine import environment, packages, places, postgres, provision, static_copy
from scripts.machine.filling import State
from scripts.machine.packages import Need
from scripts.machine.say import CannotGoOnError
from tests.support import database as test_database
from tests.support.database import ROOT

BEFORE_THE_ENVIRONMENT = ("say", "packages", "environment", "__main__")


def test_missing_packages_without_root_are_one_line_to_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packages, "_as_root", lambda: None)
    monkeypatch.setattr(packages.shutil, "which", lambda name: f"/usr/bin/{name}")

    with pytest.raises(CannotGoOnError) as told:
        packages.install_missing(
            [
                Need("PostGIS", lambda: False, ("postgresql-15", "postgresql-15-postgis-3")),
                Need("x", lambda: True, ("x",)),
            ]
        )

    line = "apt-get update && apt-get install --no-install-recommends -y postgresql-15 postgresql-15-postgis-3\n"
    assert line in str(told.value)


def test_optional_packages_never_stop_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packages, "_as_root", lambda: None)

    packages.install_missing([Need("font", lambda: False, ("fonts-noto-core",), is_optional=True)])


def test_no_cluster_of_the_system_is_made_and_its_setting_is_left_as_it_was(tmp_path, monkeypatch) -> None:
    settings = tmp_path / "createcluster.conf"
    during = []

    def apt(root: list[str], verb: str, *names: str) -> None:
        if "postgresql-common" in names:
            settings.write_text("#create_main_cluster = true\nssl = on\n", encoding="utf-8")
        else:
            during.append(settings.read_text(encoding="utf-8"))

    monkeypatch.setattr(packages, "CLUSTER_SETTINGS", settings)
    monkeypatch.setattr(packages, "_apt", apt)

    packages._install_without_cluster([], ["postgresql-15"])

    assert during == ["create_main_cluster = false\nssl = on\n"]
    assert settings.read_text(encoding="utf-8") == "#create_main_cluster = true\nssl = on\n"


def test_what_runs_before_the_environment_uses_the_standard_library_only() -> None:
    code = "import sys; import " + ", ".join(f"scripts.machine.{name}" for name in BEFORE_THE_ENVIRONMENT)
    code += "; ours = ('psycopg', 'flask', 'sqlalchemy', 'click', 'app', 'geodata')"
    code += "; print([name for name in sys.modules if name.split('.')[0] in ours])"
    done = subprocess.run(
        [sys.executable, "-S", "-c", code], capture_output=True, text=True, check=True, env={"PYTHONPATH": str(ROOT)}
    )

    assert done.stdout.strip() == "[]"


def test_a_changed_lock_makes_the_environment_stale(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(environment, "ROOT", tmp_path)
    monkeypatch.setattr(environment, "STAMP", tmp_path / "installed.json")
    (tmp_path / "requirements.txt").write_text("flask==3\n", encoding="utf-8")
    environment.STAMP.write_text(
        f'{{"root": "{tmp_path}", "run": "{environment._lock_hash("run")}"}}', encoding="utf-8"
    )
    fresh = environment.is_ready("run")

    (tmp_path / "requirements.txt").write_text("flask==4\n", encoding="utf-8")

    assert (fresh, environment.is_ready("run")) == (True, False)


def test_the_secret_key_is_made_once_and_for_this_user_only(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(places, "VAR", tmp_path)

    first, second = places.secret_key(), places.secret_key()

    assert first == second
    assert len(first) >= 64
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600


@pytest.fixture
def cluster(tmp_path_factory, monkeypatch) -> postgres.Cluster:
    """A private server of this test's own, reachable for the user it runs as."""
    base = Path("/tmp") / f"mektep-test-{os.getpid()}"  # tmp_path of root is closed to others
    base.mkdir()
    base.chmod(0o755)
    monkeypatch.setattr(places, "VAR", base)
    found = postgres.locate()
    yield found
    postgres.stop(found)
    subprocess.run(["rm", "-rf", str(base)], check=True)


def test_the_private_server_starts_survives_a_kill_and_keeps_what_it_said_it_saved(cluster: postgres.Cluster) -> None:
    first, again = postgres.start(cluster), postgres.start(cluster)
    addresses = provision.private(cluster)
    provision.private(cluster)
    owner = "postgresql://" + addresses.owner.split("://", 1)[1]
    for role in (addresses.web, addresses.worker):  # bulk loading goes through a temporary table
        with psycopg.connect("postgresql://" + role.split("://", 1)[1]) as connection:
            connection.execute("CREATE TEMPORARY TABLE staged (number integer)")
    with psycopg.connect(owner) as connection:
        connection.execute("CREATE TABLE kept AS SELECT generate_series(1, 50000) AS number")
    pid = int((cluster.data / "postmaster.pid").read_text().split("\n", 1)[0])
    children = [
        int(row)
        for row in subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True, check=False).stdout.split()
    ]
    for process in (pid, *children):
        os.kill(process, 9)

    restarted = postgres.start(cluster)

    assert (first, again, restarted) == (True, False, True)
    with psycopg.connect(owner) as connection:
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == (50000,)
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
        assert connection.execute("SHOW data_checksums").fetchone() == ("on",)
        assert connection.execute("SHOW fsync").fetchone() == ("on",)
        rights = connection.execute(
            "SELECT rolname FROM pg_roles WHERE rolname LIKE 'mektep%' AND (rolsuper OR rolbypassrls)"
        )
        assert rights.fetchall() == []


def test_an_interrupted_first_start_leaves_nothing_half_made(cluster: postgres.Cluster) -> None:
    half = cluster.base / "data.new"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("15\n", encoding="utf-8")

    assert postgres.start(cluster)
    assert postgres.answers(cluster)
    assert not half.exists()


def test_a_pid_file_of_a_stranger_is_not_believed(cluster: postgres.Cluster) -> None:
    postgres.start(cluster)
    postgres.stop(cluster)
    (cluster.data / "postmaster.pid").write_text(f"{os.getpid()}\n{cluster.data}\n", encoding="utf-8")

    assert postgres.start(cluster)
    assert postgres.answers(cluster)


def test_a_long_path_gets_a_short_socket(tmp_path, monkeypatch) -> None:
    deep = tmp_path / ("long-" * 30)
    monkeypatch.setattr(places, "VAR", deep)

    socket = postgres.locate().socket

    assert len(str(socket / ".s.PGSQL.5432")) <= places.LONGEST_SOCKET_PATH


@pytest.fixture
def empty_database():
    """The address of an empty database on the test server, as its administrator."""
    server = test_database.server()
    name = f"mektep_test_{os.getpid()}_external"
    plain = server.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}"')
    yield server.set(database=name)
    with psycopg.connect(plain, autocommit=True) as admin:
        admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def test_a_role_without_rights_gets_the_sql_for_an_administrator(empty_database, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(places, "VAR", tmp_path)
    url = empty_database.set(username="mektep_web").render_as_string(hide_password=False)

    with pytest.raises(CannotGoOnError) as told:
        provision.external(url)

    assert "CREATE EXTENSION IF NOT EXISTS postgis;" in str(told.value)
    assert "NOBYPASSRLS" in str(told.value)


def test_an_administrator_of_a_given_server_gets_everything_made(empty_database, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(places, "VAR", tmp_path)

    made = provision.external(empty_database.render_as_string(hide_password=False))
    again = provision.external(empty_database.render_as_string(hide_password=False))

    assert made == again
    with psycopg.connect("postgresql://" + made.owner.split("://", 1)[1]) as connection:
        assert connection.execute("SELECT current_user").fetchone() == ("mektep_owner",)
        connection.execute("CREATE TABLE made (place geometry)")
        rights = connection.execute("SELECT has_schema_privilege('mektep_web', 'public', 'CREATE')").fetchone()
    assert rights == (False,)


def test_addresses_on_a_host_carry_each_role_with_its_password() -> None:
    made = provision._as_role("postgres://admin:secret@db.example:5433/schools?sslmode=require", "mektep_web", "a/b")

    assert made == "postgresql+psycopg://mektep_web:a%2Fb@db.example:5433/schools?sslmode=require"


@pytest.mark.parametrize(
    ("state", "needs"),
    [
        pytest.param(State(False, False, False, False, False, False), True, id="empty"),
        pytest.param(State(True, False, False, False, False, False), True, id="only areas"),
        pytest.param(State(True, False, True, False, False, False), True, id="interrupted after the schools"),
        pytest.param(State(True, False, True, True, True, False), False, id="whole demonstration"),
        pytest.param(State(True, True, True, False, False, True), False, id="somebody's own schools"),
        pytest.param(State(True, False, False, False, False, True), False, id="somebody's own import"),
    ],
)
def test_only_an_empty_database_gets_the_demonstration(state: State, needs: bool) -> None:
    assert state.needs_demonstration is needs


def test_static_files_have_compressed_forms_and_follow_changes(tmp_path, monkeypatch) -> None:
    source = tmp_path / "source"
    (source / "css").mkdir(parents=True)
    (source / "css/a.css").write_text("a { color: red }\n" * 100, encoding="utf-8")
    monkeypatch.setattr(static_copy, "SOURCE", source)
    monkeypatch.setattr(places, "VAR", tmp_path / "var")

    first = static_copy.refresh()
    same = static_copy.refresh()
    (source / "css/b.css").write_text("b {}", encoding="utf-8")
    second = static_copy.refresh()

    assert first == same != second
    assert (second / "css/a.css.br").stat().st_size < 100
    assert (second / "css/b.css").exists()
    assert not first.exists()
