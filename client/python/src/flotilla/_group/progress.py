"""How far a member has processed its partitions, and how much of that is committed. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import NamedTuple

from flotilla._group.assignment import Tenure
from flotilla.group_descriptions import CommittedOffset
from flotilla.types import TopicPartition


class _Mark(NamedTuple):
    """An offset that is committed, in one tenure: what another did with the partition in between does not count."""

    tenure: Tenure
    offset: int


class Progress:
    """`interval`: seconds between commits of its own, 0 for none; `now` is the loop's clock."""

    def __init__(self, interval: float, now: float) -> None:
        self._interval = interval
        self._due_at = now + interval
        self._processed: dict[TopicPartition, int] = {}
        self._committed: dict[TopicPartition, _Mark] = {}

    @property
    def commits_itself(self) -> bool:
        """Whether it commits without being asked."""
        return self._interval > 0

    @property
    def due_at(self) -> float | None:
        """When the next commit of its own is due; None if none ever is."""
        return self._due_at if self.commits_itself else None

    def takes_turn(self, now: float) -> bool:
        """Whether a commit of its own is due; if so, the next one is an interval later."""
        if not self.commits_itself or now < self._due_at:
            return False
        self._due_at = now + self._interval
        return True

    def begins(self, partition: TopicPartition, tenure: Tenure, offset: int) -> None:
        """A partition begins at what is committed of it."""
        self._committed[partition] = _Mark(tenure, offset)

    def processed(self, positions: Mapping[TopicPartition, int]) -> None:
        """Everything in front of these positions is processed."""
        self._processed.update(positions)

    def forget(self, partitions: Collection[TopicPartition]) -> None:
        for partition in partitions:
            self._processed.pop(partition, None)
            self._committed.pop(partition, None)

    def uncommitted(
        self, held: Mapping[TopicPartition, Tenure], partitions: Collection[TopicPartition]
    ) -> dict[TopicPartition, CommittedOffset]:
        """What is processed of those of these partitions that are held, and not committed yet."""
        return {
            partition: CommittedOffset(self._processed[partition])
            for partition in partitions
            if partition in held
            and partition in self._processed
            and self._committed.get(partition) != _Mark(held[partition], self._processed[partition])
        }

    def committed(
        self, held: Mapping[TopicPartition, Tenure], offsets: Mapping[TopicPartition, CommittedOffset]
    ) -> None:
        """These offsets are durable; `held` is as it was when they were sent."""
        for partition, at in offsets.items():
            self._committed[partition] = _Mark(held[partition], at.offset)
