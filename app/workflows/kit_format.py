"""The kit of a run as a file: one ZIP with a manifest, written the same way each time and read with care.

What is inside: ``canonical.json`` (its SHA-256 is the name of the run), the input tables whose hashes that text names,
parameters, the scheme, the list that was published, and a script that checks the hashes with Python alone.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.workflows.canonical import canonical_json
from geodata.errors import FileRefusedError
from geodata.readers.archive import chunks_of, open_archive

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

FORMAT = "koopsuz-kit/2"
FIRST_FORMAT = "koopsuz-kit/1"
"""Kits of lists without intervals, confidence and the other methods; their lists come out as they are."""

FORMATS = (FIRST_FORMAT, FORMAT)
MANIFEST, CANONICAL, LIST, SCHEME, PLACES = "manifest.json", "canonical.json", "list.csv", "scheme.toml", "places.csv"
ANSWERS = "inputs/answers.bin"
TABLES = ("schools", "buildings", "areas", "criteria", "assessments")
"""Input tables: ``inputs/<name>.csv`` each."""

NEEDED = (CANONICAL, LIST, SCHEME, PLACES, ANSWERS, *(f"inputs/{name}.csv" for name in TABLES))
MOMENT = (1980, 1, 1, 0, 0, 0)
MOST_RATIO = 100
"""What packs better is stored as it is: a reader takes a very good ratio for a bomb."""


class KitError(Exception):
    """Base of what is wrong with a kit; the text says what, in words of the command line."""


class KitRefusedError(KitError):
    """The file is no kit, or is damaged: nothing can be said about the list."""


class KitAlteredError(KitError):
    """The kit contradicts itself: something in it was changed after it was made."""


class OtherMethodError(KitError):
    """This program cannot compute with the parameters or the scheme of weights that the kit holds."""


@dataclass(frozen=True, slots=True)
class Kit:
    """A kit that was read: bytes by name, the manifest, and what the run rests on."""

    files: Mapping[str, bytes]
    manifest: Mapping[str, Any]
    canonical: Mapping[str, Any]

    @property
    def form(self) -> str:
        """Return which of ``FORMATS`` the kit, and its list, has."""
        return str(self.manifest.get("format"))

    @property
    def run_hash(self) -> str:
        """Return the name of the run: the SHA-256 of its canonical text."""
        return hashlib.sha256(self.files[CANONICAL]).hexdigest()


def write_kit(files: Mapping[str, bytes], facts: Mapping[str, Any], form: str = FORMAT) -> bytes:
    """Return the ZIP of ``files`` with their manifest; the same content gives the same bytes."""
    sizes = {name: {"sha256": hashlib.sha256(body).hexdigest(), "bytes": len(body)} for name, body in files.items()}
    manifest = canonical_json({"format": form, "files": sizes, **facts}).encode()
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, body in sorted({**files, MANIFEST: manifest}.items()):
            entry = zipfile.ZipInfo(name, MOMENT)
            entry.create_system, entry.external_attr = 3, 0o644 << 16
            packed = zipfile.ZIP_DEFLATED
            archive.writestr(entry, body, packed if _packs_well(body) else zipfile.ZIP_STORED, 6)
    return stream.getvalue()


def _packs_well(body: bytes) -> bool:
    import zlib

    return len(zlib.compress(body, 1)) * MOST_RATIO >= len(body)


def read_kit(path: Path) -> Kit:
    """Read a kit and hold every file against the manifest and every input against the canonical text.

    Raises:
        KitRefusedError: No kit: another file, cut off, damaged, a bomb, or something is missing.
        KitAlteredError: A file is another than the manifest or the run's name says.
    """
    try:
        with open_archive(path) as archive:
            names = [entry.filename for entry in archive.infolist() if not entry.is_dir()]
            files = {name: b"".join(chunks_of(archive, name)) for name in names}
    except FileRefusedError as error:
        raise KitRefusedError(f"this is no kit that can be read ({error.problem.code})") from error
    missing = sorted({MANIFEST, *NEEDED} - files.keys())
    if missing:
        raise KitRefusedError(f"the kit lacks {', '.join(missing)}")
    manifest, canonical = _json(files, MANIFEST), _json(files, CANONICAL)
    if manifest.get("format") not in FORMATS:
        known = " and ".join(map(repr, FORMATS))
        raise KitRefusedError(f"the kit is of the form {manifest.get('format')!r}, this program reads {known}")
    kit = Kit(files, manifest, canonical)
    _hold_against_manifest(kit)
    _hold_against_run(kit)
    return kit


def _json(files: Mapping[str, bytes], name: str) -> dict[str, Any]:
    try:
        found = json.loads(files[name])
    except ValueError as error:
        raise KitRefusedError(f"{name} is no JSON") from error
    if not isinstance(found, dict):
        raise KitRefusedError(f"{name} is no JSON object")
    return found


def _hold_against_manifest(kit: Kit) -> None:
    listed = kit.manifest.get("files")
    if not isinstance(listed, dict) or listed.keys() != kit.files.keys() - {MANIFEST}:
        raise KitAlteredError("the files of the kit are not those that its manifest lists")
    for name, facts in sorted(listed.items()):
        if not isinstance(facts, dict) or facts.get("sha256") != hashlib.sha256(kit.files[name]).hexdigest():
            raise KitAlteredError(f"{name} is not the file that the manifest names by its SHA-256")


def _hold_against_run(kit: Kit) -> None:
    """The canonical text names the hash of every input: what was exchanged together with its manifest shows here."""
    if kit.manifest.get("run") != kit.run_hash:
        raise KitAlteredError("the canonical text is not that of the run which the manifest names")
    expected = {
        f"inputs/{name}.{'bin' if name == 'answers' else 'csv'}": digest
        for name, digest in _mapping(kit.canonical, "inputs").items()
    }
    expected |= {
        f"layers/{code}.bin": _mapping(kit.canonical, "layers")[code].get("measured")
        for code in _mapping(kit.canonical, "layers")
    }
    expected |= {f"parameters/{name}": digest for name, digest in _mapping(kit.canonical, "parameters").items()}
    expected[SCHEME] = _mapping(kit.canonical, "scheme").get("sha256")
    for name, digest in sorted(expected.items()):
        if name not in kit.files:
            raise KitAlteredError(f"{name}, on which the run rests, is not in the kit")
        if hashlib.sha256(kit.files[name]).hexdigest() != digest:
            raise KitAlteredError(f"{name} is not what the run rested on")


def _mapping(canonical: Mapping[str, Any], part: str) -> dict[str, Any]:
    found = canonical.get(part)
    if not isinstance(found, dict):
        raise KitRefusedError(f"the canonical text says nothing of {part}")
    return found
