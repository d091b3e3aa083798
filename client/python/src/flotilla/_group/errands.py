"""Lets work on the loop have things done by the thread that waits for it, as blocking listeners must be."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from queue import SimpleQueue
from typing import Any, TypeVar

from flotilla._transport.loop_thread import LoopThread

T = TypeVar("T")


class Errands:
    """One thread at a time runs work. What the work asks for while nobody waits, since the wait was interrupted, is done
    in the next run."""

    def __init__(self, thread: LoopThread) -> None:
        self._thread = thread
        self._queue: SimpleQueue[Callable[[], None] | None] = SimpleQueue()  # holds one errand and one end at most
        self._postponed: list[Callable[[], None]] = []

    async def do(self, action: Callable[[], None]) -> None:
        """Has the waiting thread call the function, and waits for that. Raises what it raises. Called on the loop."""
        loop = asyncio.get_running_loop()
        done: asyncio.Future[None] = loop.create_future()

        def errand() -> None:
            failure: BaseException | None = None
            try:
                action()
            except BaseException as raised:
                failure = raised
                if not isinstance(raised, Exception):  # the thread is to end, and the loop's is not
                    failure = RuntimeError(f"the listener was ended by {type(raised).__name__}")
                    raise
            finally:
                loop.call_soon_threadsafe(_finish, done, failure)

        self._queue.put(errand)
        await done

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Blocks until the coroutine ends, and does its errands. Whatever interrupts the wait, as Ctrl-C, cancels it and
        waits for its end."""
        self._thread.require_not_inside(work)
        loop = self._thread.loop
        tasks: list[asyncio.Task[T]] = []

        def begin() -> None:
            tasks.append(loop.create_task(work))
            tasks[0].add_done_callback(lambda _: self._queue.put(None))

        loop.call_soon_threadsafe(begin)
        try:
            while self._postponed:
                self._postponed.pop(0)()
            while (errand := self._queue.get()) is not None:
                errand()
        except BaseException:
            loop.call_soon_threadsafe(lambda: tasks[0].cancel())
            while (errand := self._queue.get()) is not None:
                self._postponed.append(errand)
            raise
        return tasks[0].result()


def _finish(done: asyncio.Future[None], failure: BaseException | None) -> None:
    if done.done():  # the work was cancelled
        return
    if failure is None:
        done.set_result(None)
    else:
        done.set_exception(failure)
