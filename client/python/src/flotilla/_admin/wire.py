"""Messages of flotilla.v1 as the values that users see. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timezone

from google.protobuf.timestamp_pb2 import Timestamp

from flotilla.descriptions import (
    BrokerAvailability,
    BrokerDescription,
    BrokerStatus,
    ClusterDescription,
    DeletedTopic,
    MovingPartition,
    OperationDescription,
    OperationState,
    PartitionDescription,
    RecoverableReplica,
    ReplicaDescription,
    ReplicaRole,
    TopicDescription,
    TopicSummary,
)
from flotilla.types import BrokerAddress, TopicPartition
from flotilla.v1 import cluster_service_pb2 as cluster
from flotilla.v1 import common_pb2 as common
from flotilla.v1 import operation_service_pb2 as operations
from flotilla.v1 import partition_service_pb2 as partitions
from flotilla.v1 import topic_service_pb2 as topics


def to_wire(partition: TopicPartition) -> common.TopicPartition:
    return common.TopicPartition(topic=partition.topic, partition=partition.partition)


def partition(wire: common.TopicPartition) -> TopicPartition:
    return TopicPartition(wire.topic, wire.partition)


def time(wire: Timestamp) -> datetime:
    return datetime.fromtimestamp(wire.seconds + wire.nanos / 1e9, timezone.utc)


def summary(wire: topics.TopicSummary) -> TopicSummary:
    return TopicSummary(wire.name, wire.topic_id, wire.partition_count, wire.replication_factor)


def deleted_topic(wire: topics.DeletedTopic) -> DeletedTopic:
    return DeletedTopic(
        summary(wire.topic), time(wire.deleted_at), time(wire.purge_at), wire.time_left.ToTimedelta()
    )


def topic(wire: topics.TopicDescription) -> TopicDescription:
    return TopicDescription(
        wire.name,
        wire.topic_id,
        wire.replication_factor,
        dict(wire.config),
        tuple(_partition_of(wire.name, each) for each in wire.partitions),
    )


def _partition_of(name: str, wire: topics.PartitionDescription) -> PartitionDescription:
    return PartitionDescription(
        TopicPartition(name, wire.partition),
        tuple(wire.replica_broker_ids),
        wire.leader_broker_id if wire.HasField("leader_broker_id") else None,
        wire.leader_epoch,
        wire.log_start_offset if wire.HasField("log_start_offset") else None,
        wire.high_watermark if wire.HasField("high_watermark") else None,
        tuple(wire.target_broker_ids),
        tuple(wire.voter_broker_ids),
    )


def described_cluster(wire: cluster.DescribeClusterResponse) -> ClusterDescription:
    return ClusterDescription(
        wire.cluster_id,
        wire.metadata_leader_broker_id if wire.HasField("metadata_leader_broker_id") else None,
        tuple(wire.metadata_voter_broker_ids),
        wire.metadata_version,
        wire.feature_level,
        tuple(sorted((broker(each) for each in wire.brokers), key=lambda each: each.broker_id)),
    )


def broker(wire: cluster.BrokerDescription) -> BrokerDescription:
    return BrokerDescription(
        wire.endpoint.broker_id,
        BrokerAddress(wire.endpoint.host, wire.endpoint.port),
        wire.rack,
        wire.directory_id,
        time(wire.registered_at),
        wire.leader_count,
        wire.replica_count,
        BrokerAvailability(
            wire.draining, wire.leaving, time(wire.fenced_since) if wire.HasField("fenced_since") else None
        ),
    )


def broker_status(wire: cluster.DescribeBrokerResponse) -> BrokerStatus:
    return BrokerStatus(
        wire.broker_id, wire.cluster_id, wire.version, tuple(_replica(each) for each in wire.replicas)
    )


def _replica(wire: cluster.ReplicaDescription) -> ReplicaDescription:
    known = {role.value for role in ReplicaRole}
    return ReplicaDescription(
        partition(wire.partition),
        ReplicaRole(wire.role) if wire.role in known else ReplicaRole.UNKNOWN,
        wire.leader_epoch,
        wire.log_start_offset,
        wire.high_watermark,
        wire.applied_index,
    )


def operation(
    wire: operations.Operation, remaining: Iterable[operations.MovingPartition] = ()
) -> OperationDescription:
    known = {state.value for state in OperationState}
    return OperationDescription(
        wire.operation_id,
        wire.WhichOneof("job") or "",
        _concerns(wire),
        OperationState(wire.state) if wire.state in known else OperationState.UNKNOWN,
        time(wire.started_at),
        time(wire.ended_at) if wire.HasField("ended_at") else None,
        wire.partitions_at_start,
        wire.partitions_remaining,
        wire.message,
        tuple(_moving(each) for each in remaining),
    )


def _concerns(wire: operations.Operation) -> str:
    job = wire.WhichOneof("job")
    if job == "decommission":
        return f"broker {wire.decommission.broker_id}"
    if job == "move":
        return str(partition(wire.move.partition))
    if job == "replication":
        return wire.replication.topic
    if job == "recover":
        return str(partition(wire.recover.partition))
    return "the cluster" if job == "rebalance" else ""


def _moving(wire: operations.MovingPartition) -> MovingPartition:
    return MovingPartition(
        partition(wire.partition),
        tuple(wire.replica_broker_ids),
        tuple(wire.target_broker_ids),
        tuple(wire.voter_broker_ids),
    )


def recoverable(wire: partitions.RecoverableReplica) -> RecoverableReplica:
    return RecoverableReplica(
        wire.broker_id,
        time(wire.fenced_since) if wire.HasField("fenced_since") else None,
        wire.unknown_because,
        wire.log_start_offset,
        wire.high_watermark,
        wire.last_index,
        wire.last_term,
        wire.failure,
    )
