"""Where things are: ``var`` below the project, the private server's folders, the secret key."""

from __future__ import annotations

import hashlib
import os
import secrets
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VAR = Path(os.environ.get("MEKTEP_VAR_DIR") or ROOT / "var")
LONGEST_SOCKET_PATH = 100


def short_hash() -> str:
    """Return a name for this checkout that fits anywhere."""
    return hashlib.sha256(str(ROOT).encode()).hexdigest()[:12]


def make_folder(path: Path, mode: int = 0o755) -> Path:
    """Make a folder and return it."""
    path.mkdir(parents=True, exist_ok=True, mode=mode)
    return path


def secret_key() -> str:
    """Return the key that signs sessions, made at the first start and readable by this user only."""
    path = make_folder(VAR) / "secret_key"
    if not path.exists():
        new = path.with_name(f"secret_key.{os.getpid()}")
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(new, path)  # the first one wins
        except FileExistsError:
            pass
        finally:
            new.unlink()
    return path.read_text(encoding="utf-8").strip()
