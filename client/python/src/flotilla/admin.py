"""Asks about the cluster and changes it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from flotilla import aio
from flotilla._transport.loop_thread import LoopThread
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
from flotilla.group_admin import GroupAdmin
from flotilla.position import Position
from flotilla.types import BrokerAddress, TopicPartition


class Admin:
    """Each call blocks, is tried again at other brokers while its failure is retriable, and raises a LogException: the
    last cause, or TIMEOUT after `request_timeout`. Made by `FlotillaClient.admin`; lives as long as the client. Every
    method may be called by any thread.
    """

    def __init__(self, admin: aio.Admin, thread: LoopThread) -> None:
        self._admin = admin
        self._thread = thread
        self._groups = GroupAdmin(admin.groups(), thread)

    def groups(self) -> GroupAdmin:
        """Consumer groups."""
        return self._groups

    def create_topic(self, topic: NewTopic) -> TopicDescription:
        """Creates a topic and returns it once the cluster has agreed on it; its partitions elect leaders right after.

        When an attempt went unanswered and the next one finds a topic of that name and shape, the call takes it for its
        own and succeeds. Raises TOPIC_ALREADY_EXISTS, INVALID_TOPIC_NAME, INVALID_PARTITION_COUNT,
        INVALID_REPLICATION_FACTOR or INVALID_CONFIG.
        """
        return self._thread.run(self._admin.create_topic(topic))

    def add_partitions(self, topic: str, new_total_count: int) -> TopicDescription:
        """Gives a topic more partitions, `new_total_count` in all; with as many as now nothing changes.

        Records that are there stay where they are, but a key's partition follows from the count. Raises UNKNOWN_TOPIC or
        INVALID_PARTITION_COUNT.
        """
        return self._thread.run(self._admin.add_partitions(topic, new_total_count))

    def alter_topic_config(
        self, topic: str, set: Mapping[str, str] | None = None, unset: Collection[str] = ()
    ) -> TopicDescription:
        """Changes some of a topic's settings, leaves the others, and returns the topic with all of them.

        `set` has new values by name, `unset` names those that go back to their defaults. Raises UNKNOWN_TOPIC,
        INVALID_CONFIG, or INVALID_REQUEST for a setting that is in both or if there is none.
        """
        return self._thread.run(self._admin.alter_topic_config(topic, set, unset))

    def delete_topic(self, name: str) -> None:
        """Takes a topic away from its clients. Its records stay for the brokers' `topic.delete.grace.ms`, in which
        `undelete_topic` brings it back. Raises UNKNOWN_TOPIC."""
        self._thread.run(self._admin.delete_topic(name))

    def delete_topic_now(self, name_or_id: str) -> None:
        """Deletes a topic and its records at once, without a way back. Takes the id of a deleted topic too."""
        self._thread.run(self._admin.delete_topic_now(name_or_id))

    def undelete_topic(self, name_or_id: str) -> TopicDescription:
        """Brings a deleted topic back with its id, settings, partitions and records.

        Raises UNKNOWN_TOPIC if there is no such deleted topic (any more), TOPIC_ALREADY_EXISTS if another topic has its
        name now, INVALID_REQUEST if several had that name.
        """
        return self._thread.run(self._admin.undelete_topic(name_or_id))

    def list_deleted_topics(self) -> list[DeletedTopic]:
        """Topics that can be brought back: by name, of one name the one that was deleted last first."""
        return self._thread.run(self._admin.list_deleted_topics())

    def list_topics(self) -> list[TopicSummary]:
        """All topics, by name; without those that were deleted."""
        return self._thread.run(self._admin.list_topics())

    def describe_topic(self, name: str) -> TopicDescription:
        """Raises UNKNOWN_TOPIC."""
        return self._thread.run(self._admin.describe_topic(name))

    def describe_topics(self, names: Collection[str] = ()) -> list[TopicDescription]:
        """Topics with their partitions and leaders, by name; no name means all. Raises UNKNOWN_TOPIC if one is unknown."""
        return self._thread.run(self._admin.describe_topics(names))

    def list_offsets(self, positions: Mapping[TopicPartition, Position]) -> dict[TopicPartition, int]:
        """Turns positions into offsets, asked of each partition's leader: `Position.end` covers every record acknowledged
        before the call. Raises UNKNOWN_TOPIC or UNKNOWN_PARTITION."""
        return self._thread.run(self._admin.list_offsets(positions))

    def trim(self, partition: TopicPartition, offset: int) -> int:
        """Drops a partition's records before an offset, on every replica and for good; returns the first offset left.

        Raises UNKNOWN_TOPIC, UNKNOWN_PARTITION or OffsetOutOfRange.
        """
        return self._thread.run(self._admin.trim(partition, offset))

    def describe_cluster(self) -> ClusterDescription:
        """The cluster and its brokers."""
        return self._thread.run(self._admin.describe_cluster())

    def describe_broker(self, broker: int | BrokerAddress) -> BrokerStatus:
        """The broker with this id or at this address, and the replicas it holds; no other is asked instead.

        Raises BROKER_NOT_AVAILABLE if the cluster has no such broker or it does not answer.
        """
        return self._thread.run(self._admin.describe_broker(broker))

    def drain_broker(self, broker_id: int) -> BrokerDescription:
        """Has leaderships taken away from a broker and no new replicas put there; those it has stay. Raises
        UNKNOWN_BROKER."""
        return self._thread.run(self._admin.drain_broker(broker_id))

    def undrain_broker(self, broker_id: int) -> BrokerDescription:
        """Ends what `drain_broker` began; leaderships come back by themselves. Raises UNKNOWN_BROKER."""
        return self._thread.run(self._admin.undrain_broker(broker_id))

    def upgrade_cluster(self, feature_level: int | None = None) -> int:
        """Has the cluster use what a newer feature level allows, by default the newest that every broker speaks; there is
        no way back. Returns the level now in force. Raises CONFLICT or INVALID_REQUEST."""
        return self._thread.run(self._admin.upgrade_cluster(feature_level))

    def decommission_broker(self, broker_id: int) -> OperationDescription:
        """Begins to move all replicas away from a broker, which then is no member of the cluster any more. Raises
        UNKNOWN_BROKER, CONFLICT or INVALID_REPLICATION_FACTOR."""
        return self._thread.run(self._admin.decommission_broker(broker_id))

    def move_partition(self, partition: TopicPartition, broker_ids: Sequence[int]) -> OperationDescription:
        """Begins to move a partition's replicas to these brokers, the preferred leader first. Raises UNKNOWN_TOPIC,
        UNKNOWN_PARTITION, UNKNOWN_BROKER, INVALID_REQUEST or CONFLICT."""
        return self._thread.run(self._admin.move_partition(partition, broker_ids))

    def change_replication_factor(self, topic: str, replication_factor: int) -> OperationDescription:
        """Begins to give every partition of a topic more or fewer replicas. Raises UNKNOWN_TOPIC,
        INVALID_REPLICATION_FACTOR or CONFLICT."""
        return self._thread.run(self._admin.change_replication_factor(topic, replication_factor))

    def rebalance(self) -> OperationDescription:
        """Begins to spread replicas, and then preferred leaders, evenly over the brokers in service. Raises CONFLICT."""
        return self._thread.run(self._admin.rebalance())

    def recoverable_replicas(self, partition: TopicPartition, survivor_broker_id: int) -> list[RecoverableReplica]:
        """What is known of the replicas of a partition that has lost a majority of them for good; changes nothing. The
        survivor's comes first. Raises INVALID_REQUEST while a majority lives."""
        return self._thread.run(self._admin.recoverable_replicas(partition, survivor_broker_id))

    def recover_partition(
        self, partition: TopicPartition, survivor_broker_id: int, accept_loss: str
    ) -> OperationDescription:
        """The last resort: begins to have a partition go on from one replica. Records that only the others had are lost
        for ever. `accept_loss` is the partition's name once more, as `orders-0`. Raises INVALID_REQUEST."""
        return self._thread.run(self._admin.recover_partition(partition, survivor_broker_id, accept_loss))

    def operations(self) -> list[OperationDescription]:
        """Operations that run and the last 100 that have ended, the earliest begun first."""
        return self._thread.run(self._admin.operations())

    def operation(self, id: str) -> OperationDescription:
        """One operation, with some of the partitions that it has yet to deal with. Raises UNKNOWN_OPERATION."""
        return self._thread.run(self._admin.operation(id))

    def cancel_operation(self, id: str) -> OperationDescription:
        """Ends an operation that runs: what has moved stays, what is under way goes back. Raises UNKNOWN_OPERATION or
        CONFLICT."""
        return self._thread.run(self._admin.cancel_operation(id))
