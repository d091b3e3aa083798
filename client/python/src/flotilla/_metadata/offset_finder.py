"""Turns positions into offsets by asking each partition's leader, with retries."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from flotilla._metadata.cache import MetadataCache
from flotilla._transport import failure as failures
from flotilla._transport import methods
from flotilla._transport.calls import BrokerCalls
from flotilla._transport.failure import FailedCall, Failure
from flotilla.errors import ErrorCode, LogException, Refused
from flotilla.position import AtOffset, AtTimestamp, End, Position
from flotilla.settings import ClientSettings
from flotilla.types import BrokerAddress, TopicPartition
from flotilla.v1 import common_pb2, consumer_service_pb2


class OffsetFinder:
    """Confined to its event loop."""

    def __init__(self, settings: ClientSettings, calls: BrokerCalls, metadata: MetadataCache) -> None:
        self._settings = settings
        self._calls = calls
        self._metadata = metadata

    async def find(self, positions: Mapping[TopicPartition, Position], timeout: float) -> dict[TopicPartition, int]:
        """All or nothing: raises the first LogException that no retry can change, or TIMEOUT."""
        return await _Search(self._settings, self._calls, self._metadata, positions, timeout).run()


class _Search:
    """One search, in rounds that each ask the leaders for what is still open."""

    def __init__(
        self,
        settings: ClientSettings,
        calls: BrokerCalls,
        metadata: MetadataCache,
        positions: Mapping[TopicPartition, Position],
        timeout: float,
    ) -> None:
        self._settings = settings
        self._calls = calls
        self._metadata = metadata
        self._timeout = timeout
        self._now = asyncio.get_running_loop().time
        self._start = self._now()
        self._found = {partition: at.value for partition, at in positions.items() if isinstance(at, AtOffset)}
        self._open = {partition: at for partition, at in sorted(positions.items()) if partition not in self._found}
        self._last: LogException | None = None
        self._leader_named = False

    async def run(self) -> dict[TopicPartition, int]:
        schedule = self._calls.schedule()
        while self._open:
            if self._left() <= 0:
                raise self._expired()
            self._leader_named = False
            await self._learn_leaders()
            by_leader: dict[BrokerAddress, list[TopicPartition]] = {}
            for partition in self._open:
                leader = self._metadata.leader(partition)
                if leader is not None:
                    by_leader.setdefault(leader, []).append(partition)
            await asyncio.gather(*(self._ask(leader, partitions) for leader, partitions in by_leader.items()))
            if self._open:
                await asyncio.sleep(min(schedule.next_delay(self._leader_named), self._left()))
        return self._found

    async def _learn_leaders(self) -> None:
        for topic in {partition.topic for partition in self._open}:
            try:
                known = self._metadata.topic(topic)
                if known is None:
                    known = await self._metadata.look_up(topic, self._left())
                elif any(at.topic == topic and self._metadata.leader(at) is None for at in self._open):
                    known = await self._metadata.refresh(topic)
            except LogException as failure:
                if not failure.code.retriable:
                    raise
                self._last = failure
                continue
            for partition in self._open:
                if partition.topic == topic and partition.partition >= known.partition_count:
                    raise Refused(
                        ErrorCode.UNKNOWN_PARTITION,
                        f"topic {topic} has partitions 0 to {known.partition_count - 1}, not {partition.partition}",
                        {"partition_count": str(known.partition_count)},
                    )

    async def _ask(self, leader: BrokerAddress, partitions: list[TopicPartition]) -> None:
        request = consumer_service_pb2.ListOffsetsRequest(
            queries=[_query(partition, self._open[partition]) for partition in partitions]
        )
        timeout = max(0.001, min(self._left(), self._settings.attempt_timeout))
        try:
            answer = await self._calls.at(leader, methods.LIST_OFFSETS, request, timeout)
        except FailedCall as failed:
            for partition in partitions:
                self._missed(partition, leader, failed.failure)
            return
        for index, partition in enumerate(partitions):
            if index >= len(answer.answers):
                self._missed(partition, leader, Failure.of(ErrorCode.INTERNAL, f"{leader} left out an answer"))
            elif answer.answers[index].HasField("error"):
                self._missed(partition, leader, failures.of_status(answer.answers[index].error, leader))
            else:
                self._found[partition] = answer.answers[index].offset
                del self._open[partition]

    def _missed(self, partition: TopicPartition, leader: BrokerAddress, failure: Failure) -> None:
        self._metadata.leader_failed(partition, leader, failure)
        self._leader_named |= failure.leader_other_than(leader) is not None
        self._last = failure.cause
        # A topic that the leader does not know yet, or no more, is decided on by the next look-up.
        young = self._now() - self._start < self._settings.topic_grace
        if not failure.code.retriable and not (failure.code is ErrorCode.UNKNOWN_TOPIC and young):
            raise failure.cause

    def _left(self) -> float:
        return max(0.0, self._timeout - (self._now() - self._start))

    def _expired(self) -> LogException:
        wanted = ", ".join(map(str, self._open))
        return Refused(
            ErrorCode.TIMEOUT,
            f"no offset within {self._timeout:g} s for {wanted}"
            + (f"; last: {self._last.message}" if self._last else ": no leader is known"),
        )


def _query(partition: TopicPartition, position: Position) -> consumer_service_pb2.OffsetQuery:
    query = consumer_service_pb2.OffsetQuery(
        partition=common_pb2.TopicPartition(topic=partition.topic, partition=partition.partition)
    )
    if isinstance(position, AtTimestamp):
        query.timestamp_millis = position.epoch_millis
    elif isinstance(position, End):
        query.latest.SetInParent()
    else:
        query.earliest.SetInParent()
    return query
