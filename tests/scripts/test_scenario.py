"""``scenario`` on the command line: computed, published, refused in words."""

from __future__ import annotations

import os

import pytest

from geodata.database import open_session
from tests.factories.country import make_country
from tests.geodata.readers.test_footprint import polygons
from tests.support import database as test_database
from tests.support.command_line import CommandLine

TITLES = ("--title", "Trial", "--title-ky", "Сыноо", "--title-ru", "Проверка", "--source", "test")


@pytest.fixture
def mektep(tmp_path, monkeypatch, capfd):
    made = test_database.create(f"mektep_scenario_{os.getpid()}")
    line = CommandLine(made, tmp_path / "var", monkeypatch, capfd)
    with open_session(line.engine, "national") as session:
        make_country(session)
    yield line
    line.engine.dispose()
    test_database.drop(made)


def test_scenarios_are_computed_published_listed_and_refused(mektep, tmp_path):
    past = mektep("scenario", "run", "suusamyr-1992")
    wrong = mektep("scenario", "run", "atlantis")
    zones = polygons(tmp_path / "zones.geojson", box=(74.1, 42.7, 74.5, 42.9), pga=25.0)
    unit = mektep("scenario", "import", str(zones), "--code", "trial", *TITLES, "--unit", "g")
    taken = mektep("scenario", "import", str(zones), "--code", "trial", *TITLES, "--unit", "pct_g", "--publish")
    again = mektep("scenario", "import", str(zones), "--code", "trial", *TITLES, "--unit", "pct_g")
    published = mektep("scenario", "publish", "suusamyr-1992")
    listed = mektep("scenario", "list")

    assert (past.code, taken.code, published.code) == (0, 0, 0), (past.err, taken.err, published.err)
    assert "schools shaken" in past.out
    assert (wrong.code, unit.code, again.code) == (2, 2, 2)
    assert "kemin-1911" in wrong.err
    assert "Units in which it is plausible: pct_g" in unit.err
    assert "stands already" in again.err
    assert listed.out.count("(published)") == 2
