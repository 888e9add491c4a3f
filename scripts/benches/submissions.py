"""Forms for the field: making one of the whole country, and taking in a submission of every school."""

from __future__ import annotations

import json
import random
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.workflows.field_files import form_labels, read_delivery
from app.workflows.field_form import form_contents, make_form
from app.workflows.take_submissions import take_submissions
from geodata.records.assessing import OF_BLOCK
from geodata.records.field import question_name
from scripts.benches import Figure, bench, best_of, stopwatch
from scripts.connection import worker_engine

if TYPE_CHECKING:
    from geodata.database import Session
    from geodata.records.field import FormContents, FormCriterion

DAY = "2026-11-02"
STATES = ("meets", "meets", "partly", "fails", "unknown")
GOAL_FORMS = 2_394


@bench("submissions", sizes=(2_400,), needs_database=True)
def submissions(n: int) -> Iterator[Figure]:
    """An XLSForm of all n schools, and the import of one form of KoBoToolbox a school with every open criterion."""
    from geodata.database import open_session

    engine = worker_engine()
    with tempfile.TemporaryDirectory() as folder, open_session(engine, "national") as session:
        contents = form_contents(session, is_prefilled=True)
        yield Figure("XLSForm of the whole country", n, best_of(2, lambda: make_form(contents)), goal="<= 1 s")
        path = Path(folder) / "bench-forms.json"
        answers = _write(path, contents)
        with stopwatch() as seconds:
            delivery = read_delivery(path, form_labels(session))
            outcome = take_submissions(session, delivery, path.name)
            session.flush()
        yield Figure(
            "import of KoBo submissions", outcome.received, seconds[0], goal="<= 60 s",
            details={"answers": answers, "added": outcome.added, "refused": outcome.refused,
                     "MB": round(path.stat().st_size / 1e6, 1)},
        )  # fmt: skip
        with stopwatch() as seconds:
            again = take_submissions(session, delivery, path.name)
        yield Figure("the same again", again.received, seconds[0], details={"unchanged": again.unchanged})
        _leave_nothing(session)
    engine.dispose()


def _leave_nothing(session: Session) -> None:
    """Take everything back: the bench's database stays as it was."""
    session.rollback()


def _write(path: Path, contents: FormContents) -> int:
    """Write a form a school, with an answer to every criterion at the school and at its first building."""
    numbers = random.Random(7)  # noqa: S311  made-up answers
    blocks: dict[str, str] = {}
    for one in contents.buildings:
        blocks.setdefault(one.parent_code or "", one.code)
    answers, results = 0, []
    for school in contents.schools[:GOAL_FORMS]:
        result: dict[str, Any] = {
            "_uuid": str(uuid.UUID(int=numbers.getrandbits(128))), "edition": contents.mark, "protection": "0",
            "visit/kind": "instrument", "visit/assessed_on": DAY, "visit/assessor": "Асанова Б.",
            "visit/school": school.code, "__version__": "v1", "_submission_time": f"{DAY}T09:00:00", "_attachments": [],
        }  # fmt: skip
        block: dict[str, Any] = {}
        for criterion in contents.criteria:
            is_block = criterion.scope in OF_BLOCK
            target, prefix = (block, "block/") if is_block else (result, f"d_{criterion.domain_code}/")
            if is_block and school.code not in blocks:
                continue
            answers += 1
            target |= _answer(criterion, prefix, numbers)
        if block:
            result["block"] = [{"block/block_code": blocks[school.code], **block}]
        results.append(result)
    path.write_text(json.dumps({"count": len(results), "next": None, "previous": None, "results": results}))
    return answers


def _answer(criterion: FormCriterion, prefix: str, numbers: random.Random) -> dict[str, str]:
    name = question_name(criterion.code)
    found = {f"{prefix}{name}": numbers.choice(STATES), f"{prefix}{name}_note": "эскертүү"}
    if criterion.scope == "room":
        found |= {f"{prefix}{name}_rooms": "10", f"{prefix}{name}_passed": str(numbers.randrange(11))}
    return found
