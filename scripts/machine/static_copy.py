"""A copy of the static files with brotli and gzip forms beside them, made again when a file changed."""

from __future__ import annotations

import gzip
import hashlib
import shutil
from pathlib import Path

from scripts.machine import places
from scripts.machine.say import step

SOURCE = places.ROOT / "app/web/static"
COMPRESSED = frozenset({".js", ".mjs", ".css", ".svg", ".json", ".txt", ".html", ".webmanifest", ".geojson"})
SMALLEST = 500


def refresh() -> Path:
    """Return the folder to serve; its name is the hash of names, sizes and times of the files."""
    files = sorted(path for path in SOURCE.rglob("*") if path.is_file()) if SOURCE.is_dir() else []
    digest = hashlib.sha256()
    for path in files:
        state = path.stat()
        digest.update(f"{path.relative_to(SOURCE)}\0{state.st_size}\0{state.st_mtime_ns}\n".encode())
    base = places.make_folder(places.VAR.resolve() / "static")
    target = base / digest.hexdigest()[:16]
    if target.is_dir():
        return target
    step(f"Compressing {len(files)} static files")
    new = base / f"{target.name}.new"
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir()
    for path in files:
        copy = new / path.relative_to(SOURCE)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, copy)
        if path.suffix in COMPRESSED and path.stat().st_size >= SMALLEST:
            _compress(copy)
    new.rename(target)
    for old in base.iterdir():
        if old != target:
            shutil.rmtree(old, ignore_errors=True)
    return target


def _compress(path: Path) -> None:
    import brotli

    content = path.read_bytes()
    quality = 11 if len(content) < 400_000 else 9
    for suffix, packed in (
        (".br", brotli.compress(content, quality=quality)),
        (".gz", gzip.compress(content, 9, mtime=0)),
    ):
        if len(packed) < len(content):
            path.with_name(path.name + suffix).write_bytes(packed)
            shutil.copystat(path, path.with_name(path.name + suffix))
