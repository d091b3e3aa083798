"""Reads partitions that its user assigns."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Coroutine
from types import TracebackType
from typing import Any, TypeVar

from flotilla import aio
from flotilla._transport.loop_thread import LoopThread
from flotilla.position import Position
from flotilla.types import ConsumerRecord, TopicPartition

T = TypeVar("T")


class Consumer:
    """Made by `FlotillaClient.consumer`.

    Within one assignment no record is skipped and none comes twice, whatever happens to leaders and connections. Failures
    are LogExceptions; a partition that failed keeps failing `poll` until it is sought elsewhere or no longer assigned, so
    that no partition falls silent.

    One thread at a time: a second one gets a RuntimeError. Only `wakeup` may be called by any thread.
    """

    def __init__(self, consumer: aio.Consumer, thread: LoopThread) -> None:
        self._consumer = consumer
        self._thread = thread
        self._inside = threading.Lock()

    def assign(self, partitions: Collection[TopicPartition], start: Position | None = None) -> None:
        """Reads exactly these partitions from now on. One that was assigned before goes on where it was; a new one begins
        at `start`, by default at the beginning. Partitions added to a topic later are read once they are assigned too."""
        self._call(lambda: self._consumer.assign(partitions, start))

    @property
    def assignment(self) -> frozenset[TopicPartition]:
        return self._call(lambda: self._consumer.assignment)

    def seek(self, partition: TopicPartition, position: Position) -> None:
        """Moves a partition; records read ahead are dropped. Returns at once: the position is looked up while polling.
        Raises ValueError if the partition is not assigned."""
        self._call(lambda: self._consumer.seek(partition, position))

    def poll(self, timeout: float) -> list[ConsumerRecord]:
        """The next records, at most `poll_records_max`: those of one partition in order of their offsets. Waits for the
        first up to `timeout` seconds; none in time is an empty list.

        Raises WakeupException if `wakeup` was called, or a LogException: OffsetOutOfRange (see `out_of_range`),
        UNKNOWN_TOPIC, UNKNOWN_PARTITION, CORRUPT_BATCH, or UNSUPPORTED_COMPRESSION where the codec's package is missing.
        """
        return self._run(self._consumer.poll(timeout))

    def position(self, partition: TopicPartition) -> int:
        """Offset of the next record `poll` will return; waits for a position that is still being looked up. Raises
        ValueError if the partition is not assigned, LogException TIMEOUT if the look-up does not end in time."""
        return self._run(self._consumer.position(partition))

    def high_watermark(self, partition: TopicPartition) -> int | None:
        """The first offset not yet committed, as far as the leader said with its last message; None before the first."""
        return self._call(lambda: self._consumer.high_watermark(partition))

    def lag(self, partition: TopicPartition) -> int | None:
        """Committed records in front of the position, by the last known high watermark; None while that is unknown."""
        return self._call(lambda: self._consumer.lag(partition))

    def pause(self, partitions: Collection[TopicPartition]) -> None:
        """Stops reading these partitions, without losing their position, until `resume`."""
        self._call(lambda: self._consumer.pause(partitions))

    def resume(self, partitions: Collection[TopicPartition]) -> None:
        self._call(lambda: self._consumer.resume(partitions))

    @property
    def paused(self) -> frozenset[TopicPartition]:
        return self._call(lambda: self._consumer.paused)

    def end_offsets(self, partitions: Collection[TopicPartition]) -> dict[TopicPartition, int]:
        """The high watermark of each partition, asked of its leader: it covers every record acknowledged before the
        call. Raises LogException TIMEOUT if an answer is missing after the request timeout."""
        return self._run(self._consumer.end_offsets(partitions))

    def beginning_offsets(self, partitions: Collection[TopicPartition]) -> dict[TopicPartition, int]:
        """The first readable offset of each partition, asked of its leader; errors as `end_offsets`."""
        return self._run(self._consumer.beginning_offsets(partitions))

    def wakeup(self) -> None:
        """Lets a poll that waits now, or else the next one, raise WakeupException. Any thread may call it."""
        self._thread.loop.call_soon_threadsafe(self._consumer.wakeup)

    def close(self) -> None:
        """Closing twice does no harm."""
        self._run(self._consumer.close())

    def _call(self, action: Callable[[], T]) -> T:
        async def once() -> T:
            return action()

        return self._run(once())

    def _run(self, work: Coroutine[Any, Any, T]) -> T:
        if not self._inside.acquire(blocking=False):
            work.close()
            raise RuntimeError("the consumer is not thread-safe: another thread is inside")
        try:
            return self._thread.run(work)
        finally:
            self._inside.release()

    def __enter__(self) -> Consumer:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, failure: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
