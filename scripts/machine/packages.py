"""Packages of the system: find what is missing, install it as root, or say the exact line. Standard library only."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import NamedTuple

from scripts.machine.say import CannotGoOnError, detail, step

NOTO = Path("/usr/share/fonts/truetype/noto/NotoSans-Regular.ttf")
CLUSTER_SETTINGS = Path("/etc/postgresql-common/createcluster.conf")
SERVERS = Path("/usr/lib/postgresql")


class Need(NamedTuple):
    """Something from the system: how to see it, which packages bring it."""

    name: str
    is_there: Callable[[], bool]
    packages: tuple[str, ...]
    is_optional: bool = False


def server_folder() -> Path | None:
    """Return the programs of the newest PostgreSQL that has PostGIS."""
    for folder in sorted(SERVERS.glob("[0-9]*"), key=lambda path: float(path.name), reverse=True):
        control = Path("/usr/share/postgresql") / folder.name / "extension/postgis.control"
        if control.exists() and (folder / "bin/initdb").exists():
            return folder / "bin"
    return None


def _debian() -> str:
    try:
        text = Path("/etc/os-release").read_text(encoding="utf-8")
    except OSError:
        return ""
    names = dict(line.split("=", 1) for line in text.splitlines() if "=" in line)
    is_debian = "debian" in (names.get("ID", "") + names.get("ID_LIKE", ""))
    return names.get("VERSION_ID", "").strip('"') if is_debian else ""


def _postgis_packages() -> tuple[str, ...]:
    return ("postgresql-15", "postgresql-15-postgis-3") if _debian() == "12" else ("postgresql", "postgresql-postgis")


def _can_make_environment() -> bool:
    found = subprocess.run([sys.executable, "-c", "import ensurepip, venv"], capture_output=True, check=False)
    return found.returncode == 0


def _has_program(name: str) -> bool:
    return shutil.which(name) is not None


def needs(purpose: str, *, own_server: bool, has_environment: bool) -> list[Need]:
    """Return what ``run`` or ``test`` needs from the system."""
    found: list[Need] = []
    if own_server:
        found.append(Need("PostGIS", lambda: server_folder() is not None, _postgis_packages()))
    if not has_environment:
        found.append(Need("venv", _can_make_environment, ("python3-venv",)))
    found.append(Need("Noto Sans", NOTO.exists, ("fonts-noto-core",), is_optional=purpose == "run"))
    if purpose == "test":
        for program, package in (
            ("chromium", "chromium"),
            ("ogrinfo", "gdal-bin"),
            ("pdftotext", "poppler-utils"),
            ("node", "nodejs"),
        ):
            found.append(Need(program, partial(_has_program, program), (package,)))
    return found


def install_missing(wanted: list[Need]) -> None:
    """Install what is missing; raises ``CannotGoOnError`` with the line to run when this user may not."""
    missing = [need for need in wanted if not need.is_there()]
    if not missing:
        return
    packages = [package for need in missing for package in need.packages]
    line = f"apt-get update && apt-get install --no-install-recommends -y {' '.join(packages)}"
    if shutil.which("apt-get") is None:
        raise CannotGoOnError(f"These are missing, and this system has no apt-get: {', '.join(packages)}")
    root = _as_root()
    if root is None:
        if all(need.is_optional for need in missing):
            detail(f"optional, not installed without root: {' '.join(packages)}")
            return
        raise CannotGoOnError(f"System packages are missing. Run this as root, then start again:\n\n    {line}\n")
    step(f"Installing system packages: {' '.join(packages)}")
    _apt(root, "update")
    if any(name.startswith("postgresql") for name in packages):
        _install_without_cluster(root, packages)
    else:
        _apt(root, "install", *packages)
    still = [need.name for need in missing if not need.is_there() and not need.is_optional]
    if still:
        raise CannotGoOnError(f"After the installation these are still missing: {', '.join(still)}. Try: {line}")


def _as_root() -> list[str] | None:
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") is None:
        return None
    silent = subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False)
    return ["sudo", "-n"] if silent.returncode == 0 else None


def _install_without_cluster(root: list[str], packages: list[str]) -> None:
    """Install PostgreSQL's programs; where it was not there before, no cluster of the system is made."""
    if CLUSTER_SETTINGS.exists():
        _apt(root, "install", *packages)
        return
    _apt(root, "install", "postgresql-common")
    before = CLUSTER_SETTINGS.read_text(encoding="utf-8")
    off = re.sub(r"(?m)^#?\s*create_main_cluster.*$", "create_main_cluster = false", before)
    if "create_main_cluster = false" not in off:
        off += "\ncreate_main_cluster = false\n"
    _write_as_root(root, CLUSTER_SETTINGS, off)
    try:
        _apt(root, "install", *packages)
    finally:
        _write_as_root(root, CLUSTER_SETTINGS, before)


def _write_as_root(root: list[str], path: Path, text: str) -> None:
    subprocess.run([*root, "tee", str(path)], input=text.encode(), stdout=subprocess.DEVNULL, check=True)


def _apt(root: list[str], verb: str, *packages: str) -> None:
    options = ["-q", "-o", "DPkg::Lock::Timeout=300"]
    if verb == "install":
        options += ["-y", "--no-install-recommends"]
    command = [*root, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", *options, verb, *packages]
    process = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    tail: list[str] = []
    counts = {"Unpacking": 0, "Setting up": 0}
    for line in process.stdout or ():
        tail = [*tail[-14:], line.rstrip()]
        for phase in counts:
            if line.startswith(phase + " "):
                counts[phase] += 1
                if counts[phase] % 20 == 1:
                    detail(f"{line.split(' (')[0].strip()} (number {counts[phase]})")
    if process.wait() != 0:
        raise CannotGoOnError(f"apt-get {verb} failed:\n" + "\n".join(tail))
