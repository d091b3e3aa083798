"""The thread of blocking clients, and what must not be done with it."""

import asyncio
import os

import pytest

from flotilla import FlotillaClient
from flotilla._transport.loop_thread import LoopThread


def test_runs_what_threads_wait_for() -> None:
    async def answer() -> int:
        await asyncio.sleep(0)
        return 42

    assert LoopThread.shared().run(answer()) == 42
    assert LoopThread.shared() is LoopThread.shared()


def test_a_callback_that_would_wait_for_itself_is_refused() -> None:
    thread = LoopThread.shared()

    with pytest.raises(RuntimeError, match="must not block"):
        thread.call(lambda: thread.call(lambda: 1))


def test_a_forked_child_is_told_to_fork_earlier() -> None:
    with FlotillaClient("127.0.0.1:1") as client, client.producer() as producer:
        child = os.fork()
        if child == 0:
            try:
                producer.flush()
            except RuntimeError as refused:
                os._exit(0 if "was forked off" in str(refused) else 1)
            os._exit(2)

        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
