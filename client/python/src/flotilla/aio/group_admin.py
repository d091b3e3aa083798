"""Looks at consumer groups, and changes those that have no members."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from flotilla._admin import wire
from flotilla._group import wire as group_wire
from flotilla._group.committed import CommittedOffsets
from flotilla._group.coordinator import CoordinatorCalls
from flotilla._transport import methods
from flotilla.group_descriptions import CommittedOffset, GroupDescription, GroupSummary
from flotilla.types import TopicPartition
from flotilla.v1 import group_service_pb2 as groups


class GroupAdmin:
    """Made by `Admin.groups`; lives as long as the client. Failures are LogExceptions: UNKNOWN_GROUP, GROUP_NOT_EMPTY where
    a change would go against members, TIMEOUT if no answer came within the request timeout."""

    def __init__(self, calls: CoordinatorCalls) -> None:
        self._calls = calls

    async def list_groups(self) -> list[GroupSummary]:
        """All groups, by name."""
        answer = await self._calls.ask(methods.LIST_GROUPS, groups.ListGroupsRequest())
        return [group_wire.summary(each) for each in answer.groups]

    async def describe(self, group: str) -> GroupDescription:
        """Raises UNKNOWN_GROUP."""
        answer = await self._calls.ask(methods.DESCRIBE_GROUP, groups.DescribeGroupRequest(group=group))
        return group_wire.description(answer.description)

    async def committed(self, group: str) -> dict[TopicPartition, CommittedOffset]:
        """All committed offsets of a group; a group that does not exist has none."""
        return await CommittedOffsets(group, self._calls).all()

    async def reset(self, group: str, offsets: Mapping[TopicPartition, int]) -> None:
        """Commits these offsets for a group without members, all or none, and makes it if there is none. Whether a
        partition has such an offset is not looked at; `Admin.list_offsets` finds the offsets of positions.

        Raises GROUP_NOT_EMPTY, UNKNOWN_TOPIC or UNKNOWN_PARTITION.
        """
        wanted = [
            groups.OffsetToReset(partition=wire.to_wire(partition), offset=offset)
            for partition, offset in offsets.items()
        ]
        await self._calls.ask(methods.RESET_OFFSETS, groups.ResetOffsetsRequest(group=group, offsets=wanted))

    async def delete(self, group: str) -> None:
        """Forgets a group without members and its offsets. Raises UNKNOWN_GROUP or GROUP_NOT_EMPTY."""
        await self._calls.ask(methods.DELETE_GROUP, groups.DeleteGroupRequest(group=group))

    async def forget(self, group: str, partitions: Collection[TopicPartition]) -> int:
        """Forgets offsets of topics to which no member subscribes; returns how many there were. Raises UNKNOWN_GROUP or
        GROUP_NOT_EMPTY."""
        request = groups.DeleteOffsetsRequest(group=group, partitions=map(wire.to_wire, partitions))
        return (await self._calls.ask(methods.DELETE_OFFSETS, request)).deleted_count
