"""Tasks whose owner ends them; asyncio itself keeps only weak references."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any, TypeVar

from flotilla.errors import LogException

_LOG = logging.getLogger("flotilla")

T = TypeVar("T")


class Tasks:
    """Runs coroutines until they end or the owner closes. A LogException is the answer for whoever awaits the task; one
    that fails otherwise has a bug, and that is logged."""

    def __init__(self) -> None:
        self._running: set[asyncio.Task[Any]] = set()

    def start(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        task = asyncio.get_running_loop().create_task(work)
        self._running.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._running.discard(task)
        failure = None if task.cancelled() else task.exception()
        if failure is not None and not isinstance(failure, LogException):
            _LOG.error("a task of the client failed", exc_info=failure)

    async def close(self) -> None:
        """Cancels what runs and waits for its end."""
        running = [task for task in self._running if task is not asyncio.current_task()]
        for task in running:
            task.cancel()
        if running:
            await asyncio.wait(running)
