"""Asks about the cluster and changes it."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping, Sequence
from typing import TypeVar
from uuid import uuid4

from google.protobuf.message import Message

from flotilla._admin import wire
from flotilla._metadata.cache import MetadataCache
from flotilla._metadata.leader_calls import LeaderCalls
from flotilla._metadata.offset_finder import OffsetFinder
from flotilla._transport import methods
from flotilla._transport.calls import BrokerCalls, was_retried
from flotilla._transport.failure import FailedCall
from flotilla._transport.methods import Method
from flotilla.aio.group_admin import GroupAdmin
from flotilla.descriptions import (
    BrokerDescription,
    BrokerStatus,
    ClusterDescription,
    DeletedTopic,
    NewTopic,
    OperationDescription,
    RecoverableReplica,
    TopicDescription,
    TopicSummary,
)
from flotilla.errors import ErrorCode, LogException, Refused
from flotilla.position import Position
from flotilla.settings import ClientSettings
from flotilla.types import BrokerAddress, TopicPartition
from flotilla.v1 import cluster_service_pb2 as cluster
from flotilla.v1 import operation_service_pb2 as operations
from flotilla.v1 import partition_service_pb2 as partitions
from flotilla.v1 import topic_service_pb2 as topics

Q = TypeVar("Q", bound=Message)
R = TypeVar("R", bound=Message)


class Admin:
    """Each call is tried again at other brokers while its failure is retriable, and raises a LogException: the last cause,
    or TIMEOUT after `request_timeout`. Made by `FlotillaClient.admin`; lives as long as the client."""

    def __init__(
        self,
        settings: ClientSettings,
        calls: BrokerCalls,
        metadata: MetadataCache,
        offsets: OffsetFinder,
        groups: GroupAdmin,
    ) -> None:
        self._settings = settings
        self._calls = calls
        self._metadata = metadata
        self._offsets = offsets
        self._leaders = LeaderCalls(settings, calls, metadata)
        self._groups = groups

    def groups(self) -> GroupAdmin:
        """Consumer groups."""
        return self._groups

    async def _ask(self, method: Method[Q, R], request: Q) -> R:
        return await self._calls.at_any(method, request, self._settings.request_timeout)

    # ---- topics

    async def create_topic(self, topic: NewTopic) -> TopicDescription:
        """Creates a topic and returns it once the cluster has agreed on it; its partitions elect leaders right after.

        When an attempt went unanswered and the next one finds a topic of that name and shape, the call takes it for its
        own and succeeds. Raises TOPIC_ALREADY_EXISTS, INVALID_TOPIC_NAME, INVALID_PARTITION_COUNT,
        INVALID_REPLICATION_FACTOR or INVALID_CONFIG.
        """
        request = topics.CreateTopicRequest(
            name=topic.name,
            partition_count=topic.partition_count,
            replication_factor=topic.replication_factor,
            config=dict(topic.config),
            request_id=uuid4().hex,
        )
        try:
            return wire.topic((await self._ask(methods.CREATE_TOPIC, request)).topic)
        except LogException as failure:
            if failure.code is not ErrorCode.TOPIC_ALREADY_EXISTS or not was_retried(failure):
                raise
            existing = await self._describe_there(topic.name)
            if not _has_shape_of(topic, existing):
                raise
            return existing

    async def _describe_there(self, name: str) -> TopicDescription:
        """A topic that is there: a broker that does not know it yet is asked again for a while."""
        now = asyncio.get_running_loop().time
        late = now() + self._settings.topic_grace
        while True:
            try:
                return await self.describe_topic(name)
            except LogException as unknown:
                if unknown.code is not ErrorCode.UNKNOWN_TOPIC or now() >= late:
                    raise
            await asyncio.sleep(self._settings.retry_backoff_min)

    async def add_partitions(self, topic: str, new_total_count: int) -> TopicDescription:
        """Gives a topic more partitions, `new_total_count` in all; with as many as now nothing changes.

        Records that are there stay where they are, but a key's partition follows from the count. Raises UNKNOWN_TOPIC or
        INVALID_PARTITION_COUNT.
        """
        request = topics.AddPartitionsRequest(topic=topic, new_total_count=new_total_count, request_id=uuid4().hex)
        return self._changed((await self._ask(methods.ADD_PARTITIONS, request)).topic)

    async def alter_topic_config(
        self, topic: str, set: Mapping[str, str] | None = None, unset: Collection[str] = ()
    ) -> TopicDescription:
        """Changes some of a topic's settings, leaves the others, and returns the topic with all of them.

        `set` has new values by name, `unset` names those that go back to their defaults. Raises UNKNOWN_TOPIC,
        INVALID_CONFIG, or INVALID_REQUEST for a setting that is in both or if there is none.
        """
        request = topics.AlterTopicConfigRequest(
            topic=topic, set=dict(set or {}), unset=list(unset), request_id=uuid4().hex
        )
        return self._changed((await self._ask(methods.ALTER_TOPIC_CONFIG, request)).topic)

    def _changed(self, topic: topics.TopicDescription) -> TopicDescription:
        self._metadata.expire(topic.name)  # this client's own producers shall not go by what they knew before
        return wire.topic(topic)

    async def delete_topic(self, name: str) -> None:
        """Takes a topic away from its clients. Its records stay for the brokers' `topic.delete.grace.ms`, in which
        `undelete_topic` brings it back. Raises UNKNOWN_TOPIC."""
        await self._delete(name, now=False)

    async def delete_topic_now(self, name_or_id: str) -> None:
        """Deletes a topic and its records at once, without a way back. Takes the id of a deleted topic too."""
        await self._delete(name_or_id, now=True)

    async def _delete(self, name: str, now: bool) -> None:
        request = topics.DeleteTopicRequest(name=name, now=now, request_id=uuid4().hex)
        try:
            await self._ask(methods.DELETE_TOPIC, request)
        except LogException as failure:
            if failure.code is not ErrorCode.UNKNOWN_TOPIC or not was_retried(failure):
                raise  # else an attempt without an answer has deleted it
        self._metadata.forget(name)

    async def undelete_topic(self, name_or_id: str) -> TopicDescription:
        """Brings a deleted topic back with its id, settings, partitions and records.

        Raises UNKNOWN_TOPIC if there is no such deleted topic (any more), TOPIC_ALREADY_EXISTS if another topic has its
        name now, INVALID_REQUEST if several had that name.
        """
        try:
            request = topics.UndeleteTopicRequest(name_or_id=name_or_id, request_id=uuid4().hex)
            return wire.topic((await self._ask(methods.UNDELETE_TOPIC, request)).topic)
        except LogException as failure:
            if failure.code is not ErrorCode.UNKNOWN_TOPIC or not was_retried(failure):
                raise
            return await self._describe_there(name_or_id)  # an attempt without an answer has brought it back

    async def list_deleted_topics(self) -> list[DeletedTopic]:
        """Topics that can be brought back: by name, of one name the one that was deleted last first."""
        answer = await self._ask(methods.LIST_DELETED_TOPICS, topics.ListDeletedTopicsRequest())
        return [wire.deleted_topic(each) for each in answer.topics]

    async def list_topics(self) -> list[TopicSummary]:
        """All topics, by name; without those that were deleted."""
        answer = await self._ask(methods.LIST_TOPICS, topics.ListTopicsRequest())
        return sorted((wire.summary(each) for each in answer.topics), key=lambda each: each.name)

    async def describe_topic(self, name: str) -> TopicDescription:
        """Raises UNKNOWN_TOPIC."""
        for topic in await self.describe_topics([name]):
            if topic.name == name:
                return topic
        raise Refused(ErrorCode.UNKNOWN_TOPIC, f"there is no topic {name}", {"topic": name})

    async def describe_topics(self, names: Collection[str] = ()) -> list[TopicDescription]:
        """Topics with their partitions and leaders, by name; no name means all. Raises UNKNOWN_TOPIC if one is unknown."""
        answer = await self._ask(methods.DESCRIBE_TOPICS, topics.DescribeTopicsRequest(names=list(names)))
        return sorted((wire.topic(each) for each in answer.topics), key=lambda each: each.name)

    async def list_offsets(self, positions: Mapping[TopicPartition, Position]) -> dict[TopicPartition, int]:
        """Turns positions into offsets, asked of each partition's leader: `Position.end` covers every record acknowledged
        before the call. Raises UNKNOWN_TOPIC or UNKNOWN_PARTITION."""
        return await self._offsets.find(positions, self._settings.request_timeout)

    async def trim(self, partition: TopicPartition, offset: int) -> int:
        """Drops a partition's records before an offset, on every replica and for good; returns the first offset left.

        Raises UNKNOWN_TOPIC, UNKNOWN_PARTITION or OffsetOutOfRange.
        """
        request = topics.TrimPartitionRequest(partition=wire.to_wire(partition), offset=offset)
        timeout = self._settings.request_timeout
        return (await self._leaders.ask(partition, methods.TRIM_PARTITION, request, timeout)).log_start_offset

    # ---- brokers

    async def describe_cluster(self) -> ClusterDescription:
        """The cluster and its brokers."""
        answer = await self._ask(methods.DESCRIBE_CLUSTER, cluster.DescribeClusterRequest())
        return wire.described_cluster(answer)

    async def describe_broker(self, broker: int | BrokerAddress) -> BrokerStatus:
        """The broker with this id or at this address, and the replicas it holds; no other is asked instead.

        Raises BROKER_NOT_AVAILABLE if the cluster has no such broker or it does not answer.
        """
        address = broker if isinstance(broker, BrokerAddress) else await self._address_of(broker)
        request = cluster.DescribeBrokerRequest()
        try:
            answer = await self._calls.at(address, methods.DESCRIBE_BROKER, request, self._settings.attempt_timeout)
        except FailedCall as failed:
            raise failed.failure.cause from None
        return wire.broker_status(answer)

    async def _address_of(self, broker_id: int) -> BrokerAddress:
        brokers = (await self.describe_cluster()).brokers
        for broker in brokers:
            if broker.broker_id == broker_id:
                return broker.address
        known = [broker.broker_id for broker in brokers]
        raise Refused(ErrorCode.BROKER_NOT_AVAILABLE, f"the cluster has no broker {broker_id}, only {known}")

    async def drain_broker(self, broker_id: int) -> BrokerDescription:
        """Has leaderships taken away from a broker and no new replicas put there; those it has stay. Raises
        UNKNOWN_BROKER."""
        request = cluster.DrainBrokerRequest(broker_id=broker_id, draining=True)
        return wire.broker((await self._ask(methods.DRAIN_BROKER, request)).broker)

    async def undrain_broker(self, broker_id: int) -> BrokerDescription:
        """Ends what `drain_broker` began; leaderships come back by themselves. Raises UNKNOWN_BROKER."""
        request = cluster.DrainBrokerRequest(broker_id=broker_id, draining=False)
        return wire.broker((await self._ask(methods.DRAIN_BROKER, request)).broker)

    async def upgrade_cluster(self, feature_level: int | None = None) -> int:
        """Has the cluster use what a newer feature level allows, by default the newest that every broker speaks; there is
        no way back. Returns the level now in force. Raises CONFLICT or INVALID_REQUEST."""
        request = cluster.UpgradeClusterRequest(feature_level=feature_level or 0)
        return (await self._ask(methods.UPGRADE_CLUSTER, request)).feature_level

    # ---- operations: whatever begins one names it, so that a call that is tried again begins no second one

    async def decommission_broker(self, broker_id: int) -> OperationDescription:
        """Begins to move all replicas away from a broker, which then is no member of the cluster any more. Raises
        UNKNOWN_BROKER, CONFLICT or INVALID_REPLICATION_FACTOR."""
        request = cluster.DecommissionBrokerRequest(broker_id=broker_id, operation_id=uuid4().hex)
        return wire.operation((await self._ask(methods.DECOMMISSION_BROKER, request)).operation)

    async def move_partition(self, partition: TopicPartition, broker_ids: Sequence[int]) -> OperationDescription:
        """Begins to move a partition's replicas to these brokers, the preferred leader first. Raises UNKNOWN_TOPIC,
        UNKNOWN_PARTITION, UNKNOWN_BROKER, INVALID_REQUEST or CONFLICT."""
        request = partitions.MovePartitionRequest(
            partition=wire.to_wire(partition), broker_ids=broker_ids, operation_id=uuid4().hex
        )
        return wire.operation((await self._ask(methods.MOVE_PARTITION, request)).operation)

    async def change_replication_factor(self, topic: str, replication_factor: int) -> OperationDescription:
        """Begins to give every partition of a topic more or fewer replicas. Raises UNKNOWN_TOPIC,
        INVALID_REPLICATION_FACTOR or CONFLICT."""
        request = partitions.ChangeReplicationFactorRequest(
            topic=topic, replication_factor=replication_factor, operation_id=uuid4().hex
        )
        return wire.operation((await self._ask(methods.CHANGE_REPLICATION_FACTOR, request)).operation)

    async def rebalance(self) -> OperationDescription:
        """Begins to spread replicas, and then preferred leaders, evenly over the brokers in service. Raises CONFLICT."""
        request = cluster.RebalanceClusterRequest(operation_id=uuid4().hex)
        return wire.operation((await self._ask(methods.REBALANCE_CLUSTER, request)).operation)

    async def recoverable_replicas(
        self, partition: TopicPartition, survivor_broker_id: int
    ) -> list[RecoverableReplica]:
        """What is known of the replicas of a partition that has lost a majority of them for good; changes nothing. The
        survivor's comes first. Raises INVALID_REQUEST while a majority lives."""
        request = partitions.RecoverPartitionRequest(
            partition=wire.to_wire(partition), survivor_broker_id=survivor_broker_id
        )
        answer = await self._ask(methods.RECOVER_PARTITION, request)
        return [wire.recoverable(each) for each in answer.replicas]

    async def recover_partition(
        self, partition: TopicPartition, survivor_broker_id: int, accept_loss: str
    ) -> OperationDescription:
        """The last resort: begins to have a partition go on from one replica. Records that only the others had are lost
        for ever. `accept_loss` is the partition's name once more, as `orders-0`. Raises INVALID_REQUEST."""
        if not accept_loss:  # which would only ask
            raise Refused(
                ErrorCode.INVALID_REQUEST, f"the loss is not accepted; name the partition once more: {partition}"
            )
        request = partitions.RecoverPartitionRequest(
            partition=wire.to_wire(partition),
            survivor_broker_id=survivor_broker_id,
            accept_loss=accept_loss,
            operation_id=uuid4().hex,
        )
        return wire.operation((await self._ask(methods.RECOVER_PARTITION, request)).operation)

    async def operations(self) -> list[OperationDescription]:
        """Operations that run and the last 100 that have ended, the earliest begun first."""
        answer = await self._ask(methods.LIST_OPERATIONS, operations.ListOperationsRequest())
        return [wire.operation(each) for each in answer.operations]

    async def operation(self, id: str) -> OperationDescription:
        """One operation, with some of the partitions that it has yet to deal with. Raises UNKNOWN_OPERATION."""
        answer = await self._ask(methods.GET_OPERATION, operations.GetOperationRequest(operation_id=id))
        return wire.operation(answer.operation, answer.remaining)

    async def cancel_operation(self, id: str) -> OperationDescription:
        """Ends an operation that runs: what has moved stays, what is under way goes back. Raises UNKNOWN_OPERATION or
        CONFLICT."""
        answer = await self._ask(methods.CANCEL_OPERATION, operations.CancelOperationRequest(operation_id=id))
        return wire.operation(answer.operation)


def _has_shape_of(wanted: NewTopic, existing: TopicDescription) -> bool:
    return (
        wanted.partition_count in (0, existing.partition_count)
        and wanted.replication_factor in (0, existing.replication_factor)
        and wanted.config.items() <= existing.config.items()
    )
