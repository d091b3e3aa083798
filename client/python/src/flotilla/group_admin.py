"""Looks at consumer groups, and changes those that have no members."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from flotilla import aio
from flotilla._transport.loop_thread import LoopThread
from flotilla.group_descriptions import CommittedOffset, GroupDescription, GroupSummary
from flotilla.types import TopicPartition


class GroupAdmin:
    """Made by `Admin.groups`; lives as long as the client. Each call blocks. Failures are LogExceptions: UNKNOWN_GROUP,
    GROUP_NOT_EMPTY where a change would go against members, TIMEOUT if no answer came within the request timeout. Every
    method may be called by any thread."""

    def __init__(self, admin: aio.GroupAdmin, thread: LoopThread) -> None:
        self._admin = admin
        self._thread = thread

    def list_groups(self) -> list[GroupSummary]:
        """All groups, by name."""
        return self._thread.run(self._admin.list_groups())

    def describe(self, group: str) -> GroupDescription:
        """Raises UNKNOWN_GROUP."""
        return self._thread.run(self._admin.describe(group))

    def committed(self, group: str) -> dict[TopicPartition, CommittedOffset]:
        """All committed offsets of a group; a group that does not exist has none."""
        return self._thread.run(self._admin.committed(group))

    def reset(self, group: str, offsets: Mapping[TopicPartition, int]) -> None:
        """Commits these offsets for a group without members, all or none, and makes it if there is none. Whether a
        partition has such an offset is not looked at; `Admin.list_offsets` finds the offsets of positions.

        Raises GROUP_NOT_EMPTY, UNKNOWN_TOPIC or UNKNOWN_PARTITION.
        """
        self._thread.run(self._admin.reset(group, offsets))

    def delete(self, group: str) -> None:
        """Forgets a group without members and its offsets. Raises UNKNOWN_GROUP or GROUP_NOT_EMPTY."""
        self._thread.run(self._admin.delete(group))

    def forget(self, group: str, partitions: Collection[TopicPartition]) -> int:
        """Forgets offsets of topics to which no member subscribes; returns how many there were. Raises UNKNOWN_GROUP or
        GROUP_NOT_EMPTY."""
        return self._thread.run(self._admin.forget(group, partitions))
