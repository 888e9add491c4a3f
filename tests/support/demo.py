"""The demonstration country, ranked, in a database of its own: made once and kept until code or data change."""

from __future__ import annotations

import hashlib
from pathlib import Path

from geodata.database import make_engine, open_session
from tests.support import database as test_database

ROOT = test_database.ROOT
DEMONSTRATION = 724002  # any number that no other lock of the test server has
MADE_OF = (
    "geodata/migrations/versions",
    "geodata/demonstration",
    "geodata/reference",
    "geodata/queries",
    "layers",
    "app/assessment",
    "app/risk",
    "app/prioritisation",
    "app/workflows",
)


def demonstration(var_dir: Path) -> test_database.Database:
    """Return the database of the demonstration; rasters lie in ``var_dir / "geodata"``."""
    name = f"mektep_demonstration_{_hash()}"
    ready = var_dir / f"{name}.ready"
    with test_database.alone(DEMONSTRATION):  # test processes beside this one wait until it is made
        if ready.exists() and test_database.exists(name):
            return test_database.Database(name, test_database.server())
        for old in test_database.named("mektep_demonstration_"):
            test_database.drop(old)
        made = test_database.create(name)
        _fill(made, var_dir / "geodata")
        ready.touch()
        return made


def _fill(made: test_database.Database, geodata_dir: Path) -> None:
    from app.workflows.load_demonstration import load_demonstration
    from app.workflows.load_reference import load_reference
    from app.workflows.rank_schools import rank_schools
    from app.workflows.refresh_exposure import refresh_exposure
    from geodata.queries import official_lists

    geodata_dir.mkdir(parents=True, exist_ok=True)
    engine = make_engine(made.url("mektep_worker"))
    with open_session(engine, "national") as session:
        load_reference(session)
        load_demonstration(session, geodata_dir=geodata_dir)
        refresh_exposure(session, geodata_dir)
        official_lists.add_decision(session, rank_schools(session, draws=None).run_id)
    engine.dispose()


def _hash() -> str:
    digest = hashlib.sha256()
    for folder in MADE_OF:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                digest.update(path.relative_to(ROOT).as_posix().encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
