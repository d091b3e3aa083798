"""The Python client of Flotilla, a replicated, partitioned log.

    with FlotillaClient("broker-1:9094,broker-2:9094") as client:
        client.admin().create_topic(NewTopic("orders", 12, 3))
        with client.producer() as producer:
            producer.send(ProducerRecord("orders", b"placed", key=b"customer-7")).result()
        with client.consumer() as consumer:
            consumer.assign([TopicPartition("orders", 0)], Position.beginning())
            for record in consumer.poll(timeout=1.0):
                print(record.key, record.value)
        with client.group_consumer(GroupSettings("billing", "orders")) as consumer:
            for record in consumer:
                print(record.key, record.value)

`FlotillaClient` owns the connections; from it come a `Producer`, a `Consumer`, a `GroupConsumer` and an `Admin`.
`flotilla.aio` has the same for asyncio. Every failure that a caller can act on is a `LogException`, whose code says what
happened. Names with a leading underscore are the implementation; `flotilla.v1` has the messages of the gRPC API.
"""

from flotilla._record.compression import Compression
from flotilla.admin import Admin
from flotilla.client import FlotillaClient
from flotilla.consumer import Consumer
from flotilla.consumer_loop import ConsumerLoop, RecordHandler
from flotilla.descriptions import (
    BrokerAvailability,
    BrokerDescription,
    BrokerStatus,
    ClusterDescription,
    DeletedTopic,
    MovingPartition,
    NewTopic,
    OperationDescription,
    OperationState,
    PartitionDescription,
    RecoverableReplica,
    ReplicaDescription,
    ReplicaRole,
    TopicDescription,
    TopicSummary,
)
from flotilla.errors import ErrorCode, LogException, NotLeader, OffsetOutOfRange, Refused, WakeupException
from flotilla.group_admin import GroupAdmin
from flotilla.group_consumer import GroupConsumer, RebalanceListener
from flotilla.group_descriptions import (
    CommittedOffset,
    GroupDescription,
    GroupMemberDescription,
    GroupRebalance,
    GroupState,
    GroupSummary,
)
from flotilla.group_settings import GroupAssignor, GroupSettings
from flotilla.position import Position
from flotilla.producer import Producer
from flotilla.settings import ClientSettings, ConsumerSettings, OutOfRangePolicy, ProducerSettings
from flotilla.types import (
    BrokerAddress,
    ConsumerRecord,
    ProducerRecord,
    RecordHeader,
    RecordMetadata,
    TopicPartition,
)

__all__ = [
    "Admin",
    "BrokerAddress",
    "BrokerAvailability",
    "BrokerDescription",
    "BrokerStatus",
    "ClientSettings",
    "ClusterDescription",
    "CommittedOffset",
    "Compression",
    "Consumer",
    "ConsumerLoop",
    "ConsumerRecord",
    "ConsumerSettings",
    "DeletedTopic",
    "ErrorCode",
    "FlotillaClient",
    "GroupAdmin",
    "GroupAssignor",
    "GroupConsumer",
    "GroupDescription",
    "GroupMemberDescription",
    "GroupRebalance",
    "GroupSettings",
    "GroupState",
    "GroupSummary",
    "LogException",
    "MovingPartition",
    "NewTopic",
    "NotLeader",
    "OffsetOutOfRange",
    "OperationDescription",
    "OperationState",
    "OutOfRangePolicy",
    "PartitionDescription",
    "Position",
    "Producer",
    "ProducerRecord",
    "ProducerSettings",
    "RebalanceListener",
    "RecordHandler",
    "RecordHeader",
    "RecordMetadata",
    "RecoverableReplica",
    "Refused",
    "ReplicaDescription",
    "ReplicaRole",
    "TopicDescription",
    "TopicPartition",
    "TopicSummary",
    "WakeupException",
]
