"""The drill: back up, lose everything, restore, compare; and every damaged archive leaves the target as it was."""

from __future__ import annotations

import os
import shutil
import subprocess
import tarfile
from io import BytesIO
from pathlib import Path

import pytest
from sqlalchemy import text

from app.workflows import evidence_files
from app.workflows.back_up import ArchiveRefusedError, TargetNotEmptyError, back_up, restore, verify
from app.workflows.pictures import Copy
from geodata import dump
from geodata.database import make_engine, open_session
from geodata.queries.audit_chain import verify_chain
from tests.factories.assessing import make_assessed_place
from tests.support import database as test_database
from tests.support.web import make_settings

LOG = {"audit_event", "audit_transaction", "audit_link"}
"""The restore itself is noted there."""


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    """Settings of an installation with schools, a boundary, a user's text and an uploaded file."""
    made = test_database.create(f"mektep_test_{os.getpid()}_source")
    settings = make_settings(made, tmp_path_factory.mktemp("source"))
    engine = make_engine(made.url("mektep_owner"))
    with open_session(engine, "national") as session:
        session.execute(
            text("""
                INSERT INTO school (code, name_ky, name_ru, location, pupils, is_published)
                SELECT '0' || number, 'Мектеп "' || number || '"; ҢӨҮ', E'line\\nbreak\\t' || number,
                    ST_SetSRID(ST_MakePoint(74.5 + number / 7.0 / 1000, 42.8), 4326),
                    CASE WHEN number % 3 = 0 THEN NULL ELSE number END, number % 2 = 0
                FROM generate_series(1, 300) AS number
            """)
        )
    engine.dispose()
    (settings.upload_dir / "ab").mkdir(parents=True)
    (settings.upload_dir / "ab" / "original.csv").write_text("код,аты\n007,Мектеп\n", encoding="utf-8")
    yield settings
    test_database.drop(made)


@pytest.fixture(scope="module")
def archive(source, tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("backup") / "all.mektep"
    back_up(source, path)
    return path


@pytest.fixture
def target(tmp_path):
    """Settings of an empty installation."""
    made = test_database.create(f"mektep_test_{os.getpid()}_target")
    yield make_settings(made, tmp_path / "var")
    test_database.drop(made)


def _checksums(settings) -> dict[str, str]:
    with dump.snapshot(settings.owner_url) as (connection, _):
        return dump.table_checksums(connection)


def _verdict(settings, expected=()):
    engine = make_engine(settings.worker_url)
    with open_session(engine, "national") as session:
        verdict = verify_chain(session, expected)
    engine.dispose()
    return verdict


def test_restored_content_is_equal_and_guarded_as_before(source, archive, target) -> None:
    expected = _checksums(source)

    summary = restore(target, archive)

    restored = _checksums(target)
    assert {table: restored[table] for table in restored.keys() - LOG} == {
        table: expected[table] for table in expected.keys() - LOG
    }
    assert restored["school"].startswith("300:")
    assert (summary.files, (target.upload_dir / "ab/original.csv").read_bytes()) == (
        1,
        (source.upload_dir / "ab/original.csv").read_bytes(),
    )
    assert _verdict(source).links == 1
    assert (_verdict(target, {_verdict(source).head}).fault, _verdict(target).links) == (None, 2)
    web = make_engine(target.web_url)
    with open_session(web, "public") as session:
        assert session.execute(text("SELECT count(*) FROM school")).scalar_one() == 150
    with open_session(web, "none") as session:
        assert session.execute(text("SELECT count(*) FROM school")).scalar_one() == 0
    web.dispose()


def test_a_full_target_is_replaced_only_on_request(source, archive, target) -> None:
    restore(target, archive)
    owner = make_engine(target.owner_url)
    with open_session(owner, "national") as session:
        session.execute(text("DELETE FROM school WHERE code = '07'"))
    before = _checksums(target)

    with pytest.raises(TargetNotEmptyError):
        restore(target, archive)
    untouched = _checksums(target)
    restore(target, archive, replace=True)
    owner.dispose()

    assert untouched == before
    assert _checksums(target)["school"] == _checksums(source)["school"]


def _truncate(path: Path) -> None:
    os.truncate(path, path.stat().st_size * 2 // 3)


def _flip_a_byte(path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 2)
        byte = file.read(1)[0]
        file.seek(-1, os.SEEK_CUR)
        file.write(bytes([byte ^ 255]))


def _empty(path: Path) -> None:
    path.write_bytes(b"")


def _another_program(path: Path) -> None:
    with tarfile.open(path, "w") as tar:
        member = tarfile.TarInfo("readme.txt")
        member.size = 2
        tar.addfile(member, BytesIO(b"hi"))


def _escape(path: Path) -> None:
    old = path.read_bytes()
    path.write_bytes(old.replace(b"files/uploads/ab/original.csv", b"files/../../ab/or/../igin.csv"))


def _newer(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b'"revision": "00', b'"revision": "99', 1))


@pytest.mark.parametrize("damage", [_truncate, _flip_a_byte, _empty, _another_program, _escape, _newer])
def test_a_damaged_archive_is_refused_and_changes_nothing(archive, target, tmp_path, damage) -> None:
    broken = tmp_path / "broken.mektep"
    shutil.copy(archive, broken)
    damage(broken)
    before = _checksums(target)

    with pytest.raises(ArchiveRefusedError):
        restore(target, broken, replace=True)

    assert _checksums(target) == before
    assert not list(target.var_dir.rglob("*.csv"))


def test_content_that_differs_after_loading_is_rolled_back(archive, target, monkeypatch) -> None:
    before = _checksums(target)
    wrong = {**verify(archive)["tables"], "school": "299:1"}
    monkeypatch.setattr("app.workflows.back_up.verify", lambda path, folder: {**_unpack(path, folder), "tables": wrong})

    with pytest.raises(dump.RestoreFailedError, match="school differs"):
        restore(target, archive)

    assert _checksums(target) == before


def _unpack(path: Path, folder: Path) -> dict:
    return verify(path, folder)


def test_a_backup_that_fails_leaves_the_old_one(source, archive, tmp_path, monkeypatch) -> None:
    kept = tmp_path / "kept.mektep"
    shutil.copy(archive, kept)
    before = kept.read_bytes()

    def fail(*_: object) -> None:
        raise dump.DumpFailedError("disk full")

    monkeypatch.setattr(dump, "write_dump", fail)
    with pytest.raises(dump.DumpFailedError):
        back_up(source, kept)

    assert kept.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["kept.mektep"]


def test_what_a_killed_backup_left_is_removed_by_the_next(source, tmp_path) -> None:
    ended = subprocess.Popen(["true"])
    ended.wait()
    left, of_somebody = tmp_path / f".backup-{ended.pid}-x", tmp_path / f".backup-{os.getpid()}-y"
    for folder in (left, of_somebody):
        folder.mkdir()
        (folder / "database.dump").write_bytes(b"half")

    back_up(source, tmp_path / "all.mektep")

    assert not left.exists()
    assert of_somebody.exists()


def test_evidence_comes_back_and_what_was_damaged_before_is_named(target, tmp_path):
    engine = make_engine(target.owner_url)
    name = evidence_files.keep(target.evidence_dir, Copy(b"a photo"))
    with open_session(engine, "national") as session:
        place = make_assessed_place(session)
        session.execute(
            text("""
                INSERT INTO evidence
                    (key, assessment_id, criterion_id, is_restricted, kind, media_type, sha256, byte_count)
                SELECT gen_random_uuid(), id, :criterion, false, 'photo', 'image/jpeg', :name, 7 FROM assessment
            """),
            {"criterion": place.criteria["WSH-01"].id, "name": name},
        )
    engine.dispose()
    whole = tmp_path / "whole.mektep"
    assert back_up(target, whole).damaged == ()

    evidence_files.path_of(target.evidence_dir, name).write_bytes(b"another")
    told = back_up(target, tmp_path / "late.mektep").damaged
    restored = restore(target, whole, replace=True).damaged

    assert told == (name,)
    assert restored == ()
    assert evidence_files.path_of(target.evidence_dir, name).read_bytes() == b"a photo"
