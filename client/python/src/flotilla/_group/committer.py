"""Sends offsets to the coordinator."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice

from flotilla._admin import wire
from flotilla._group.assignment import Tenure
from flotilla._group.coordinator import CoordinatorCalls
from flotilla._transport import failure as failures
from flotilla._transport import methods
from flotilla._transport.tasks import Tasks
from flotilla.errors import ErrorCode, LogException, Refused
from flotilla.group_descriptions import CommittedOffset
from flotilla.types import TopicPartition
from flotilla.v1 import group_service_pb2 as groups

_CALL_PARTITIONS_MAX = 1_000
"""Most partitions in one call, which is what brokers take at least."""

_WAITING_MAX = 1_000
"""Most commits that are sent or wait for those before them."""


@dataclass(frozen=True)
class Committer:
    """Who commits: a member, what it holds, and since when."""

    member_id: str
    member_epoch: int
    held: Mapping[TopicPartition, Tenure]


class OffsetCommitter:
    """One commit after the other, so that they take effect in the order in which they were asked for, however often a call
    has to be repeated, and whoever gives up waiting for one. Confined to its event loop."""

    def __init__(self, group: str, calls: CoordinatorCalls, tasks: Tasks) -> None:
        self._group = group
        self._calls = calls
        self._tasks = tasks
        self._turn = asyncio.Lock()  # is given in the order of asking
        self._waiting = 0

    def commit(self, committer: Committer, offsets: Mapping[TopicPartition, CommittedOffset]) -> asyncio.Task[None]:
        """Fails with FENCED_MEMBER_EPOCH, UNKNOWN_MEMBER, TIMEOUT, or OVERLOADED if too many wait already."""
        return self._tasks.start(self._commit(committer, dict(offsets)))

    async def _commit(self, committer: Committer, offsets: dict[TopicPartition, CommittedOffset]) -> None:
        if not offsets:
            return
        if self._waiting >= _WAITING_MAX:
            raise Refused(
                ErrorCode.OVERLOADED,
                f"{_WAITING_MAX} commits of group {self._group} wait already; commit less often, or wait for them",
            )
        self._waiting += 1
        try:
            async with self._turn:
                left = iter(offsets.items())
                while part := dict(islice(left, _CALL_PARTITIONS_MAX)):
                    await self._send(committer, part)
        finally:
            self._waiting -= 1

    async def _send(self, committer: Committer, offsets: dict[TopicPartition, CommittedOffset]) -> None:
        request = groups.CommitOffsetsRequest(
            group=self._group,
            member_id=committer.member_id,
            member_epoch=committer.member_epoch,
            offsets=[_offset(committer, partition, at) for partition, at in offsets.items()],
        )
        answer = await self._calls.ask(methods.COMMIT_OFFSETS, request)
        for result in answer.results:
            if result.HasField("error"):
                raise self._refusal(result)

    def _refusal(self, result: groups.OffsetCommitResult) -> LogException:
        cause = failures.of_status(result.error, self._calls.coordinator.broker).cause
        partition = wire.partition(result.partition)
        details = cause.details | {"topic": partition.topic, "partition": str(partition.partition)}
        return Refused(cause.code, f"{partition}: {cause.message}", details)


def _offset(committer: Committer, partition: TopicPartition, at: CommittedOffset) -> groups.OffsetToCommit:
    offset = groups.OffsetToCommit(
        partition=wire.to_wire(partition),
        topic_id=committer.held[partition].topic_id,
        offset=at.offset,
        metadata=at.metadata,
    )
    if at.leader_epoch is not None:
        offset.leader_epoch = at.leader_epoch
    return offset
