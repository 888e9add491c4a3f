"""People who read while faults are made: pages, tiles and API answers at a steady rate."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass

from scripts.drills import SEED
from scripts.drills.place import Place
from scripts.drills.running import Answer, Running

MOST_AT_ONCE = 32
LANGUAGES = ("ky", "ru", "en")


@dataclass(frozen=True)
class Reading:
    """One request: when it was meant to be sent (monotonic seconds), where to, and the answer."""

    begun: float
    path: str
    answer: Answer


def addresses(place: Place) -> list[str]:
    """Return what people read, in the mixture of a working day; each address holds something."""
    schools = [code for (code,) in place.ask("SELECT code FROM school ORDER BY md5(code) LIMIT 60")]
    areas = [code for (code,) in place.ask("SELECT code FROM area WHERE valid_to IS NULL ORDER BY code LIMIT 40")]
    found = []
    for language in LANGUAGES:
        found += [f"/{language}/", f"/{language}/map", f"/{language}/priorities", f"/{language}/method"]
        found += [f"/{language}/priorities?sort=grade&offset={offset}" for offset in (0, 50, 100)]
        found += [f"/{language}/schools/{code}" for code in schools[:20]]
        found += [f"/{language}/areas/{code}" for code in areas[:12]]
    found += [f"/api/v1/priorities?limit=50&offset={offset}" for offset in range(0, 500, 50)]
    found += [f"/api/v1/schools/{code}" for code in schools] + [f"/api/v1/areas/{code}" for code in areas]
    found += [f"/tiles/schools/6/{x}/{y}.mvt" for x in (44, 45, 46) for y in (23, 24)]
    found += [f"/tiles/areas/7/{x}/{y}.mvt" for x in (89, 90, 91, 92) for y in (47, 48)]
    return found


@contextmanager
def reading(server: Running, each_second: float) -> Iterator[list[Reading]]:
    """Read at a steady rate until the block ends, whatever the answers take; yield the growing list of readings.

    A request that must wait for a free reader counts from the moment it was meant for.
    """
    paths = addresses(server.place)
    chance = random.Random(SEED)  # noqa: S311
    reads: list[Reading] = []
    over = threading.Event()

    def read(due: float, path: str) -> None:
        answer = server.get(path, {"Accept-Encoding": "gzip"})
        late = time.monotonic() - due
        reads.append(Reading(due, path, Answer(answer.status, answer.body, late, answer.headers)))

    def send() -> None:
        begun, number = time.monotonic(), 0
        with ThreadPoolExecutor(MOST_AT_ONCE) as pool:
            while not over.is_set():
                due = begun + number / each_second
                time.sleep(max(0.0, due - time.monotonic()))
                pool.submit(read, due, chance.choice(paths))
                number += 1

    sender = threading.Thread(target=send)
    sender.start()
    try:
        yield reads
    finally:
        over.set()
        sender.join()
