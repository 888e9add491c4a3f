"""Words of the start-up steps: what is done, how far it is, how it ended. Standard library only."""

from __future__ import annotations

import sys
import time

_begun = time.monotonic()


class CannotGoOnError(Exception):
    """A step that people must do themselves; the message says which, exactly. Exit code 2."""


def step(text: str) -> None:
    """Announce a step, with the seconds since the start."""
    print(f"[{time.monotonic() - _begun:5.1f} s] {text}", flush=True)


def detail(text: str) -> None:
    """Say how far the step is."""
    print(f"          {text}", flush=True)


def quiet_step(text: str) -> None:
    """Announce a step on standard error, so that the output of a command stays clean."""
    print(text, file=sys.stderr, flush=True)
