"""Write the documents that follow from code: ``python -m scripts.write_docs [--check]``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from app.settings import PROJECT_ROOT, Settings

HEAD = """\
# Every setting, its default and its meaning. Written by: python -m scripts.write_docs
# scripts/run needs none of them. They are environment variables; this file itself is not read.

# Use this database instead of the private PostGIS: a role that may create roles and extensions.
# DATABASE_URL=postgresql://admin:password@host/database

# Tests only: a role that may create databases, on a server that has PostGIS and our three roles.
# MEKTEP_TEST_SERVER=postgresql+psycopg://postgres@/postgres?host=/path/to/socket
"""


def _default(value: Any) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, Path):
        return str(value.relative_to(PROJECT_ROOT)) if value.is_relative_to(PROJECT_ROOT) else str(value)
    if isinstance(value, tuple):
        return "[" + ",".join(f'"{item}"' for item in value) + "]"
    return str(value).lower() if isinstance(value, bool) else str(value)


def env_example() -> str:
    """Return the text of ``.env.example``."""
    prefix = Settings.model_config["env_prefix"]
    parts = [HEAD]
    for name, field in Settings.model_fields.items():
        parts.append(f"# {field.description}\n# {prefix}{name.upper()}={_default(field.default)}\n")
    return "\n".join(parts)


DOCUMENTS = {".env.example": env_example}


def main(arguments: list[str]) -> int:
    """Write the documents; with ``--check`` only say which are out of date (exit 1)."""
    stale = []
    for name, make in DOCUMENTS.items():
        path, wanted = PROJECT_ROOT / name, make()
        if path.exists() and path.read_text(encoding="utf-8") == wanted:
            continue
        stale.append(name)
        if "--check" not in arguments:
            path.write_text(wanted, encoding="utf-8")
    print(", ".join(stale) or "nothing to do")
    return 1 if stale and "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
