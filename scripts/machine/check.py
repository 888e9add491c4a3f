"""``scripts/test``: every check, one after another; closes with pytest's own line. Non-zero when one failed.

Without arguments the tests run on as many processes as there are cores, each file whole in one of them.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path

from scripts.machine import places, postgres
from scripts.machine.say import step

JS_LIBRARY = places.ROOT / "app/web/static/js/lib"
SPREAD = ["-n", "logical", "--maxprocesses", "4", "--dist", "loadfile", "--no-loadscope-reorder"]
CHECKED = ("app", "geodata", "layers", "scripts", "tests")


def main(arguments: list[str]) -> int:
    """Run format, lint, types, import contracts, JavaScript and pytest; ``arguments`` go to pytest."""
    cluster, started = None, False
    environment = {**os.environ, "PYTHONPATH": str(places.ROOT), "MYPY_CACHE_DIR": str(places.ROOT / ".mypy_cache")}
    environment.setdefault("HOME", str(places.make_folder(places.VAR / "home")))
    if not environment.get("MEKTEP_TEST_SERVER"):
        cluster = postgres.locate()
        step("Starting the private PostGIS for tests")
        started = postgres.start(cluster)
        _make_roles(cluster)
        environment["MEKTEP_TEST_SERVER"] = cluster.address("postgres", "postgres")
    try:
        return _run_all(environment, arguments)
    except KeyboardInterrupt:
        return 130
    finally:
        if cluster is not None and started:
            postgres.stop(cluster)


def _make_roles(cluster: postgres.Cluster) -> None:
    from scripts.machine import provision

    provision.private(cluster)


def _run_all(environment: dict[str, str], arguments: list[str]) -> int:
    failed = []
    subprocess.run([sys.executable, "-m", "scripts.translations", "compile"], cwd=places.ROOT, check=True)
    for name, command in _checks():
        begun = time.monotonic()
        done = subprocess.run(
            command,
            cwd=places.ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        step(f"{name}: {'good' if done.returncode == 0 else 'FAILED'} ({time.monotonic() - begun:.1f} s)")
        if done.returncode != 0:
            print((done.stdout + done.stderr).strip()[-6000:], flush=True)
            failed.append(name)
    step("tests")
    if failed:
        print(f"failed before the tests: {', '.join(failed)}", flush=True)
    pytest = [sys.executable, "-m", "pytest", *(arguments or SPREAD)]
    code = subprocess.run(pytest, cwd=places.ROOT, env=environment, stdin=subprocess.DEVNULL, check=False).returncode
    return code or (1 if failed else 0)


def _checks() -> list[tuple[str, list[str]]]:
    tools = Path(sys.executable).parent
    checks = [
        ("format", [str(tools / "ruff"), "format", "--check", *CHECKED]),
        ("lint", [str(tools / "ruff"), "check", *CHECKED]),
        ("types", [str(tools / "mypy"), "app", "geodata", "layers", "scripts"]),
        ("packages", [sys.executable, "-m", "pip", "check"]),
        ("import contracts", [str(tools / "lint-imports")]),
    ]
    node = Path(str(find_spec("playwright").origin)).parent / "driver/node"  # type: ignore[union-attr]
    scripts = sorted(str(path) for path in (places.ROOT / "tests").rglob("*.test.*js"))
    scripts += sorted(str(path) for path in JS_LIBRARY.rglob("*.test.*js"))
    if scripts:
        checks.append(("JavaScript", [str(node), "--test", *scripts]))
    return checks
