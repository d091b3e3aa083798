"""Chooses a record's partition: the one it names, else by its key, else the topic's current one, which changes after a
batch's worth of bytes so that batches get full and partitions get equal shares. Pure but for chance."""

from __future__ import annotations

from random import Random

from flotilla._metadata.topic_view import TopicView
from flotilla._record import key_hash
from flotilla.errors import ErrorCode, Refused
from flotilla.types import ProducerRecord


class Partitioner:
    """`sticky_bytes`: bytes of records without key after which a topic's partition changes."""

    def __init__(self, sticky_bytes: int, random: Random | None = None) -> None:
        self._sticky_bytes = sticky_bytes
        self._random = random or Random()
        self._sticky: dict[str, tuple[int, int]] = {}
        """By topic: its partition, and the bytes that still go there."""

    def partition_of(self, record: ProducerRecord, topic: TopicView, size_bytes: int) -> int:
        """Raises Refused UNKNOWN_PARTITION if the record names one that the topic does not have."""
        if record.partition is not None:
            if record.partition >= topic.partition_count:
                raise Refused(
                    ErrorCode.UNKNOWN_PARTITION,
                    f"topic {topic.name} has partitions 0 to {topic.partition_count - 1}, the record names partition "
                    f"{record.partition}",
                    {"partition_count": str(topic.partition_count)},
                )
            return record.partition
        if record.key is not None:
            return key_hash.partition_of(record.key, topic.partition_count)
        partition, left = self._sticky.get(topic.name, (0, 0))
        if left <= 0 or partition >= topic.partition_count:
            partition, left = self._choose(topic), self._sticky_bytes
        self._sticky[topic.name] = (partition, left - size_bytes)
        return partition

    def _choose(self, topic: TopicView) -> int:
        """Any partition that has a leader; any at all while none has."""
        led = [number for number, at in enumerate(topic.partitions) if at.leader is not None]
        return self._random.choice(led or range(topic.partition_count))
