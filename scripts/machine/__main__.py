"""``python -m scripts.machine run|test|mektep``: packages and environment first, then the rest inside of it."""

from __future__ import annotations

import os
import signal
import sys

from scripts.machine import environment, packages
from scripts.machine.say import CannotGoOnError, quiet_step


def prepare_below(purpose: str) -> None:
    """Bring system packages and the virtual environment in order."""
    own_server = not (os.environ.get("DATABASE_URL") or os.environ.get("MEKTEP_OWNER_URL"))
    environment.check_python()
    has_environment = environment.is_ready(purpose)
    packages.install_missing(packages.needs(purpose, own_server=own_server, has_environment=has_environment))
    environment.prepare(purpose)


def main(arguments: list[str]) -> int:
    """Prepare with the system's Python, then go on with that of the environment (the same process)."""
    verb, rest = arguments[0], arguments[1:]
    for number in (signal.SIGTERM, signal.SIGINT):  # a shell's background job begins with SIGINT ignored
        signal.signal(number, signal.default_int_handler)
    try:
        if verb != "inside":
            if verb == "run" and ("-h" in rest or "--help" in rest):
                print("scripts/run [--host 127.0.0.1] [--port 8000] [--workers N] [--no-demo]")
                return 0
            prepare_below("test" if verb == "test" else "run")
            python = str(environment.PYTHON)
            os.execv(python, [python, "-m", "scripts.machine", "inside", verb, *rest])  # noqa: S606
        return _inside(rest[0], rest[1:])
    except CannotGoOnError as error:
        quiet_step(str(error))
        return 2
    except KeyboardInterrupt:
        quiet_step("stopped; start again to go on from here")
        return 0


def _inside(verb: str, rest: list[str]) -> int:
    if verb == "run":
        from scripts.machine import start

        return start.main(rest)
    if verb == "test":
        from scripts.machine import check

        return check.main(rest)
    from scripts.machine import command

    return command.main(rest)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
