"""Export, import, export: a list that comes back from a colleague untouched changes nothing, and carries everything."""

from __future__ import annotations

import os

import pytest

from app.workflows.load_reference import load_reference
from geodata.database import open_session
from tests.support import database as test_database
from tests.support.command_line import CommandLine
from tests.support.list_files import READERS

FORMATS = ("xlsx", "csv", "gpkg")
SCHOOLS = """
code,name_ky,name_ru,name_en,lat,lon,area_code,kind,ownership,pupils,seats,shifts
00000001,Өзгөн орто мектеби № 5,"Школа ""Ак-Жол"", № 5",Uzgen school,40.7697131,73.3001234,,secondary,municipal,0,,1
00000010,Көк-Жаңгак мектеби,,,41.0277,73.21,,gymnasium,state,910,860,3
SH-7,Жети мектеби,Школа-семилетка,,42.8,74.6,,lyceum,private,,120,
000123456789012,=1+1 мектеби,+7 школа,@school,42.81,74.61,,primary,unknown,120,0,2
20250105,- мектеби,'Апостроф' мектеби,,,,{rayon},boarding,municipal,41,40,
S-01,Ыңгайлуу үйү,  ,"a;b\tc",42.82,74.62,,unknown,unknown,,,
""".strip()
FACTS = (
    "code", "name_ky", "name_ru", "name_en", "lat", "lon", "oblast_code", "rayon_code", "aimak_code", "kind",
    "ownership", "pupils", "seats", "shifts",
)  # fmt: skip


@pytest.fixture
def empty(tmp_path, monkeypatch, capfd, request):
    """Make databases with areas and no schools."""
    made = []

    def make() -> CommandLine:
        database = test_database.create(f"mektep_trip{len(made)}_{os.getpid()}")
        mektep = CommandLine(database, tmp_path / "var", monkeypatch, capfd)
        made.append((database, mektep))
        with open_session(mektep.engine, "national") as session:
            load_reference(session)
        return mektep

    yield make
    for database, mektep in made:
        mektep.engine.dispose()
        test_database.drop(database)


def take_in(mektep, path):
    done = mektep("import", "schools", path, "--json")
    assert done.code == 0, done.out + done.err
    return {name: done.json[name] for name in ("added", "changed", "unchanged", "refused")}


def exported(mektep, path, language):
    """Rank, export in every format and return the rows of each."""
    assert mektep("rank", "--json").code == 0
    done = mektep("export", "priorities", "--format", ",".join(FORMATS), "--lang", language, "--output", path)
    assert done.code == 0, done.err
    return {ending: READERS[ending](path.with_suffix(f".{ending}"), language) for ending in FORMATS}


@pytest.fixture
def country(empty, tmp_path):
    """Six schools with what files lose most easily."""
    mektep = empty()
    rayon = mektep.value("SELECT min(code) FROM area WHERE level = 2 AND valid_to IS NULL")
    source = tmp_path / "source.csv"
    source.write_text(SCHOOLS.format(rayon=rayon), encoding="utf-8")
    assert take_in(mektep, source)["added"] == 6
    return mektep


@pytest.mark.parametrize("language", ["ky", "ru", "en"])
def test_a_list_that_comes_back_untouched_changes_nothing(country, tmp_path, language):
    first = exported(country, tmp_path / "first", language)
    outcomes = {ending: take_in(country, tmp_path / f"first.{ending}") for ending in FORMATS}
    second = exported(country, tmp_path / "second", language)

    assert outcomes == {one: {"added": 0, "changed": 0, "unchanged": 6, "refused": 0} for one in FORMATS}
    assert second == first


@pytest.mark.parametrize("ending", FORMATS)
def test_a_list_carries_the_schools_to_another_installation(country, empty, tmp_path, ending):
    first = exported(country, tmp_path / "first", "ky")[ending]
    other = empty()
    other.monkeypatch.setenv("MEKTEP_WORKER_URL", other.engine.url.render_as_string(hide_password=False))

    outcome = take_in(other, tmp_path / f"first.{ending}")
    second = exported(other, tmp_path / "second", "ky")[ending]

    assert outcome == {"added": 6, "changed": 0, "unchanged": 0, "refused": 0}
    assert facts(second) == facts(first)
    assert [row["pupils"] for row in facts(second)] == [0, 910, 120, 41, None, None]


def facts(rows):
    """Return what the register knows of each school, without ranks and scores."""
    return sorted(({name: row[name] for name in FACTS} for row in rows), key=lambda row: row["code"])
