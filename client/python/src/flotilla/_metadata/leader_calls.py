"""Unary calls that the leader of a partition answers, with retries. Only calls that may be repeated belong here."""

from __future__ import annotations

import asyncio
from typing import TypeVar

from google.protobuf.message import Message

from flotilla._metadata.cache import MetadataCache
from flotilla._transport.calls import BrokerCalls
from flotilla._transport.failure import FailedCall, Failure
from flotilla._transport.methods import Method
from flotilla.errors import ErrorCode, LogException, Refused
from flotilla.settings import ClientSettings
from flotilla.types import BrokerAddress, TopicPartition

Q = TypeVar("Q", bound=Message)
R = TypeVar("R", bound=Message)


class LeaderCalls:
    """Confined to its event loop."""

    def __init__(self, settings: ClientSettings, calls: BrokerCalls, metadata: MetadataCache) -> None:
        self._settings = settings
        self._calls = calls
        self._metadata = metadata

    async def ask(self, partition: TopicPartition, method: Method[Q, R], request: Q, timeout: float) -> R:
        """Raises the first LogException that no retry can change, or TIMEOUT."""
        now = asyncio.get_running_loop().time
        start = now()
        schedule = self._calls.schedule()
        last: LogException | None = None
        while now() - start < timeout:
            leader = await self._leader(partition, timeout - (now() - start))
            named = False
            if leader is not None:
                left = max(0.001, timeout - (now() - start))
                try:
                    return await self._calls.at(leader, method, request, min(left, self._settings.attempt_timeout))
                except FailedCall as failed:
                    last = failed.failure.cause
                    self._learn(partition, leader, failed.failure, now() - start)
                    named = failed.failure.leader_other_than(leader) is not None
            await asyncio.sleep(min(schedule.next_delay(named), max(0.0, timeout - (now() - start))))
        raise Refused(
            ErrorCode.TIMEOUT,
            f"{method.name} got no answer within {timeout:g} s from the leader of {partition}"
            + (f"; last: {last.message}" if last else ": none is known"),
        )

    def _learn(self, partition: TopicPartition, leader: BrokerAddress, failure: Failure, elapsed: float) -> None:
        """Raises the failure if a retry cannot change it."""
        self._metadata.leader_failed(partition, leader, failure)
        # A topic that the leader does not know yet, or no more, is decided on by the next look-up.
        decided_elsewhere = failure.code is ErrorCode.UNKNOWN_TOPIC and elapsed < self._settings.topic_grace
        if not failure.code.retriable and not decided_elsewhere:
            raise failure.cause

    async def _leader(self, partition: TopicPartition, timeout: float) -> BrokerAddress | None:
        """Who leads, after asking if that is not known. Raises UNKNOWN_TOPIC or UNKNOWN_PARTITION."""
        try:
            topic = self._metadata.topic(partition.topic)
            if topic is None:
                topic = await self._metadata.look_up(partition.topic, timeout)
            elif topic.leader_of(partition.partition) is None:
                topic = await self._metadata.refresh(partition.topic)
        except LogException as failure:
            if failure.code.retriable:
                return None
            raise
        if partition.partition >= topic.partition_count:
            raise Refused(
                ErrorCode.UNKNOWN_PARTITION,
                f"topic {topic.name} has partitions 0 to {topic.partition_count - 1}, not {partition.partition}",
                {"partition_count": str(topic.partition_count)},
            )
        return self._metadata.leader(partition)
