"""The virtual environment: made once, filled from the hashed lock, stamped so that the next start skips it.

Standard library only: this runs with the system's Python.
"""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
import venv
from pathlib import Path

from scripts.machine.say import CannotGoOnError, detail, step

ROOT = Path(__file__).resolve().parents[2]
ENVIRONMENT = ROOT / ".venv"
PYTHON = ENVIRONMENT / "bin/python"
STAMP = ENVIRONMENT / "installed.json"
LOCKS = {"run": "requirements.txt", "test": "requirements-dev.txt"}
NEEDED = (3, 11)


def check_python() -> None:
    """Refuse a Python that the lock was not made for."""
    if sys.version_info[:2] != NEEDED and not _runs():
        found = ".".join(map(str, sys.version_info[:2]))
        raise CannotGoOnError(
            f"Python 3.11 is needed, this is {found}. On Debian 12: apt-get install python3.11 python3.11-venv"
        )


def _lock_hash(purpose: str) -> str:
    return hashlib.sha256((ROOT / LOCKS[purpose]).read_bytes()).hexdigest()


def _stamps() -> dict[str, str]:
    try:
        found = json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _runs() -> bool:
    if not PYTHON.exists():
        return False
    tried = subprocess.run([str(PYTHON), "-c", "import sys; print(sys.prefix)"], capture_output=True, check=False)
    return tried.returncode == 0 and Path(tried.stdout.decode().strip()).resolve() == ENVIRONMENT.resolve()


def is_ready(purpose: str) -> bool:
    """Tell whether the environment holds exactly what the lock of ``purpose`` names."""
    stamps = _stamps()
    return PYTHON.exists() and stamps.get("root") == str(ROOT) and stamps.get(purpose) == _lock_hash(purpose)


def prepare(purpose: str) -> None:
    """Make the environment complete for ``purpose``; an interrupted installation is continued."""
    if is_ready(purpose):
        return
    if not _runs():
        step("Making the virtual environment in .venv")
        _make()
    _install(purpose)
    stamps = {"root": str(ROOT), purpose: _lock_hash(purpose)}
    if purpose == "test":  # its lock holds the other one's pins too
        stamps["run"] = _lock_hash("run")
    STAMP.write_text(json.dumps(stamps), encoding="utf-8")


def _make() -> None:
    try:
        venv.EnvBuilder(with_pip=True, clear=True, symlinks=True).create(ENVIRONMENT)
    except subprocess.CalledProcessError:
        detail("ensurepip is missing, trying the system's pip")
        venv.EnvBuilder(with_pip=False, clear=True, symlinks=True).create(ENVIRONMENT)
        command = [sys.executable, "-m", "pip", "--python", str(PYTHON), "install", "-q", "pip"]
        if subprocess.run(command, check=False).returncode != 0:
            raise CannotGoOnError(
                "The virtual environment cannot be made. Run this as root: apt-get install python3-venv"
            ) from None


def _install(purpose: str) -> None:
    lock = ROOT / LOCKS[purpose]
    count = len(re.findall(r"(?m)^[A-Za-z0-9_.-]+==", lock.read_text(encoding="utf-8")))
    step(f"Installing {count} Python packages from {lock.name} (hashes checked)")
    # the lock is whole: asking what each package needs would let a newer release of one of its extras in
    command = [str(PYTHON), "-m", "pip", "install", "--require-hashes", "--no-deps", "--no-input"]
    command += ["--disable-pip-version-check", "--progress-bar", "off", "-r", str(lock)]
    process = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    seen = 0
    tail: list[str] = []
    try:
        for line in process.stdout or ():
            tail = [*tail[-14:], line.rstrip()]
            if line.startswith(("Collecting ", "Requirement already satisfied")):
                seen += 1
                if seen % 20 == 0:
                    detail(f"{min(seen, count)} of {count} packages found")
            elif line.startswith("Installing collected"):
                detail("writing the packages")
        code = process.wait()
    except BaseException:
        process.terminate()
        process.wait()
        raise
    if code != 0:
        raise CannotGoOnError("The Python packages could not be installed:\n" + "\n".join(tail))
