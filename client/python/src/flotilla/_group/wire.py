"""Groups, from the wire to the API. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from flotilla._admin import wire
from flotilla.group_descriptions import (
    GroupDescription,
    GroupMemberDescription,
    GroupRebalance,
    GroupState,
    GroupSummary,
)
from flotilla.group_settings import GroupAssignor
from flotilla.types import TopicPartition
from flotilla.v1 import group_service_pb2 as groups

_STATES: dict[groups.GroupState, GroupState] = {groups.GROUP_STATE_EMPTY: GroupState.EMPTY, groups.GROUP_STATE_STABLE: GroupState.STABLE}


def subscription(topics: Iterable[str], topic_pattern: str | None) -> groups.GroupSubscription:
    return groups.GroupSubscription(topics=topics, topic_pattern=topic_pattern or "")


def summary(told: groups.GroupSummary) -> GroupSummary:
    return GroupSummary(told.group, _state(told.state), told.member_count, told.offset_count)


def description(told: groups.GroupDescription) -> GroupDescription:
    is_range = told.assignor == groups.GROUP_ASSIGNOR_RANGE
    return GroupDescription(
        told.group,
        _state(told.state),
        told.epoch,
        GroupAssignor.RANGE if is_range else GroupAssignor.UNIFORM,
        tuple(map(_member, told.members)),
        tuple(GroupRebalance(one.epoch, wire.time(one.at), one.reason) for one in told.rebalances),
        tuple(told.missing_topics),
        wire.time(told.empty_since) if told.HasField("empty_since") else None,
        wire.time(told.expires_at) if told.HasField("expires_at") else None,
    )


def _member(told: groups.GroupMemberDescription) -> GroupMemberDescription:
    return GroupMemberDescription(
        told.member_id,
        told.instance_id or None,
        told.client_id,
        told.host,
        told.member_epoch,
        tuple(told.topics),
        _partitions(told.partitions),
        _partitions(told.revoked),
        tuple(map(wire.partition, told.awaited)),
        told.away,
        told.silent_for.ToTimedelta() if told.HasField("silent_for") else None,
    )


def _partitions(told: Iterable[groups.AssignedPartition]) -> tuple[TopicPartition, ...]:
    return tuple(wire.partition(one.partition) for one in told)


def _state(told: groups.GroupState) -> GroupState:
    # A state newer than this client is one in which something is not as it shall be.
    return _STATES.get(told, GroupState.RECONCILING)
