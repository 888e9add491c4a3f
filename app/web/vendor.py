"""Addresses of the vendored front-end files and the import map that names them."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any

VENDOR_DIR = Path(__file__).resolve().parent / "static" / "vendor"


@lru_cache(maxsize=1)
def vendored() -> dict[str, dict[str, Any]]:
    """Return the packages of vendor.toml by name."""
    packages = tomllib.loads((VENDOR_DIR / "vendor.toml").read_text("utf-8"))["package"]
    return {package["name"]: package for package in packages}


def vendor_path(name: str, part: str = "module") -> str:
    """Return the path below ``static/`` of a package's ``module`` or ``stylesheet``.

    Raises:
        KeyError: No such package or part: a mistake in a template, found by its first test.
    """
    package = vendored()[name]
    ending = f"/{package[part]}"
    return next(f"vendor/{entry['path']}" for entry in package["file"] if entry["path"].endswith(ending))
