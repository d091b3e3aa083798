"""A partition's rule of sequences, as the broker's PartitionRules has it, in memory."""

from __future__ import annotations

from typing import Generic, TypeVar

from flotilla.errors import ErrorCode

B = TypeVar("B")


class Partition(Generic[B]):
    """Remembers the newest producer only; producer ids grow."""

    def __init__(self) -> None:
        self.stored: list[B] = []
        self._newest_producer = -1
        self._sequences: dict[int, int] = {}

    def append(self, batch: B, producer_id: int, sequence: int) -> ErrorCode | None:
        """None if the partition has the batch now."""
        if producer_id < self._newest_producer:
            return ErrorCode.OUT_OF_ORDER_SEQUENCE
        if producer_id > self._newest_producer:
            if sequence != 0:
                return ErrorCode.UNKNOWN_PRODUCER
            self._newest_producer = producer_id
            self._sequences.clear()
        if sequence in self._sequences:
            return None
        if sequence != len(self._sequences):
            return ErrorCode.OUT_OF_ORDER_SEQUENCE
        self._sequences[sequence] = len(self.stored)
        self.stored.append(batch)
        return None
