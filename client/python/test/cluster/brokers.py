"""Three brokers in processes of their own, which tests may kill and start again."""

from __future__ import annotations

import os
import random
import signal
import socket
import subprocess
from pathlib import Path
from types import TracebackType

REPOSITORY = Path(__file__).parents[4]
FLOTILLA = str(REPOSITORY / "deploy/flotilla")

_BROKERS = 3
_STOP_SECONDS_MAX = 30
_COMMAND_SECONDS_MAX = 120
_LOG_TAIL_LINES = 40
_PORTS = range(20_000, 29_990)
"""A range that the system gives nobody else."""


class Brokers:
    """Seeds of one cluster, by number from 1. Whoever starts them closes them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._ports = {number: (free_port(), free_port()) for number in range(1, _BROKERS + 1)}
        self._processes: dict[int, subprocess.Popen[bytes]] = {}
        seeds = ",".join(f"{number}@127.0.0.1:{client}" for number, (client, _) in self._ports.items())
        for number, (client, internal) in self._ports.items():
            (folder / f"{number}.properties").write_text(
                f"node.id={number}\n"
                f"data.dir={folder / str(number)}\n"
                f"cluster.seeds={seeds}\n"
                f"listeners=GRPC://127.0.0.1:{client},INTERNAL://127.0.0.1:{internal}\n"
                "replicas.max=100\n"
                "leader.return.delay.ms=600000\n"  # tests choose who leads
                "raft.election.timeout.min.ms=500\n"
                "raft.election.timeout.max.ms=1000\n"
            )

    @property
    def bootstrap(self) -> str:
        return ",".join(f"127.0.0.1:{client}" for client, _ in self._ports.values())

    def start(self, number: int) -> None:
        environment = os.environ | {
            "FLOTILLA_HEAP": "400m",
            "FLOTILLA_DIRECT_MEMORY": "256m",
            "FLOTILLA_JAVA_OPTS": "-XX:TieredStopAtLevel=1",
        }
        with self._log(number).open("ab") as log:
            self._processes[number] = subprocess.Popen(
                [FLOTILLA, "broker", "start", "--config", str(self._folder / f"{number}.properties")],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=environment,
                start_new_session=True,  # Ctrl-C at the tests shall not reach it
            )

    def start_all(self) -> None:
        for number in self._ports:
            self.start(number)

    def kill(self, number: int) -> None:
        """As if its machine lost power."""
        process = self._processes.pop(number)
        process.send_signal(signal.SIGKILL)
        process.wait(_STOP_SECONDS_MAX)

    def log_tails(self) -> str:
        tails = []
        for number in self._ports:
            text = self._log(number).read_text("utf-8", "replace") if self._log(number).exists() else ""
            tails.append(f"--- broker {number}\n" + "\n".join(text.splitlines()[-_LOG_TAIL_LINES:]))
        return "\n".join(tails)

    def close(self) -> None:
        for number in list(self._processes):
            self.kill(number)

    def _log(self, number: int) -> Path:
        return self._folder / f"{number}.log"

    def __enter__(self) -> Brokers:
        self.start_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, failure: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def flotilla(bootstrap: str, *arguments: str, data: bytes = b"") -> bytes:
    """What the command, which is the Java client, prints. Raises CalledProcessError if it fails."""
    done = subprocess.run(
        [FLOTILLA, *arguments, "-b", bootstrap], input=data, stdout=subprocess.PIPE, check=True, timeout=_COMMAND_SECONDS_MAX
    )
    return done.stdout


def free_port() -> int:
    """One that nobody listens on."""
    for port in random.sample(_PORTS, 100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return port
    raise RuntimeError(f"no free port in {_PORTS}")
