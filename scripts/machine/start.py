"""``scripts/run``: prepare, load what an empty database needs, serve until told to stop."""

from __future__ import annotations

import argparse
import socket
import subprocess
import sys
import time
from dataclasses import replace

from scripts.machine import places, ready, static_copy
from scripts.machine.say import CannotGoOnError, detail, step
from scripts.machine.servers import Servers

SECONDS_BETWEEN_LOOKS = 3.0


def main(arguments: list[str]) -> int:
    """Start everything, wait for SIGINT or SIGTERM, stop what was started; 0 when stopped, 1 when something died."""
    choice = _read(arguments)
    _check_port(choice.host, choice.port)
    prepared = ready.prepare(step)
    servers: Servers | None = None
    try:
        environment = prepared.environment()
        _compile_catalogues()
        environment["MEKTEP_STATIC_DIR"] = str(static_copy.refresh())
        accounts = _fill(environment, prepared, demo=not choice.no_demo)
        servers = Servers(environment, choice.host, choice.port, choice.workers)
        step("Starting the web server and the job worker")
        servers.start()
        servers.wait_until_ready()
        _tell_ready(choice, accounts)
        _watch(servers, prepared)
        detail("the web server ended")
        return 1
    except KeyboardInterrupt:
        return 0
    finally:
        _stop(servers, prepared)


def _watch(servers: Servers, prepared: ready.Prepared) -> None:
    """Return when the web server is gone; a killed worker or database is started again."""
    looked_at = time.monotonic()
    while servers.watch():
        time.sleep(0.5)
        if time.monotonic() - looked_at > SECONDS_BETWEEN_LOOKS:
            _revive(prepared)
            looked_at = time.monotonic()


def _revive(prepared: ready.Prepared) -> None:
    """Start a database that ended; one that cannot start yet (its disk is full, say) is tried again at each look."""
    try:
        if prepared.revive():
            detail("the private PostGIS had ended and is up again")
    except CannotGoOnError as error:
        detail(f"the private PostGIS does not start, trying on: {str(error).splitlines()[-1]}")


def _stop(servers: Servers | None, prepared: ready.Prepared) -> None:
    step("Stopping")
    if servers is not None:
        servers.stop()
    prepared.stop()
    step("Stopped; nothing is lost, scripts/run goes on from here")


def _read(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/run", description="Prepare and start Koopsuz Mektep.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--workers", type=int, default=2, help="processes of the web server, four threads each")
    parser.add_argument("--no-demo", action="store_true", help="leave an empty database without demonstration data")
    return parser.parse_args(arguments)


def _check_port(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CannotGoOnError(
                f"{host}:{port} cannot be used ({error.strerror}). Choose another: scripts/run --port {port + 1}"
            ) from error


def _compile_catalogues() -> None:
    """Compile a language's catalogue when it is newer than its compiled form."""
    sources = list((places.ROOT / "app/i18n").glob("*/LC_MESSAGES/messages.po"))
    compiled = [source.with_suffix(".mo") for source in sources]
    if all(mo.exists() and mo.stat().st_mtime >= po.stat().st_mtime for po, mo in zip(sources, compiled, strict=True)):
        return
    step("Compiling the languages")
    subprocess.run([sys.executable, "-m", "scripts.translations", "compile"], cwd=places.ROOT, check=True)


def _fill(environment: dict[str, str], prepared: ready.Prepared, *, demo: bool) -> list[str]:
    """Fill an empty database; return the lines about accounts."""
    from scripts.machine import filling

    url = prepared.addresses.worker
    state = filling.state_of(url)
    if not state.needs_reference and not (demo and state.needs_demonstration):
        return state.account_lines()
    command = [sys.executable, "-m", "scripts.machine.filling", "demo" if demo else "reference"]
    step("Loading the demonstration data (synthetic)" if demo else "Loading areas, standard and base map")
    child = subprocess.Popen(
        command, cwd=places.ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE
    )
    lines: list[str] = []
    try:
        for raw in child.stdout or ():
            line = raw.decode(errors="replace").rstrip()
            if line.startswith(filling.ACCOUNT_MARK):
                lines.append(line.removeprefix(filling.ACCOUNT_MARK))
            else:
                detail(line)
        code = child.wait()
    except BaseException:
        child.terminate()
        child.wait()
        raise
    if code != 0:
        raise CannotGoOnError("The data could not be loaded; nothing is half-loaded. Start again to go on.")
    return lines or replace(state, has_demo_account=demo).account_lines()


def _tell_ready(choice: argparse.Namespace, accounts: list[str]) -> None:
    host = f"[{choice.host}]" if ":" in choice.host else choice.host
    host = {"0.0.0.0": "127.0.0.1", "[::]": "[::1]"}.get(host, host)  # noqa: S104
    print(f"Koopsuz Mektep is ready: http://{host}:{choice.port}/ky/", flush=True)
    for line in accounts:
        print(f"  {line}", flush=True)
