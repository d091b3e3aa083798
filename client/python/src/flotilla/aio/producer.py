"""Appends records, in batches, each stored exactly once however often it had to be sent."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from types import TracebackType

from flotilla._producer.accumulator import size_of
from flotilla._producer.core import ProducerCore, Sent
from flotilla._producer.pending import NOT_APPENDED, failed_send
from flotilla.errors import ErrorCode, LogException
from flotilla.settings import ProducerSettings
from flotilla.types import ProducerRecord, RecordMetadata


def too_large_for(budget_bytes: int, size: int) -> LogException:
    """The failure of a record that no waiting would make room for."""
    return failed_send(
        ErrorCode.RECORD_TOO_LARGE,
        f"a record of about {size} bytes is larger than the whole buffer, buffer_bytes {budget_bytes}",
        NOT_APPENDED,
    )


def no_room(record: ProducerRecord, settings: ProducerSettings, bytes_taken: int) -> LogException:
    """The failure of a record that found no room in time."""
    return failed_send(
        ErrorCode.TIMEOUT,
        f"no room for a record of topic {record.topic} within block_timeout, {settings.block_timeout:g} s: {bytes_taken} "
        f"of buffer_bytes {settings.buffer_bytes} wait for acknowledgement, brokers are slower than the application",
        NOT_APPENDED,
    )


def timestamp_of(record: ProducerRecord) -> int:
    """The record's time, by default now, in milliseconds since the epoch."""
    return time.time_ns() // 1_000_000 if record.timestamp_millis is None else record.timestamp_millis


class Producer:
    """Made by `FlotillaClient.producer`; the guarantees and failures are those of the blocking `flotilla.Producer`."""

    def __init__(self, core: ProducerCore, settings: ProducerSettings, on_closed: Callable[[], None]) -> None:
        self._core = core
        self._settings = settings
        self._on_closed = on_closed
        self._closed = False

    async def send(self, record: ProducerRecord) -> asyncio.Future[RecordMetadata]:
        """Adds a record to its partition's batch and returns the future of its acknowledgement.

        Waits while the buffer is full, at most `block_timeout`; the future then fails with TIMEOUT. Records sent by one
        task to one partition are stored in that order. Raises RuntimeError if the producer is closed.
        """
        if self._closed:
            raise RuntimeError("the producer is closed")
        delivery: asyncio.Future[RecordMetadata] = asyncio.get_running_loop().create_future()
        size = size_of(record)
        if size > self._core.budget.bytes_max:
            delivery.set_exception(too_large_for(self._core.budget.bytes_max, size))
        elif await self._take_room(size):
            self._core.submit(Sent(record, timestamp_of(record), size, delivery))
        else:
            delivery.set_exception(no_room(record, self._settings, self._core.budget.bytes_taken))
        return delivery

    async def send_and_wait(self, record: ProducerRecord) -> RecordMetadata:
        """Sends a record and waits until it is fsynced on a majority of replicas. Raises LogException."""
        return await (await self.send(record))

    async def _take_room(self, size: int) -> bool:
        ticket = self._core.budget.take(size)
        if ticket is None:
            return True
        self._core.flush_soon()  # what lingers would otherwise hold the room it takes
        try:
            await asyncio.wait_for(asyncio.shield(asyncio.wrap_future(ticket)), self._settings.block_timeout)
            return True
        except asyncio.TimeoutError:
            self._core.budget.leave(size, ticket)
            return False
        except asyncio.CancelledError:
            self._core.budget.leave(size, ticket)
            raise

    async def flush(self) -> None:
        """Sends everything that waits for a fuller batch, and waits until each record sent before this call is
        acknowledged or has failed: at most about the delivery timeout."""
        await self._core.flush()

    async def close(self, timeout: float | None = None) -> None:
        """Takes no further records, waits for those sent before, by default for the delivery timeout, and fails what is
        left then with BROKER_NOT_AVAILABLE. Closing twice does no harm."""
        self._closed = True
        await self._core.close(self._settings.delivery_timeout if timeout is None else timeout)
        self._on_closed()

    async def __aenter__(self) -> Producer:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, failure: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()
