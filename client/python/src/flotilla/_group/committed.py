"""Asks the coordinator what a group has committed."""

from __future__ import annotations

from collections.abc import Collection

from flotilla._admin import wire
from flotilla._group.coordinator import CoordinatorCalls
from flotilla._transport import methods
from flotilla.group_descriptions import CommittedOffset
from flotilla.types import TopicPartition
from flotilla.v1 import group_service_pb2 as groups


class CommittedOffsets:
    """Confined to its event loop. Calls raise LogException TIMEOUT if no answer comes within the request timeout."""

    def __init__(self, group: str, calls: CoordinatorCalls) -> None:
        self._group = group
        self._calls = calls

    async def of(self, partitions: Collection[TopicPartition]) -> dict[TopicPartition, CommittedOffset]:
        """Partitions without a committed offset are left out."""
        if not partitions:  # which would mean all
            return {}
        return await self._ask(list(partitions))

    async def all(self) -> dict[TopicPartition, CommittedOffset]:
        return await self._ask([])

    async def _ask(self, partitions: list[TopicPartition]) -> dict[TopicPartition, CommittedOffset]:
        request = groups.FetchOffsetsRequest(group=self._group, partitions=map(wire.to_wire, partitions))
        answer = await self._calls.ask(methods.FETCH_OFFSETS, request)
        return {
            wire.partition(one.partition): CommittedOffset(
                one.offset, one.metadata, one.leader_epoch if one.HasField("leader_epoch") else None
            )
            for one in answer.offsets
        }
