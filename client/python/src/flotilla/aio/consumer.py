"""Reads partitions that its user assigns."""

from __future__ import annotations

from collections.abc import Callable, Collection
from types import TracebackType

from flotilla._consumer.core import ConsumerCore
from flotilla._consumer.fetcher import Fetcher
from flotilla.position import Position
from flotilla.types import ConsumerRecord, TopicPartition


class Consumer:
    """Made by `FlotillaClient.consumer`; the guarantees and failures are those of the blocking `flotilla.Consumer`. One
    task at a time."""

    def __init__(self, core: ConsumerCore, on_closed: Callable[[], None]) -> None:
        self._core = core
        self._on_closed = on_closed
        self._closed = False

    def assign(self, partitions: Collection[TopicPartition], start: Position | None = None) -> None:
        """Reads exactly these partitions from now on. One that was assigned before goes on where it was; a new one begins
        at `start`, by default at the beginning."""
        self._fetcher.assign(dict.fromkeys(partitions, start or Position.beginning()))

    @property
    def assignment(self) -> frozenset[TopicPartition]:
        return self._fetcher.assignment

    def seek(self, partition: TopicPartition, position: Position) -> None:
        """Moves a partition; records read ahead are dropped. The position is looked up while polling."""
        self._fetcher.seek(partition, position)

    async def poll(self, timeout: float) -> list[ConsumerRecord]:
        """The next records, at most `poll_records_max`: those of one partition in order of their offsets. Waits for the
        first up to `timeout` seconds; none in time is an empty list.

        Raises WakeupException, or a LogException: OffsetOutOfRange, UNKNOWN_TOPIC, UNKNOWN_PARTITION, CORRUPT_BATCH or
        UNSUPPORTED_COMPRESSION.
        """
        self._require_open()
        return await self._core.poll(timeout)

    async def position(self, partition: TopicPartition) -> int:
        """Offset of the next record `poll` will return; waits for a position that is still being looked up."""
        self._require_open()
        return await self._core.position(partition)

    def high_watermark(self, partition: TopicPartition) -> int | None:
        """The first offset not yet committed, as far as the leader said with its last message; None before the first."""
        return self._fetcher.cursor(partition).high_watermark

    def lag(self, partition: TopicPartition) -> int | None:
        """Committed records in front of the position, by the last known high watermark; None while that is unknown."""
        return self._core.lag(partition)

    def pause(self, partitions: Collection[TopicPartition]) -> None:
        """Stops reading these partitions, without losing their position, until `resume`."""
        self._fetcher.pause(partitions)

    def resume(self, partitions: Collection[TopicPartition]) -> None:
        self._fetcher.resume(partitions)

    @property
    def paused(self) -> frozenset[TopicPartition]:
        return self._fetcher.paused

    async def end_offsets(self, partitions: Collection[TopicPartition]) -> dict[TopicPartition, int]:
        """The high watermark of each partition, asked of its leader: it covers every record acknowledged before."""
        self._require_open()
        return await self._core.offsets(partitions, Position.end())

    async def beginning_offsets(self, partitions: Collection[TopicPartition]) -> dict[TopicPartition, int]:
        """The first readable offset of each partition, asked of its leader."""
        self._require_open()
        return await self._core.offsets(partitions, Position.beginning())

    def wakeup(self) -> None:
        """Lets a poll that waits now, or else the next one, raise WakeupException."""
        self._core.wakeup()

    async def close(self) -> None:
        """Closing twice does no harm."""
        if not self._closed:
            self._closed = True
            await self._core.close()
            self._on_closed()

    @property
    def _fetcher(self) -> Fetcher:
        self._require_open()
        return self._core.fetcher

    def _require_open(self) -> None:
        if self._closed:
            raise RuntimeError("the consumer is closed")

    async def __aenter__(self) -> Consumer:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, failure: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()
