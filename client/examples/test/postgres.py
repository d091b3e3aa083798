"""A PostgreSQL server for one test run, in a folder of its own."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Any

import psycopg2

from brokers import free_port
from waiting import await_condition

_USER = "postgres"
_STOP_SECONDS_MAX = 30


class Postgres:
    """Whoever starts it closes it. It refuses to run as root, so that root lends it the user of Debian's package."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="flotilla-postgres-"))
        self._as_user: list[str] = []
        if os.geteuid() == 0:
            shutil.chown(self._folder, _USER, _USER)
            self._as_user = ["setpriv", f"--reuid={_USER}", f"--regid={_USER}", "--clear-groups", "--"]
        self._port = free_port()
        data = self._folder / "data"
        self._run("initdb", "--auth=trust", "--no-sync", f"--username={_USER}", "-D", str(data))
        self._server = subprocess.Popen(
            [
                *self._as_user,
                _program("postgres"),
                *("-D", str(data), "-p", str(self._port), "-k", str(self._folder)),
                *("-c", "listen_addresses=127.0.0.1", "-c", "fsync=off"),  # nobody cuts the power here
            ],
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=(self._folder.parent / f"{self._folder.name}.log").open("wb"),
            start_new_session=True,
        )
        await_condition("PostgreSQL answers", self._answers)

    def _run(self, program: str, *arguments: str) -> None:
        command = [*self._as_user, _program(program), *arguments]
        subprocess.run(command, cwd="/", check=True, stdout=subprocess.DEVNULL, timeout=_STOP_SECONDS_MAX)

    def _answers(self) -> bool:
        try:
            self.connect().close()
            return True
        except psycopg2.OperationalError:
            return False

    @property
    def environment(self) -> dict[str, str]:
        """How programs find it."""
        return {"PGHOST": "127.0.0.1", "PGPORT": str(self._port), "PGUSER": _USER, "PGDATABASE": _USER}

    def connect(self) -> Any:
        """Each statement by itself. The caller closes the connection."""
        connection = psycopg2.connect(host="127.0.0.1", port=self._port, user=_USER, dbname=_USER)
        connection.autocommit = True
        return connection

    def __enter__(self) -> Postgres:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, failure: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.send_signal(signal.SIGINT)  # ends connections, and then itself
        self._server.wait(_STOP_SECONDS_MAX)
        shutil.rmtree(self._folder)
        (self._folder.parent / f"{self._folder.name}.log").unlink()


def _program(name: str) -> str:
    """Debian has the servers' programs on no path; of several versions, the newest."""
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[4]))
    program = str(found[-1]) if found else shutil.which(name)
    assert program, f"there is no {name}; install postgresql"
    return program
