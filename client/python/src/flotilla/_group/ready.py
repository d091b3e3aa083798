"""Records that are read and that the user has not seen yet. Pure."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable

from flotilla.types import ConsumerRecord, TopicPartition


class ReadyRecords:
    """In the order of reading; at most those of one poll."""

    def __init__(self) -> None:
        self._records: deque[ConsumerRecord] = deque()

    def __len__(self) -> int:
        return len(self._records)

    def add(self, records: Iterable[ConsumerRecord]) -> None:
        self._records.extend(records)

    def take(self) -> ConsumerRecord | None:
        return self._records.popleft() if self._records else None

    def take_all(self) -> list[ConsumerRecord]:
        taken = list(self._records)
        self._records.clear()
        return taken

    def drop(self, partitions: Collection[TopicPartition]) -> None:
        self._records = deque(record for record in self._records if record.partition not in partitions)

    def first_offsets(self) -> dict[TopicPartition, int]:
        """Of each partition that has some, the offset of the first: how far the user has come."""
        return {record.partition: record.offset for record in reversed(self._records)}
