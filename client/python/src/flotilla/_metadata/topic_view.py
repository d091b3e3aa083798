"""What is known about a topic. Pure and immutable."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from flotilla.types import BrokerAddress


@dataclass(frozen=True)
class PartitionLeader:
    """Who leads one partition; `leader` is None while nobody does, or after the one that was known proved wrong."""

    leader_epoch: int
    leader: BrokerAddress | None

    def merge(self, heard: PartitionLeader) -> PartitionLeader:
        """The better of two pieces of knowledge: a later epoch, or a leader where none was known."""
        if heard.leader_epoch > self.leader_epoch:
            return heard
        return PartitionLeader(self.leader_epoch, heard.leader) if self.leader is None else self


@dataclass(frozen=True)
class TopicView:
    """`topic_id` differs between two topics of one name that live one after the other; `partitions` are by number."""

    name: str
    topic_id: str
    config: Mapping[str, str]
    partitions: tuple[PartitionLeader, ...]

    @property
    def partition_count(self) -> int:
        return len(self.partitions)

    def leader_of(self, partition: int) -> BrokerAddress | None:
        """None if no leader is known or there is no such partition."""
        return self.partitions[partition].leader if partition < len(self.partitions) else None

    def merge(self, heard: TopicView) -> TopicView:
        """Takes over what another broker said. Another topic of the same name replaces this one whole."""
        if heard.topic_id != self.topic_id or heard.partition_count < self.partition_count:
            return heard
        known = tuple(mine.merge(theirs) for mine, theirs in zip(self.partitions, heard.partitions))
        return replace(heard, partitions=known + heard.partitions[len(known) :])

    def hear(self, partition: int, heard: PartitionLeader) -> TopicView:
        if partition >= self.partition_count:
            return self
        return self._with(partition, self.partitions[partition].merge(heard))

    def distrust(self, partition: int, leader: BrokerAddress) -> TopicView:
        """Forgets a leader that proved wrong, so that the next word about this partition counts whatever its epoch: the
        one we had may have been a mistake."""
        if self.leader_of(partition) != leader:
            return self
        return self._with(partition, PartitionLeader(self.partitions[partition].leader_epoch, None))

    def _with(self, partition: int, changed: PartitionLeader) -> TopicView:
        before, after = self.partitions[:partition], self.partitions[partition + 1 :]
        return replace(self, partitions=(*before, changed, *after))
