"""The event loop of blocking clients: one thread for all of a process, started when the first of them needs it."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Callable, Coroutine
from typing import Any, ClassVar, TypeVar

T = TypeVar("T")


class LoopThread:
    """Runs coroutines for threads that wait for them.

    It is shared, and lives as long as the process, because gRPC's asyncio layer serves one loop better than several. A
    process must not fork once it has started: the child would have no such thread, and is told so by a RuntimeError.
    """

    _shared: ClassVar[LoopThread | None] = None
    _guard: ClassVar[threading.Lock] = threading.Lock()

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.loop.set_exception_handler(_report)
        self._thread = threading.Thread(target=self.loop.run_forever, name="flotilla-client", daemon=True)
        self._thread.start()
        self._process_id = os.getpid()

    @classmethod
    def shared(cls) -> LoopThread:
        with cls._guard:
            if cls._shared is None:
                cls._shared = LoopThread()
            cls._shared.require_same_process()
            return cls._shared

    def require_same_process(self) -> None:
        if os.getpid() != self._process_id:
            raise RuntimeError(
                f"process {os.getpid()} was forked off {self._process_id} after that had made its first client; fork "
                "before, or start the process by other means, as multiprocessing does with the method 'spawn'"
            )

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Blocks until the coroutine ends. Whatever interrupts the wait, as Ctrl-C, cancels it."""
        self.require_not_inside(work)
        future = asyncio.run_coroutine_threadsafe(work, self.loop)
        try:
            return future.result()
        except BaseException:
            future.cancel()
            raise

    def require_not_inside(self, work: Coroutine[Any, Any, T]) -> None:
        """Raises RuntimeError, and gives the work up, where waiting for it would never end."""
        try:
            self.require_same_process()
            if threading.current_thread() is self._thread:
                raise RuntimeError("a callback of the client must not block: hand the work to another thread")
        except RuntimeError:
            work.close()
            raise

    def call(self, action: Callable[[], T]) -> T:
        """Runs a function on the loop, which must not block, and returns what it returns."""

        async def once() -> T:
            return action()

        return self.run(once())


def _report(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Reports what nobody awaits, but for gRPC's stir: where a process has several loops, each tries to read what the
    other has read (its poller then raises BlockingIOError, and nothing is lost)."""
    if not isinstance(context.get("exception"), BlockingIOError):
        loop.default_exception_handler(context)
