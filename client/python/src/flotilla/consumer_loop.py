"""Lets a handler process the records of a group on a thread of its own."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future
from types import TracebackType

from flotilla.errors import WakeupException
from flotilla.group_consumer import GroupConsumer
from flotilla.types import ConsumerRecord

_LOG = logging.getLogger("flotilla.group")

_POLL = 60.0
"""Longest wait for records in one poll, in seconds; a wake-up ends it earlier."""

RecordHandler = Callable[[list[ConsumerRecord]], None]
"""Processes records, at least one, those of one partition in order of their offsets. When it returns, they count as
processed. What it raises ends the loop: these records are not committed, and the group will process them again."""


class ConsumerLoop:
    """Made by `FlotillaClient.consume`; runs until it is closed or its handler fails. One handler call at a time; whoever
    wants more at once starts more loops in the group. Every method may be called by any thread.

    `end` completes when the loop has ended: with the failure that ended it, or with None after `close`.
    """

    def __init__(self, consumer: GroupConsumer, group: str, handler: RecordHandler) -> None:
        self._consumer = consumer
        self._group = group
        self._handler = handler
        self._stopping = False
        self.end: Future[None] = Future()
        self._thread = threading.Thread(target=self._run, name=f"flotilla-loop-{group}")
        self._thread.start()

    def _run(self) -> None:
        self.end.set_running_or_notify_cancel()
        try:
            with self._consumer:
                while not self._stopping:
                    self._step()
        except BaseException as failure:  # whatever it is, the owner must hear of it
            _LOG.error("consumer loop ended by a failure group=%s", self._group, exc_info=failure)
            self.end.set_exception(failure)
        else:
            self.end.set_result(None)

    def _step(self) -> None:
        try:
            records = self._consumer.poll(_POLL)
        except WakeupException:
            return
        if records:
            self._handler(records)
            if self._stopping:  # what the next poll would count as processed need not wait for it when there is none
                self._consumer._mark_processed()

    def close(self) -> None:
        """Ends the loop when the handler has returned, commits what it has processed, and leaves the group. Waits for that;
        called from the handler it does not wait. Closing twice does no harm."""
        self._stopping = True
        self._consumer.wakeup()
        if threading.current_thread() is not self._thread:
            self._thread.join()

    def __enter__(self) -> ConsumerLoop:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, failure: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
