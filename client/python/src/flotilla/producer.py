"""Appends records, in batches, each stored exactly once however often it had to be sent."""

from __future__ import annotations

from collections import deque
from concurrent.futures import Future, TimeoutError
from types import TracebackType

from flotilla import aio
from flotilla._producer.accumulator import size_of
from flotilla._producer.core import Sent
from flotilla._transport.loop_thread import LoopThread
from flotilla.aio.producer import no_room, timestamp_of, too_large_for
from flotilla.settings import ProducerSettings
from flotilla.types import ProducerRecord, RecordMetadata


class Producer:
    """Made by `FlotillaClient.producer`.

    Order: records sent by one thread to one partition are stored in that order, also across retries and leader changes. A
    record that fails leaves no gap that would hold up those behind it.

    Retries: a batch is sent again, the same bytes with the same sequence number, until it is acknowledged, definitely
    refused, or `delivery_timeout` is over.

    Failures arrive in the future as a LogException. Its detail `outcome` is `not_appended` where the record is certainly
    not stored, or `unknown` where an attempt went unanswered, so that it may be. The codes: TIMEOUT (delivery timeout, or
    no room in the buffer), UNKNOWN_TOPIC, UNKNOWN_PARTITION, RECORD_TOO_LARGE, INVALID_RECORD, CORRUPT_BATCH,
    UNSUPPORTED_COMPRESSION, OUT_OF_ORDER_SEQUENCE and UNKNOWN_PRODUCER (both only where a partition lost track of the
    producer), BROKER_NOT_AVAILABLE (the producer was closed).

    Every method may be called by any thread. Futures complete on the client's thread: what hangs on them must be quick,
    and must not call the client.
    """

    def __init__(self, producer: aio.Producer, settings: ProducerSettings, thread: LoopThread) -> None:
        self._producer = producer
        self._settings = settings
        self._thread = thread
        self._core = producer._core
        self._handed_over: deque[Sent] = deque()
        self._hand_over_pending = False
        self._closed = False

    def send(self, record: ProducerRecord) -> Future[RecordMetadata]:
        """Adds a record to its partition's batch and returns the future of its acknowledgement.

        Blocks while the buffer is full, at most `block_timeout`; the future then fails with TIMEOUT and the record is not
        appended. Raises RuntimeError if the producer is closed.
        """
        if self._closed:
            raise RuntimeError("the producer is closed")
        self._thread.require_same_process()
        delivery: Future[RecordMetadata] = Future()
        delivery.set_running_or_notify_cancel()  # what is on its way cannot be cancelled
        size = size_of(record)
        if size > self._core.budget.bytes_max:
            delivery.set_exception(too_large_for(self._core.budget.bytes_max, size))
        elif self._take_room(size):
            self._hand_over(Sent(record, timestamp_of(record), size, delivery))
        else:
            delivery.set_exception(no_room(record, self._settings, self._core.budget.bytes_taken))
        return delivery

    def _take_room(self, size: int) -> bool:
        ticket = self._core.budget.take(size)
        if ticket is None:
            return True
        self._thread.loop.call_soon_threadsafe(self._core.flush_soon)  # what lingers would hold the room it takes
        try:
            ticket.result(self._settings.block_timeout)
            return True
        except TimeoutError:
            self._core.budget.leave(size, ticket)
            return False
        except BaseException:  # the thread was interrupted
            self._core.budget.leave(size, ticket)
            raise

    def _hand_over(self, sent: Sent) -> None:
        """Records go to the loop's thread many at a time: waking it for each would cost more than all the rest."""
        self._handed_over.append(sent)
        if not self._hand_over_pending:
            self._hand_over_pending = True
            self._thread.loop.call_soon_threadsafe(self._submit)

    def _submit(self) -> None:
        self._hand_over_pending = False  # first, so that what is added from now on wakes the loop again
        while self._handed_over:
            self._core.submit(self._handed_over.popleft())

    def flush(self) -> None:
        """Sends everything that waits for a fuller batch, and blocks until each record sent before this call is
        acknowledged or has failed: at most about the delivery timeout."""
        self._thread.run(self._producer.flush())

    def close(self, timeout: float | None = None) -> None:
        """Takes no further records, waits for those sent before, by default for the delivery timeout, and fails what is
        left then with BROKER_NOT_AVAILABLE. Closing twice does no harm."""
        self._closed = True
        self._thread.run(self._producer.close(timeout))

    def __enter__(self) -> Producer:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, failure: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
