"""The command line on a database of the test's own, in this process."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from geodata.database import make_engine, open_session
from scripts.__main__ import run

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from tests.support.database import Database


@dataclass
class Outcome:
    """Exit code, what was printed, and the object of ``--json``."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Return the JSON object on standard output."""
        return json.loads(self.out)


class CommandLine:
    """Runs verbs on ``database`` and reads what they left."""

    def __init__(
        self, database: Database, var_dir: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
    ) -> None:
        self.engine = make_engine(database.url("mektep_worker"))
        self.var_dir, self.monkeypatch, self.capfd = var_dir, monkeypatch, capfd
        monkeypatch.setenv("MEKTEP_WORKER_URL", database.url("mektep_worker"))
        monkeypatch.setenv("MEKTEP_VAR_DIR", str(var_dir))

    def __call__(self, *arguments: object) -> Outcome:
        """Run ``scripts/mektep ARGUMENTS``."""
        self.capfd.readouterr()
        self.monkeypatch.setattr(sys, "argv", ["mektep", *map(str, arguments)])
        code = run()
        out, err = self.capfd.readouterr()
        return Outcome(code, out, err)

    def rows(self, statement: str, **values: Any) -> list[tuple[Any, ...]]:
        """Return the rows of a statement, seen with national scope."""
        with open_session(self.engine, "national") as session:
            return [tuple(row) for row in session.execute(text(statement), values)]

    def value(self, statement: str, **values: Any) -> Any:
        """Return the one value of a statement."""
        return self.rows(statement, **values)[0][0]
