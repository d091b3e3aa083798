"""The examples as processes."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType

_EXAMPLES = Path(__file__).parents[1]
_STOP_SECONDS_MAX = 30


class Programs:
    """Instances of one example, started one after the other; what still runs in the end is killed."""

    def __init__(self, language: str, name: str, bootstrap: str, environment: Mapping[str, str], log: Path) -> None:
        self._command = [str(_EXAMPLES / language / "run"), name, bootstrap]
        self._environment = os.environ | environment
        self._log = log
        self._running: list[subprocess.Popen[bytes]] = []

    def start(self) -> subprocess.Popen[bytes]:
        with self._log.open("ab") as log:
            program = subprocess.Popen(
                self._command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=self._environment,
                start_new_session=True,
            )
        self._running.append(program)
        return program

    def kill(self, program: subprocess.Popen[bytes]) -> None:
        """As if its machine lost power."""
        self._running.remove(program)
        program.send_signal(signal.SIGKILL)
        program.wait(_STOP_SECONDS_MAX)

    def __enter__(self) -> Programs:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, failure: BaseException | None, trace: TracebackType | None
    ) -> None:
        if failure is not None:
            print(self._log.read_text("utf-8", "replace")[-20_000:])
        for program in list(self._running):
            self.kill(program)
