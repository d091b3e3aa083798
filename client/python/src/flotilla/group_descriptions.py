"""What the cluster tells of consumer groups. All are immutable; times are in UTC."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from flotilla.group_settings import GroupAssignor
from flotilla.types import TopicPartition


@dataclass(frozen=True)
class CommittedOffset:
    """How far a group has processed a partition.

    - `offset`: of the next record to process: one past the last that was; 0 or more
    - `metadata`: whatever the application wants to find there again; the broker says how long it may be, 4,096 bytes of
      UTF-8 unless set otherwise
    - `leader_epoch`: of the last record processed; None if not known
    """

    offset: int
    metadata: str = ""
    leader_epoch: int | None = None

    def __post_init__(self) -> None:
        if self.offset < 0:
            raise ValueError(f"offset {self.offset} is negative")


class GroupState(Enum):
    """How a consumer group is doing."""

    EMPTY = "empty"
    """It has no members."""
    RECONCILING = "reconciling"
    """A member has yet to give a partition up, or to get one."""
    STABLE = "stable"
    """Every member has what it shall have."""


@dataclass(frozen=True)
class GroupSummary:
    """A group in a list. `member_count` includes members that keep their place while they are away; `offset_count` is
    that of partitions with a committed offset."""

    group: str
    state: GroupState
    member_count: int
    offset_count: int


@dataclass(frozen=True)
class GroupRebalance:
    """A new distribution of a group's partitions: the epoch that began with it, when by the coordinator's clock, and why,
    for a person to read."""

    epoch: int
    at: datetime
    reason: str


@dataclass(frozen=True)
class GroupMemberDescription:
    """A member of a group.

    `member_epoch` is that up to which it has caught up with its group. It reads `partitions`, was told to give up `revoked`
    and has not yet, and is to get `awaited`, which others have yet to give up. `away` says that it is a static member that
    has left and keeps its place. `silent_for` is None if the coordinator has heard nothing since it became that.
    """

    member_id: str
    instance_id: str | None
    client_id: str
    host: str
    member_epoch: int
    topics: tuple[str, ...]
    partitions: tuple[TopicPartition, ...]
    revoked: tuple[TopicPartition, ...]
    awaited: tuple[TopicPartition, ...]
    away: bool
    silent_for: timedelta | None


@dataclass(frozen=True)
class GroupDescription:
    """A consumer group with its members, by id.

    `epoch` grows with each new distribution of its partitions, the last ten of which are `rebalances`, the newest last.
    Members subscribe to `missing_topics`, which do not exist. `empty_since` is None while it has members; `expires_at` is
    when its offsets go if nobody joins or commits, None while it has members or if they are kept for ever.
    """

    group: str
    state: GroupState
    epoch: int
    assignor: GroupAssignor
    members: tuple[GroupMemberDescription, ...]
    rebalances: tuple[GroupRebalance, ...]
    missing_topics: tuple[str, ...]
    empty_since: datetime | None
    expires_at: datetime | None
