"""Visitors and an account of every role read the same addresses, alone and all at once through the same processes.

What one may not see is planted as schools that are not published. Alone, an answer shows who sees what; at once,
each answer must be the one that the same reader got alone: nothing of another reader's session, connection or page.
"""

from __future__ import annotations

import hashlib
import random
import re
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from urllib.parse import urlencode

from app.workflows.demonstration_accounts import add_demonstration_accounts
from geodata.database import make_engine, open_session
from scripts.drills import SEED, Finding, drill
from scripts.drills.place import Place
from scripts.drills.running import Answer, Running, running

EACH_TIME = 2_000
AT_ONCE = 16
MOST_BUSY = 0.01
CANARY = "q7zxcanary"
OWN, FAR = f"own{CANARY}", f"far{CANARY}"
CHANGING = re.compile(
    rb'nonce="[^"]*"|"nonce-[^"]*"|name="csrf_token" value="[^"]*"|data-token="[^"]*"|data-seconds="\d+"'
    rb"|\b[0-9a-f]{12}\b"
)
"""What differs from one answer to the next of the same reader: nonces, forgery tokens, seconds left, references."""

PLANT = """
    WITH best AS (
        SELECT result.school_id, result.oblast_id, result.aimak_id
        FROM school_result AS result JOIN run ON run.id = result.run_id AND run.is_published
        ORDER BY result.national_rank LIMIT 1
    ), chosen AS (
        (
            SELECT result.school_id, %s AS name FROM school_result AS result, best
            WHERE result.aimak_id = best.aimak_id AND result.school_id <> best.school_id
            ORDER BY result.national_rank LIMIT 1
        ) UNION ALL (
            SELECT result.school_id, %s FROM school_result AS result, best
            WHERE result.oblast_id <> best.oblast_id
            ORDER BY result.national_rank LIMIT 1
        )
    )
    UPDATE school SET is_published = false, name_ky = chosen.name, name_ru = chosen.name, name_en = chosen.name
    FROM chosen WHERE school.id = chosen.school_id
    RETURNING school.code
"""


@dataclass(frozen=True, eq=False)
class Reader:
    """Who reads: ``headers`` hold the session, ``hidden`` the planted texts that they may not see."""

    name: str
    headers: dict[str, str]
    hidden: tuple[str, ...]


@dataclass(frozen=True)
class Seen:
    """An answer without what differs each time, and the planted texts in it."""

    status: int
    digest: str
    marks: frozenset[str]


@drill("matrix", needs="country", limit_s=600)
def matrix(place: Place, times: int) -> Iterator[Finding]:
    """Every role reads every address alone, then 2,000 times in any order at once: no leak, no other's answer."""
    codes = [code for (code,) in place.ask(PLANT, OWN, FAR)]
    with running(place, MEKTEP_DEMONSTRATION_ACCOUNTS="open") as server:
        readers = list(_readers(server))
        paths = _addresses(place, codes)
        alone = {(who, path): _see(server.get(path, who.headers)) for who in readers for path in paths}
        yield _leaks(readers, paths, alone)
        again = {pair: _see(server.get(pair[1], pair[0].headers)) for pair in alone}
        steady = {pair: seen for pair, seen in alone.items() if again[pair] == seen}
        yield _at_once(server, steady, len(alone), times * EACH_TIME)


def _readers(server: Running) -> Iterator[Reader]:
    """Yield a visitor, and one account of each role around the school that is ranked first, signed in."""
    yield Reader("visitor", {}, (OWN, FAR))
    engine = make_engine(server.place.address("mektep_worker"))
    with open_session(engine, "national") as session:
        made = add_demonstration_accounts(session)
    engine.dispose()
    for one in made:
        yield Reader(one.name, _sign_in(server, one.name, one.password), (FAR,) if one.place else ())


def _sign_in(server: Running, name: str, password: str) -> dict[str, str]:
    form = server.get("/en/sign-in")
    token = re.search(r'name="csrf_token" value="([^"]+)"', form.text)
    if token is None:
        raise RuntimeError(f"no form to sign in: {form.status}")
    sent = urlencode({"name": name, "password": password, "csrf_token": token[1]}).encode()
    headers = {"Cookie": _cookie(form), "Content-Type": "application/x-www-form-urlencoded"}
    answer = server.post("/en/sign-in", sent, headers)
    if answer.status != 303:
        raise RuntimeError(f"{name} is not let in: {answer.status}")
    return {"Cookie": _cookie(answer)}


def _cookie(answer: Answer) -> str:
    return answer.headers.get("Set-Cookie", "").split(";", 1)[0]


def _addresses(place: Place, hidden: list[str]) -> list[str]:
    """Return pages, files, tiles and calls that differ by reader; the hidden schools by their codes too."""
    schools = [code for (code,) in place.ask("SELECT code FROM school WHERE is_published ORDER BY md5(code) LIMIT 3")]
    found = [f"/ky/schools/{code}" for code in (*schools, *hidden)]
    found += [f"/api/v1/schools/{code}" for code in (*schools, *hidden)]
    found += [f"/{lang}/priorities?q={CANARY}" for lang in ("ky", "ru")]
    found += [f"/api/v1/schools?q={CANARY}", f"/api/v1/search?q={CANARY}", f"/api/v1/priorities?q={CANARY}&limit=20"]
    found += ["/ky/", "/ru/priorities", "/en/areas", "/ky/map", "/ky/work", "/en/audit", "/ru/imports", "/ky/accounts"]
    return [*found, "/tiles/schools/6/46/23.mvt", "/api/v1/priorities.csv?lang=ky&grade=E"]


def _see(answer: Answer) -> Seen:
    marks = frozenset(mark for mark in (OWN, FAR) if mark.encode() in answer.body)
    return Seen(answer.status, hashlib.sha256(CHANGING.sub(b"", answer.body)).hexdigest(), marks)


def _leaks(readers: list[Reader], paths: list[str], alone: dict[tuple[Reader, str], Seen]) -> Finding:
    """Judge what each reader sees alone; the planted texts must be seen by somebody, or they prove nothing."""
    leaks = sorted(f"{who.name} {path}" for (who, path), seen in alone.items() if seen.marks & set(who.hidden))
    shown = set().union(*(seen.marks for seen in alone.values()))
    broken = sorted({f"{seen.status} {path}" for (_, path), seen in alone.items() if not 200 <= seen.status < 500})
    return Finding(
        "who sees what, alone",
        f"{len(readers)} readers (a visitor, one a role) at {len(paths)} addresses, two unpublished schools planted",
        "no visitor sees either, nobody of one territory the other's; whoever may see them does",
        f"{len(alone)} answers; leaks: {', '.join(leaks[:5]) or 'none'}; seen by who may: {len(shown)} of 2"
        + (f"; no answers: {', '.join(broken[:5])}" if broken else ""),
        not leaks and len(shown) == 2 and not broken,
    )


def _at_once(server: Running, steady: dict[tuple[Reader, str], Seen], known: int, requests: int) -> Finding:
    """Ask in any order by many at once; each answer must be the reader's own."""
    chance = random.Random(SEED)  # noqa: S311
    asked = chance.choices(list(steady), k=requests)

    def ask(pair: tuple[Reader, str]) -> str:
        who, path = pair
        answer = server.get(path, who.headers)
        seen = _see(answer)
        if seen == steady[pair]:
            return ""
        if seen.marks & set(who.hidden):
            return f"LEAK to {who.name} at {path}"
        if answer.status == 503 and "Retry-After" in answer.headers:
            return "busy"
        whose = [other.name for (other, where), theirs in steady.items() if where == path and theirs == seen]
        return f"{who.name} at {path}: " + (f"the answer of {whose[0]}" if whose else f"another answer ({seen.status})")

    with ThreadPoolExecutor(AT_ONCE) as pool:
        told = Counter(pool.map(ask, asked))
    del told[""]
    busy = told.pop("busy", 0)
    wrong = sum(told.values())
    return Finding(
        "every role and visitors at once",
        f"{requests:,} requests in any order, {AT_ONCE} at a time; {len(steady)} of {known} answers stay the same",
        "each reader gets the answer that they got alone; at most 1 % are asked to wait",
        f"{wrong} wrong, {busy} asked to wait; "
        + ("; ".join(f"{count} x {what}" for what, count in told.most_common(3)) or "nobody's answer to another"),
        not wrong and busy <= MOST_BUSY * requests and len(steady) > known / 2,
    )
