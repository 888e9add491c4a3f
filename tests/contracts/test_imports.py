"""Imports go scripts -> app -> layers -> geodata and never back; rules know neither Flask nor the database."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_import_contracts_hold():
    done = subprocess.run(
        [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr


def test_web_code_starts_without_heavy_libraries():
    code = (
        "import sys, importlib, app.factory as f;"
        "[importlib.import_module(name) for name in f.BLUEPRINTS];"
        "heavy = {'geopandas', 'folium', 'matplotlib', 'scipy', 'rasterio', 'xlsxwriter', 'pyarrow', 'typst'};"
        "print(sorted(heavy & set(sys.modules)))"
    )

    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"
