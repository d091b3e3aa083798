"""Where the consumer is in one assigned partition, and the chunks that wait to be read. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flotilla._transport.retries import RetrySchedule
from flotilla.errors import LogException
from flotilla.position import AtOffset, Position
from flotilla.types import TopicPartition

if TYPE_CHECKING:
    from flotilla._consumer.broker_stream import BrokerStream


class Cursor:
    """One assigned partition; `retry_at` is a time of the loop's clock."""

    def __init__(self, partition: TopicPartition, start: Position, retries: RetrySchedule, now: float) -> None:
        self.partition = partition
        self.retries = retries
        self.retry_at = now
        self.wanted: Position | None = None
        """Where to begin, until that is looked up."""
        self.looking_up = False
        self.position = 0
        """Offset of the next record `poll` returns; valid once nothing is wanted."""
        self.fetch_offset = 0
        """Offset of the next record to come from the broker: behind everything buffered."""
        self.epoch = 0
        """Grows with each seek and pause, so that chunks from before are told apart."""
        self.stream: BrokerStream | None = None
        """The stream that reads the partition; None while none does."""
        self.assignment_id = 0
        """Id of the assignment on that stream."""
        self.chunks_buffered = 0
        self.paused = False
        self.error: LogException | None = None
        """What `poll` is to raise once all that is buffered is returned."""
        self.unknown_since: float | None = None
        """Since when brokers have denied that the partition exists."""
        self.high_watermark: int | None = None
        self.move_to(start)

    def move_to(self, target: Position) -> None:
        """Goes elsewhere and forgets what stood in the way."""
        self.epoch += 1
        self.error = None
        self.unknown_since = None
        self.looking_up = False
        self.chunks_buffered = 0
        if isinstance(target, AtOffset):
            self.wanted = None
            self.position = self.fetch_offset = target.value
        else:
            self.wanted = target

    def drop_buffered(self) -> None:
        """What was read ahead is to come again."""
        self.epoch += 1
        self.chunks_buffered = 0
        self.fetch_offset = self.position

    @property
    def wants_stream(self) -> bool:
        return self.stream is None and self.wanted is None and not self.paused and self.error is None

    def progressed(self) -> None:
        self.retries.succeeded()
        self.unknown_since = None


@dataclass(frozen=True)
class BufferedChunk:
    """Batches received and not yet returned by `poll`, from `start_offset` to `end_offset`, where to read on. `epoch` is
    the cursor's when they came; `source` is the stream whose credit they hold."""

    cursor: Cursor
    epoch: int
    batches: bytes
    start_offset: int
    end_offset: int
    source: BrokerStream

    @property
    def is_current(self) -> bool:
        return self.cursor.epoch == self.epoch
