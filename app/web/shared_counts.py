"""Counts of requests in the last minute, in memory that all web processes of one machine share.

The memory is mapped before the server forks (gunicorn ``--preload``), so that every process sees one table; without a
fork each process counts for itself. A count stands for two windows, this minute's and the last one's, of which the part
counts that still lies within the last sixty seconds. One process counts at a time: the lock is the kernel's, which
takes it back from a process that is killed.
"""

from __future__ import annotations

import fcntl
import math
import mmap
import os
import secrets
from hashlib import blake2b
from struct import Struct
from threading import Lock

WINDOW_S = 60
SLOTS = 1 << 16
TRIED = 4
"""Neighbouring slots in which a name may stand; when all are taken by others the quietest gives way."""

ROW = Struct("<QIII")  # hash of the name, minute, requests in it, requests in the minute before


class SharedCounts:
    """A table of ``SLOTS`` names in 1.3 MB; names are kept as keyed hashes, addresses are not stored."""

    def __init__(self) -> None:
        self._gate = os.fdopen(os.memfd_create("request-counts"), "r+b", buffering=0)
        self._gate.truncate(SLOTS * ROW.size)
        self._memory = mmap.mmap(self._gate.fileno(), SLOTS * ROW.size)
        self._key = secrets.token_bytes(16)
        self._lock = Lock()

    def take(self, name: str, limit: int, now: float) -> int:
        """Count a request under ``name`` at ``now`` (seconds); return 0, or the seconds to wait when it is too many.

        What is refused is not counted, so that who keeps asking is let in as soon as who waits.
        """
        return self._ask(name, limit, now, is_taken=True)

    def look(self, name: str, limit: int, now: float) -> int:
        """Return what ``take`` would, and count nothing."""
        return self._ask(name, limit, now, is_taken=False)

    def _ask(self, name: str, limit: int, now: float, *, is_taken: bool) -> int:
        mark = int.from_bytes(blake2b(name.encode(), digest_size=8, key=self._key).digest(), "little") or 1
        minute, passed = divmod(now, WINDOW_S)
        with self._lock:  # between threads; between processes the lock of the file, which threads share
            fcntl.lockf(self._gate, fcntl.LOCK_EX)
            try:
                offset, current, before = self._find(mark, int(minute))
                if before * (1 - passed / WINDOW_S) + current + 1 > limit:
                    return _wait(limit, current, before, passed)
                if is_taken:
                    ROW.pack_into(self._memory, offset, mark, int(minute), current + 1, before)
            finally:
                fcntl.lockf(self._gate, fcntl.LOCK_UN)
        return 0

    def _find(self, mark: int, minute: int) -> tuple[int, int, int]:
        """Return the place of a name and its two counts as they are in this minute."""
        quietest = (-1, 0)
        for step in range(TRIED):
            offset = (mark + step) % SLOTS * ROW.size
            held, at, current, before = ROW.unpack_from(self._memory, offset)
            if at != minute:
                current, before = 0, current if at == minute - 1 else 0
            if held == mark:
                return offset, current, before
            if quietest[0] < 0 or current + before < quietest[1]:
                quietest = (offset, current + before)
        return quietest[0], 0, 0


def _wait(limit: int, current: int, before: int, passed: float) -> int:
    """Return the whole seconds until one more request fits."""
    if current + 1 <= limit:  # enough of the last minute must fall out of the window
        return max(1, math.ceil(WINDOW_S * (1 - (limit - current - 1) / before) - passed))
    share = max(0.0, 1 - (limit - 1) / current)
    return max(1, math.ceil(WINDOW_S - passed + WINDOW_S * share))
