"""The private PostGIS: one cluster below ``var/postgres``, a unix socket, no port, no password.

PostgreSQL refuses to run as root: then it runs as ``postgres``. ``initdb`` works in ``data.new`` and the folder
is renamed, so that an interrupted first start leaves nothing half-made.
"""

from __future__ import annotations

import getpass
import os
import pwd
import shutil
import stat
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from scripts.machine import packages, places
from scripts.machine.say import CannotGoOnError

SYSTEM_USER = "postgres"
FALLBACK = Path("/var/lib/koopsuz-mektep")
LEFTOVERS_S = 15.0
LOGIN_ROLES = ("mektep_owner", "mektep_web", "mektep_worker")


@dataclass(frozen=True)
class Cluster:
    """The private server's place and programs; ``user`` is who it runs as when we are root."""

    programs: Path
    base: Path
    socket: Path
    user: str | None

    @property
    def data(self) -> Path:
        """The data directory."""
        return self.base / "data"

    def address(self, role: str, database: str = "mektep") -> str:
        """Return the address for SQLAlchemy."""
        return f"postgresql+psycopg://{role}@/{database}?host={str(self.socket).replace('/', '%2F')}"

    def run(self, program: str, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run one of PostgreSQL's programs as the server's user."""
        command = [*self.as_user(), str(self.programs / program), *arguments]
        done = subprocess.run(
            command, cwd="/", stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, env=_environment()
        )
        if check and done.returncode != 0:
            raise CannotGoOnError(f"{program} failed:\n{(done.stderr or done.stdout).strip()[-2000:]}")
        return done

    def as_user(self) -> list[str]:
        """Return what stands before a command so that it runs as the server's user."""
        if self.user is None:
            return []
        return ["setpriv", f"--reuid={self.user}", f"--regid={self.user}", "--init-groups"]


def _environment() -> dict[str, str]:
    return {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC"}


def locate() -> Cluster:
    """Return the private cluster of this checkout; raises ``CannotGoOnError`` without PostGIS."""
    programs = packages.server_folder()
    if programs is None:
        raise CannotGoOnError("PostgreSQL with PostGIS is missing: apt-get install postgresql-15-postgis-3")
    user = SYSTEM_USER if os.geteuid() == 0 else None
    base = places.VAR.resolve() / "postgres"
    if user is not None and not _reachable(base, user):
        base = FALLBACK / places.short_hash()
    socket = base / "socket"
    if len(str(socket / ".s.PGSQL.5432")) > places.LONGEST_SOCKET_PATH:
        socket = Path(tempfile.gettempdir()) / f"mektep-{os.geteuid()}-{places.short_hash()}"
    return Cluster(programs, base, socket, user)


def _reachable(path: Path, user: str) -> bool:
    existing = path
    while not existing.exists():
        existing = existing.parent
    command = ["setpriv", f"--reuid={user}", f"--regid={user}", "--init-groups", "test", "-x", str(existing)]
    return subprocess.run(command, cwd="/", capture_output=True, check=False).returncode == 0


def answers(cluster: Cluster) -> bool:
    """Tell whether the server of this cluster accepts connections."""
    return cluster.run("pg_isready", "-q", "-h", str(cluster.socket), check=False).returncode == 0


def start(cluster: Cluster) -> bool:
    """Start the server unless it answers; True when this call started it."""
    if answers(cluster):
        return False
    if not (cluster.data / "PG_VERSION").exists():
        _create(cluster)
    _check_version(cluster)
    _own_folder(cluster.socket, cluster)
    _write_settings(cluster)
    _drop_stale_pid(cluster)
    log = cluster.base / "server.log"
    if log.exists() and log.stat().st_size > 20_000_000:
        log.replace(log.with_suffix(".old.log"))
    _launch(cluster, log)
    return True


def _launch(cluster: Cluster, log: Path) -> None:
    """Start the server; what a killed one leaves behind (its children, its shared memory) is waited for."""
    end = time.monotonic() + LEFTOVERS_S
    while True:
        arguments = ("-D", str(cluster.data), "-l", str(log), "-w", "-t", "120", "-s", "start")
        if cluster.run("pg_ctl", *arguments, check=False).returncode == 0:
            return
        if time.monotonic() > end:
            tail = log.read_text(encoding="utf-8", errors="replace").splitlines()[-8:]
            raise CannotGoOnError("The private PostGIS does not start:\n" + "\n".join(tail))
        time.sleep(0.5)
        _drop_stale_pid(cluster)


def stop(cluster: Cluster) -> None:
    """Stop the server; open transactions are rolled back."""
    cluster.run("pg_ctl", "-D", str(cluster.data), "-w", "-t", "60", "-m", "fast", "-s", "stop", check=False)


def _own_folder(path: Path, cluster: Cluster) -> None:
    path.mkdir(parents=True, exist_ok=True)
    if path.is_symlink() or (cluster.user is None and path.stat().st_uid != os.geteuid()):
        raise CannotGoOnError(f"{path} belongs to somebody else: remove it")
    if cluster.user is not None:
        shutil.chown(path, cluster.user, cluster.user)
    path.chmod(0o700)


def _create(cluster: Cluster) -> None:
    cluster.base.parent.mkdir(parents=True, exist_ok=True)
    _own_folder(cluster.base, cluster)
    new = cluster.base / "data.new"
    if new.exists():
        shutil.rmtree(new)
    arguments = ("--data-checksums", "--encoding=UTF8", "--locale=C.UTF-8", "--auth=peer", "-U", SYSTEM_USER)
    cluster.run("initdb", "-D", str(new), *arguments)
    with (new / "postgresql.conf").open("a", encoding="utf-8") as file:
        file.write("\ninclude = 'mektep.conf'\n")
    new.rename(cluster.data)


def _check_version(cluster: Cluster) -> None:
    made_with = (cluster.data / "PG_VERSION").read_text(encoding="utf-8").strip()
    if made_with != cluster.programs.parent.name:
        raise CannotGoOnError(
            f"The data were made by PostgreSQL {made_with}, installed is {cluster.programs.parent.name}. "
            f"Install postgresql-{made_with}-postgis-3, or restore a backup into a new var/postgres."
        )


def _memory_mb() -> int:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20


def _shared_memory() -> str:
    """Return where parallel queries meet: not in a small /dev/shm, as containers have."""
    shared = Path("/dev/shm")  # noqa: S108
    try:
        is_open = bool(shared.stat().st_mode & stat.S_IWOTH)
        is_large = shutil.disk_usage(shared).free > 256 * 2**20
    except OSError:
        return "mmap"
    return "posix" if is_open and is_large else "mmap"


def _write_settings(cluster: Cluster) -> None:
    memory = _memory_mb()
    settings = {
        "listen_addresses": "''",
        "unix_socket_directories": f"'{cluster.socket}'",
        "unix_socket_permissions": "0700",
        "max_connections": "100",
        "shared_buffers": f"'{max(128, min(memory // 4, 4096))}MB'",
        "effective_cache_size": f"'{max(256, memory // 2)}MB'",
        "work_mem": "'32MB'",
        "maintenance_work_mem": "'256MB'",
        "max_wal_size": "'4GB'",
        "random_page_cost": "1.1",
        "jit": "off",
        "fsync": "on",
        "synchronous_commit": "on",
        "full_page_writes": "on",
        "dynamic_shared_memory_type": _shared_memory(),
        "timezone": "'UTC'",
        "log_timezone": "'UTC'",
        "log_line_prefix": "'%m %u '",
        "log_min_error_statement": "panic",
        "password_encryption": "'scram-sha-256'",
    }
    ours = "# Written by scripts/run at each start.\n" + "".join(
        f"{key} = {value}\n" for key, value in settings.items()
    )
    _write(cluster.data / "mektep.conf", ours, cluster)
    _write(cluster.data / "pg_hba.conf", "local all all peer map=mektep\n", cluster)
    people = {getpass_user(), *([SYSTEM_USER] if cluster.user else [])}
    rows = [f"mektep {person} {role}\n" for person in sorted(people) for role in (SYSTEM_USER, *LOGIN_ROLES)]
    _write(cluster.data / "pg_ident.conf", "".join(rows), cluster)


def getpass_user() -> str:
    """Return the name of the user that this process runs as, whatever the environment says."""
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        return getpass.getuser()


def _write(path: Path, text: str, cluster: Cluster) -> None:
    path.write_text(text, encoding="utf-8")
    if cluster.user is not None:
        shutil.chown(path, cluster.user, cluster.user)
    path.chmod(0o600)


def _drop_stale_pid(cluster: Cluster) -> None:
    """Remove a pid file whose process is not a server of this data directory (after a crash its number lives on)."""
    path = cluster.data / "postmaster.pid"
    try:
        pid = int(path.read_text(encoding="utf-8").split("\n", 1)[0])
        program, folder = (Path("/proc") / str(pid) / name for name in ("exe", "cwd"))
        is_ours = os.readlink(program).endswith("/postgres") and Path(os.readlink(folder)) == cluster.data
    except FileNotFoundError:
        is_ours = False
    except (OSError, ValueError):
        return
    if not is_ours:
        path.unlink(missing_ok=True)
