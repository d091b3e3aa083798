"""What a member is to read. Pure and immutable."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from flotilla.types import TopicPartition
from flotilla.v1 import group_service_pb2 as groups


@dataclass(frozen=True)
class Tenure:
    """A time in which a member holds a partition without interruption; if it begins anew, the partition was another's
    meanwhile. `since_epoch` is that in which it began."""

    topic_id: str
    since_epoch: int


@dataclass(frozen=True)
class Assignment:
    """All that a member may read, what it is to commit and give up, and until when on the loop's clock. `version` is to be
    acknowledged, `member_epoch` is what commits have to name. As it is at first, nothing."""

    version: int = 0
    member_epoch: int = 0
    partitions: Mapping[TopicPartition, Tenure] = field(default_factory=dict)
    revoked: frozenset[TopicPartition] = frozenset()
    revoke_by: float = 0.0

    @classmethod
    def of(cls, told: groups.GroupAssignment, now: float) -> Assignment:
        return cls(
            told.version,
            told.member_epoch,
            {_partition(one): Tenure(one.topic_id, one.since_epoch) for one in told.partitions},
            frozenset(map(_partition, told.revoked)),
            now + told.revoke_within.ToTimedelta().total_seconds(),
        )

    def taken_from(self, held: Mapping[TopicPartition, Tenure]) -> frozenset[TopicPartition]:
        """Those held that this assignment takes away, also where it gives them back as something new."""
        return frozenset(at for at, tenure in held.items() if self.partitions.get(at) != tenure)

    def given_beyond(self, held: Iterable[TopicPartition]) -> dict[TopicPartition, Tenure]:
        """Those that this assignment gives beyond what is held."""
        known = frozenset(held)
        return {at: tenure for at, tenure in self.partitions.items() if at not in known}


def _partition(assigned: groups.AssignedPartition) -> TopicPartition:
    return TopicPartition(assigned.partition.topic, assigned.partition.partition)
