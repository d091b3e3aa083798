"""The calls of flotilla.v1, by hand: what a generator would make is a path and two message types for each. A test holds
them to the descriptors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from google.protobuf.message import Message

from flotilla.v1 import cluster_service_pb2 as cluster
from flotilla.v1 import consumer_service_pb2 as consumer
from flotilla.v1 import group_service_pb2 as group
from flotilla.v1 import operation_service_pb2 as operation
from flotilla.v1 import partition_service_pb2 as partition
from flotilla.v1 import producer_service_pb2 as producer
from flotilla.v1 import topic_service_pb2 as topic

Q = TypeVar("Q", bound=Message)
R = TypeVar("R", bound=Message)


@dataclass(frozen=True)
class Method(Generic[Q, R]):
    """One call: its service and name, and the types of its request and response."""

    service: str
    name: str
    request: type[Q]
    response: type[R]

    @property
    def path(self) -> str:
        return f"/flotilla.v1.{self.service}/{self.name}"

    def unary(self, channel: Any) -> Any:
        """What calls it over a grpc.aio channel, with one request and one response."""
        return channel.unary_unary(
            self.path, request_serializer=self.request.SerializeToString, response_deserializer=self.response.FromString
        )

    def stream(self, channel: Any) -> Any:
        """The same for many requests and many responses."""
        return channel.stream_stream(
            self.path, request_serializer=self.request.SerializeToString, response_deserializer=self.response.FromString
        )


_C, _G, _O, _P, _T = "ClusterService", "GroupService", "OperationService", "PartitionService", "TopicService"

DESCRIBE_CLUSTER = Method(_C, "DescribeCluster", cluster.DescribeClusterRequest, cluster.DescribeClusterResponse)
DESCRIBE_BROKER = Method(_C, "DescribeBroker", cluster.DescribeBrokerRequest, cluster.DescribeBrokerResponse)
DRAIN_BROKER = Method(_C, "DrainBroker", cluster.DrainBrokerRequest, cluster.DrainBrokerResponse)
DECOMMISSION_BROKER = Method(
    _C, "DecommissionBroker", cluster.DecommissionBrokerRequest, cluster.DecommissionBrokerResponse
)
REBALANCE_CLUSTER = Method(_C, "RebalanceCluster", cluster.RebalanceClusterRequest, cluster.RebalanceClusterResponse)
UPGRADE_CLUSTER = Method(_C, "UpgradeCluster", cluster.UpgradeClusterRequest, cluster.UpgradeClusterResponse)

JOIN_GROUP = Method(_G, "JoinGroup", group.JoinGroupRequest, group.JoinGroupResponse)
COMMIT_OFFSETS = Method(_G, "CommitOffsets", group.CommitOffsetsRequest, group.CommitOffsetsResponse)
FETCH_OFFSETS = Method(_G, "FetchOffsets", group.FetchOffsetsRequest, group.FetchOffsetsResponse)
LIST_GROUPS = Method(_G, "ListGroups", group.ListGroupsRequest, group.ListGroupsResponse)
DESCRIBE_GROUP = Method(_G, "DescribeGroup", group.DescribeGroupRequest, group.DescribeGroupResponse)
RESET_OFFSETS = Method(_G, "ResetOffsets", group.ResetOffsetsRequest, group.ResetOffsetsResponse)
DELETE_GROUP = Method(_G, "DeleteGroup", group.DeleteGroupRequest, group.DeleteGroupResponse)
DELETE_OFFSETS = Method(_G, "DeleteOffsets", group.DeleteOffsetsRequest, group.DeleteOffsetsResponse)

LIST_OPERATIONS = Method(_O, "ListOperations", operation.ListOperationsRequest, operation.ListOperationsResponse)
GET_OPERATION = Method(_O, "GetOperation", operation.GetOperationRequest, operation.GetOperationResponse)
CANCEL_OPERATION = Method(_O, "CancelOperation", operation.CancelOperationRequest, operation.CancelOperationResponse)

MOVE_PARTITION = Method(_P, "MovePartition", partition.MovePartitionRequest, partition.MovePartitionResponse)
CHANGE_REPLICATION_FACTOR = Method(
    _P, "ChangeReplicationFactor", partition.ChangeReplicationFactorRequest, partition.ChangeReplicationFactorResponse
)
RECOVER_PARTITION = Method(
    _P, "RecoverPartition", partition.RecoverPartitionRequest, partition.RecoverPartitionResponse
)

CREATE_TOPIC = Method(_T, "CreateTopic", topic.CreateTopicRequest, topic.CreateTopicResponse)
ADD_PARTITIONS = Method(_T, "AddPartitions", topic.AddPartitionsRequest, topic.AddPartitionsResponse)
ALTER_TOPIC_CONFIG = Method(_T, "AlterTopicConfig", topic.AlterTopicConfigRequest, topic.AlterTopicConfigResponse)
DELETE_TOPIC = Method(_T, "DeleteTopic", topic.DeleteTopicRequest, topic.DeleteTopicResponse)
UNDELETE_TOPIC = Method(_T, "UndeleteTopic", topic.UndeleteTopicRequest, topic.UndeleteTopicResponse)
LIST_TOPICS = Method(_T, "ListTopics", topic.ListTopicsRequest, topic.ListTopicsResponse)
LIST_DELETED_TOPICS = Method(_T, "ListDeletedTopics", topic.ListDeletedTopicsRequest, topic.ListDeletedTopicsResponse)
DESCRIBE_TOPICS = Method(_T, "DescribeTopics", topic.DescribeTopicsRequest, topic.DescribeTopicsResponse)
TRIM_PARTITION = Method(_T, "TrimPartition", topic.TrimPartitionRequest, topic.TrimPartitionResponse)

INIT_PRODUCER = Method("ProducerService", "InitProducer", producer.InitProducerRequest, producer.InitProducerResponse)
APPEND_STREAM = Method("ProducerService", "AppendStream", producer.AppendStreamRequest, producer.AppendStreamResponse)

READ_STREAM = Method("ConsumerService", "ReadStream", consumer.ReadStreamRequest, consumer.ReadStreamResponse)
LIST_OFFSETS = Method("ConsumerService", "ListOffsets", consumer.ListOffsetsRequest, consumer.ListOffsetsResponse)
