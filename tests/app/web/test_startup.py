"""The application refuses to start unsafely."""

from __future__ import annotations

import pytest

from app.web import startup
from app.web.startup import UnsafeInstallationError, check_installation
from geodata.database import make_engine
from tests.support.web import make_settings


@pytest.mark.parametrize("key", ["", "short", "a" * 64, "abababab" * 8], ids=["none", "short", "one letter", "pattern"])
def test_a_weak_key_is_refused(database, tmp_path, engine, key: str) -> None:
    settings = make_settings(database, tmp_path).model_copy(update={"secret_key": key})

    with pytest.raises(UnsafeInstallationError, match="SECRET_KEY"):
        check_installation(settings, engine, debug=False)


def test_debug_mode_is_refused(database, tmp_path, engine) -> None:
    with pytest.raises(UnsafeInstallationError, match="debug"):
        check_installation(make_settings(database, tmp_path), engine, debug=True)


@pytest.mark.parametrize(
    ("role", "reason"),
    [("mektep_owner", "owns tables"), ("postgres", "passes row security")],
    ids=["owner", "superuser"],
)
def test_a_role_that_passes_row_security_is_refused(database, tmp_path, role: str, reason: str) -> None:
    mighty = make_engine(database.url(role))

    with pytest.raises(UnsafeInstallationError, match=reason):
        check_installation(make_settings(database, tmp_path), mighty, debug=False)
    mighty.dispose()


def test_a_database_behind_the_program_is_refused(database, tmp_path, engine, monkeypatch) -> None:
    monkeypatch.setattr(startup.upgrade, "newest_revision", lambda: "9999")

    with pytest.raises(UnsafeInstallationError, match="db upgrade"):
        check_installation(make_settings(database, tmp_path), engine, debug=False)


@pytest.mark.parametrize("role", ["mektep_web", "mektep_worker"])
def test_our_roles_are_accepted(database, tmp_path, role: str) -> None:
    ours = make_engine(database.url(role))

    assert check_installation(make_settings(database, tmp_path), ours, debug=False) is None
    ours.dispose()
