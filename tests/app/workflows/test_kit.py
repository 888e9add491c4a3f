"""Kits: the list comes out of its inputs again, and whatever is changed in a kit is noticed."""

import hashlib
import io
import json
import subprocess
import sys
import zipfile

import pytest
from sqlalchemy import update

from app.workflows import kit_format, make_kit, reproduce_kit
from app.workflows.canonical import canonical_json
from app.workflows.kit_format import KitAlteredError, KitRefusedError, OtherMethodError, read_kit, write_kit
from app.workflows.kit_list import first_difference
from app.workflows.make_kit import HIDDEN, MOVED, NoKitError
from app.workflows.rank_schools import rank_schools
from app.workflows.save_scheme import NewScheme, save_scheme
from geodata.models import HazardLayer, Run, School
from tests.factories.country import make_country
from tests.factories.officers import become, make_officer
from tests.support.rights import EVERYTHING


def quiet(_pct, _step):
    pass


@pytest.fixture
def ranked(session):
    country = make_country(session)
    session.execute(update(HazardLayer).values(is_public=True))
    session.expire_all()
    return country, session.get(Run, rank_schools(session).run_id)


@pytest.fixture
def kit(session, ranked):
    return make_kit.make_kit(session, ranked[1], quiet)


def at(tmp_path, body):
    path = tmp_path / "kit.zip"
    path.write_bytes(body)
    return path


def files_of(kit):
    with zipfile.ZipFile(io.BytesIO(kit)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(files, **facts):
    """Return a kit of other files with a manifest that agrees with them."""
    manifest = json.loads(files["manifest.json"])
    kept = {name: manifest[name] for name in ("run", "code", "layers")}
    return write_kit({name: body for name, body in files.items() if name != "manifest.json"}, kept | facts)


def test_a_kit_gives_its_list_again_and_is_the_same_each_time(session, ranked, kit, tmp_path):
    made = reproduce_kit.reproduce(at(tmp_path, kit))

    assert (made.run_hash, made.schools, made.is_same_code, made.difference) == (ranked[1].hash, 4, True, None)
    assert make_kit.make_kit(session, ranked[1], quiet) == kit


def test_a_list_by_a_saved_scheme_comes_out_of_its_kit_too(session, ranked, tmp_path):
    officer = make_officer(session, "planner")
    become(session, officer)
    scheme = NewScheme("Poor rayons", "Ministry", "", (250, 150, 80, 250, 100, 70, 50, 50), is_national=True)
    code = save_scheme(session, scheme, officer.id, EVERYTHING)
    run = session.get(Run, rank_schools(session, code).run_id)
    made = reproduce_kit.reproduce(at(tmp_path, make_kit.make_kit(session, run, quiet)))

    assert (made.run_hash, made.difference) == (run.hash, None)


def test_the_tables_hash_to_what_the_run_names(ranked, kit):
    files, canonical = files_of(kit), json.loads(ranked[1].canonical)

    for name, digest in canonical["inputs"].items():
        extension = "bin" if name == "answers" else "csv"
        assert hashlib.sha256(files[f"inputs/{name}.{extension}"]).hexdigest() == digest, name
    assert hashlib.sha256(files["canonical.json"]).hexdigest() == ranked[1].hash


def test_the_script_inside_checks_it_with_python_alone(kit, tmp_path):
    with zipfile.ZipFile(io.BytesIO(kit)) as archive:
        archive.extractall(tmp_path)
    command = [sys.executable, "-I", "-S", str(tmp_path / "check_kit.py")]
    whole = subprocess.run(command, capture_output=True, text=True, check=False)
    (tmp_path / "list.csv").write_text("other")
    changed = subprocess.run(command, capture_output=True, text=True, check=False)

    assert (whole.returncode, changed.returncode) == (0, 1)
    assert "list.csv" in changed.stdout


def test_nothing_of_the_protection_group_is_in_it(kit):
    criteria = files_of(kit)["inputs/criteria.csv"].decode()

    assert "STR-01" in criteria
    assert "SEC-01" not in criteria


def test_no_kit_is_made_of_data_that_moved_on(session, ranked):
    country, run = ranked
    session.execute(update(School).where(School.id == country.schools["S1"].id).values(pupils=601))
    with pytest.raises(NoKitError) as refused:
        make_kit.make_kit(session, run, quiet)

    assert refused.value.message == MOVED


@pytest.mark.parametrize("what", ["school", "layer"])
def test_no_kit_is_made_of_what_is_not_public(session, what):
    country = make_country(session)
    session.execute(update(HazardLayer).values(is_public=what != "layer"))
    session.execute(update(School).where(School.id == country.schools["S4"].id).values(is_published=what != "school"))
    session.expire_all()
    run = session.get(Run, rank_schools(session).run_id)
    with pytest.raises(NoKitError) as refused:
        make_kit.make_kit(session, run, quiet)

    assert refused.value.message == HIDDEN
    assert refused.value.params["schools" if what == "school" else "layers"] > 0


def test_a_kit_that_does_not_give_the_list_is_never_kept(session, ranked, monkeypatch):
    monkeypatch.setattr(make_kit, "list_csv", lambda rows: b"another list")
    with pytest.raises(NoKitError) as refused:
        make_kit.make_kit(session, ranked[1], quiet)

    assert refused.value.message == make_kit.DIFFERS


@pytest.mark.parametrize("cut", [0.0, 0.3, 0.9, 0.999])
def test_a_kit_that_was_cut_off_is_refused(kit, tmp_path, cut):
    with pytest.raises(KitRefusedError):
        read_kit(at(tmp_path, kit[: int(cut * len(kit))]))


def test_any_changed_byte_is_noticed(kit, tmp_path):
    found = []
    for place in range(60, len(kit), max(1, len(kit) // 40)):
        altered = bytearray(kit)
        altered[place] ^= 0xFF
        try:
            made = reproduce_kit.reproduce(at(tmp_path, bytes(altered)))
        except kit_format.KitError:
            continue
        found.append((place, made.difference))

    assert all(difference is None for _place, difference in found), "what passes is outside of the files"
    assert len(found) < 8


def test_a_changed_file_shows_against_the_manifest(kit, tmp_path):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, body in files_of(kit).items():
            archive.writestr(name, body.replace(b"600", b"999") if name == "inputs/schools.csv" else body)

    with pytest.raises(KitAlteredError, match=r"inputs/schools\.csv"):
        read_kit(at(tmp_path, stream.getvalue()))


def test_an_input_exchanged_together_with_its_manifest_shows_against_the_run(kit, tmp_path):
    files = files_of(kit)
    files["inputs/schools.csv"] = files["inputs/schools.csv"].replace(b"600", b"999")

    with pytest.raises(KitAlteredError, match="not what the run rested on"):
        read_kit(at(tmp_path, packed(files)))


def test_a_list_exchanged_together_with_its_manifest_is_an_alarm_that_names_the_school(kit, tmp_path):
    files = files_of(kit)
    lines = files["list.csv"].decode().splitlines(keepends=True)
    files["list.csv"] = (lines[0] + lines[2].replace(",2,", ",1,", 1) + lines[1] + "".join(lines[3:])).encode()
    made = reproduce_kit.reproduce(at(tmp_path, packed(files)))

    assert made.difference is not None
    assert "line 2" in made.difference
    assert lines[1].split(",")[0] in made.difference


def test_a_forged_canonical_text_is_another_run(kit, tmp_path):
    files = files_of(kit)
    canonical = json.loads(files["canonical.json"]) | {"data_date": "2020-01-01"}
    files["canonical.json"] = canonical_json(canonical).encode()

    with pytest.raises(KitAlteredError, match="not that of the run"):
        read_kit(at(tmp_path, packed(files)))


def test_another_version_of_the_program_is_said(kit, tmp_path, monkeypatch):
    monkeypatch.setattr(reproduce_kit, "code_version", lambda: "another")
    assert reproduce_kit.reproduce(at(tmp_path, kit)).is_same_code is False


def with_constants(kit, change):
    """The kit of a run with other constants, true in itself."""
    files = files_of(kit)
    canonical = json.loads(files["canonical.json"])
    name = "method_constants.csv"
    files[f"parameters/{name}"] = change(files[f"parameters/{name}"])
    canonical["parameters"][name] = hashlib.sha256(files[f"parameters/{name}"]).hexdigest()
    files["canonical.json"] = canonical_json(canonical).encode()
    return packed(files, run=hashlib.sha256(files["canonical.json"]).hexdigest())


def test_a_kit_is_computed_by_its_own_parameters_whatever_is_installed(kit, tmp_path):
    """Years later other tables are installed: a new comment changes nothing, another constant changes the list."""
    same = with_constants(kit, lambda body: body.replace(b",proposal,", b",proposal of 2026,"))
    other = with_constants(kit, lambda body: body.replace(b"priority.unknown_value,0.5", b"priority.unknown_value,0.9"))

    assert reproduce_kit.reproduce(at(tmp_path, same)).difference is None
    assert "line 2" in reproduce_kit.reproduce(at(tmp_path, other)).difference


def test_a_kit_that_lacks_what_this_program_needs_is_refused_with_the_name(kit, tmp_path):
    poor = with_constants(kit, lambda body: body.replace(b"priority.unknown_value,", b"priority.former_name,"))
    with pytest.raises(OtherMethodError, match=r"priority\.unknown_value"):
        reproduce_kit.reproduce(at(tmp_path, poor))


def test_a_kit_that_was_unpacked_and_packed_again_is_the_same_kit(kit, tmp_path):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.mkdir("inputs")
        for name, body in files_of(kit).items():
            archive.writestr(name, body)
    assert reproduce_kit.reproduce(at(tmp_path, stream.getvalue())).difference is None


@pytest.mark.parametrize(
    "name", ["manifest.json", "canonical.json", "list.csv", "inputs/answers.bin", "inputs/buildings.csv"]
)
def test_a_kit_without_a_part_is_refused(kit, tmp_path, name):
    files = files_of(kit)
    del files[name]
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for kept, body in files.items():
            archive.writestr(kept, body)

    with pytest.raises(KitRefusedError, match="lacks"):
        read_kit(at(tmp_path, stream.getvalue()))


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("manifest.json", b"0" * 50_000_000)

    with pytest.raises(KitRefusedError, match="archive_bomb"):
        read_kit(at(tmp_path, stream.getvalue()))


def test_answers_that_pack_too_well_are_stored_as_they_are(tmp_path):
    body = write_kit({"inputs/answers.bin": b"0" * 6_000_000}, {})
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        assert archive.getinfo("inputs/answers.bin").compress_type == zipfile.ZIP_STORED


def test_the_first_difference_names_both_sides():
    assert first_difference(b"a\nb\n", b"a\nb\n") is None
    assert "'b'" in first_difference(b"a\nb\n", b"a\nc\n")
    assert "2 schools" in first_difference(b"h\na\nb\n", b"h\na\n")
