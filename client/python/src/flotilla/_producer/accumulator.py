"""The records of one partition that have no sequence yet, gathered into batches. Decides when a batch goes: it is full,
it has lingered, or somebody flushes. Time is passed in, as seconds of the loop's clock."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from flotilla._producer.pending import Delivery, PendingBatch
from flotilla._record.batch import HEADER_BYTES
from flotilla.settings import ProducerSettings
from flotilla.types import ProducerRecord

_RECORD_OVERHEAD_BYTES_MAX = 40
"""Length, attributes, deltas and counts of one record at most, beside its key, value and headers."""

_HEADER_OVERHEAD_BYTES_MAX = 10
_UTF8_BYTES_MAX = 4


def size_of(record: ProducerRecord) -> int:
    """Upper bound of a record's encoded size in bytes."""
    size = _RECORD_OVERHEAD_BYTES_MAX + len(record.key or b"") + len(record.value or b"")
    for key, value in record.headers:
        size += _HEADER_OVERHEAD_BYTES_MAX + len(key) * _UTF8_BYTES_MAX + len(value or b"")
    return size


class Accumulator:
    """`message_bytes_max`: largest batch the topic accepts, in bytes; `on_begun` hears of each new batch."""

    def __init__(
        self, settings: ProducerSettings, message_bytes_max: int, on_begun: Callable[[PendingBatch], None]
    ) -> None:
        self._settings = settings
        self._message_bytes_max = message_bytes_max
        self._on_begun = on_begun
        self._batches: deque[PendingBatch] = deque()
        self._flushed = 0
        """Batches from the front that need not linger: there was a flush since their first record."""

    def add(
        self, record: ProducerRecord, timestamp_millis: int, size: int, delivery: Delivery, now: float
    ) -> bool:
        """Returns whether the sender has something new to decide: a batch began or became full.

        Raises Refused RECORD_TOO_LARGE if the topic takes no batch that large.
        """
        batch_bytes = self._settings.batch_bytes
        if len(self._batches) > self._flushed:
            last = self._batches[-1]
            if last.estimated_bytes < batch_bytes and last.try_append(record, timestamp_millis, size, delivery):
                return last.estimated_bytes >= batch_bytes
        fresh = PendingBatch(self._settings.compression, self._batch_bytes_for(size), now)
        fresh.try_append(record, timestamp_millis, size, delivery)  # an empty batch takes any record, or raises
        self._on_begun(fresh)
        self._batches.append(fresh)
        return True

    def _batch_bytes_for(self, size: int) -> int:
        """The usual size, or, for a record that alone is larger, what the topic takes."""
        usual = min(self._settings.batch_bytes, self._message_bytes_max)
        return self._message_bytes_max if size + HEADER_BYTES > usual else usual

    def poll_ready(self, now: float) -> PendingBatch | None:
        """Takes out the first batch if it is to be sent now."""
        ready_at = self.next_ready_at()
        return self._take_first() if ready_at is not None and ready_at <= now else None

    def next_ready_at(self) -> float | None:
        """When the first batch is to be sent; None if there is none."""
        if not self._batches:
            return None
        first = self._batches[0]
        waits_for_nothing = (
            len(self._batches) > 1 or self._flushed > 0 or first.estimated_bytes >= self._settings.batch_bytes
        )
        return first.created_at if waits_for_nothing else first.created_at + self._settings.linger

    def oldest_at(self) -> float | None:
        """When the first batch was begun; None if there is none."""
        return self._batches[0].created_at if self._batches else None

    def flush(self) -> None:
        """Lets everything added so far go without lingering."""
        self._flushed = len(self._batches)

    def poll_older_than(self, latest: float) -> PendingBatch | None:
        """Takes out the first batch if it was begun at `latest` or before."""
        oldest = self.oldest_at()
        return self._take_first() if oldest is not None and oldest <= latest else None

    def drain(self) -> list[PendingBatch]:
        """Takes out everything."""
        batches = list(self._batches)
        self._batches.clear()
        self._flushed = 0
        return batches

    def _take_first(self) -> PendingBatch:
        self._flushed = max(0, self._flushed - 1)
        return self._batches.popleft()
