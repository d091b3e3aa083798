"""What the cluster tells of itself, as far as the answering broker knows. All are immutable; times are in UTC."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum

from flotilla.types import BrokerAddress, TopicPartition


@dataclass(frozen=True)
class NewTopic:
    """A topic to create. A partition count or replication factor of 0 is the cluster's default; `config` has topic
    settings by name."""

    name: str
    partition_count: int = 0
    replication_factor: int = 0
    config: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class TopicSummary:
    """A topic in a list; `topic_id` differs between two topics of one name that live one after the other."""

    name: str
    topic_id: str
    partition_count: int
    replication_factor: int


@dataclass(frozen=True)
class DeletedTopic:
    """A topic that can be undeleted, for `time_left` by the answering broker's clock."""

    topic: TopicSummary
    deleted_at: datetime
    purge_at: datetime
    time_left: timedelta


@dataclass(frozen=True)
class PartitionDescription:
    """A partition.

    `leader_broker_id` is None while nobody leads. Offsets are there where the answering broker has a replica. While the
    partition moves, `target_broker_ids` says where its replicas shall be and `voter_broker_ids` whose vote.
    """

    partition: TopicPartition
    replica_broker_ids: tuple[int, ...]
    leader_broker_id: int | None
    leader_epoch: int
    log_start_offset: int | None
    high_watermark: int | None
    target_broker_ids: tuple[int, ...] = ()
    voter_broker_ids: tuple[int, ...] = ()

    @property
    def is_moving(self) -> bool:
        return bool(self.target_broker_ids)


@dataclass(frozen=True)
class TopicDescription:
    """A topic and its partitions, by number from 0; `config` has the settings that are not defaults."""

    name: str
    topic_id: str
    replication_factor: int
    config: Mapping[str, str]
    partitions: tuple[PartitionDescription, ...]

    @property
    def partition_count(self) -> int:
        return len(self.partitions)


@dataclass(frozen=True)
class BrokerAvailability:
    """What a broker is good for: `draining` takes no leaderships and no new replicas, `leaving` loses those it has, and
    nothing has been heard of it since `fenced_since`."""

    draining: bool
    leaving: bool
    fenced_since: datetime | None

    @property
    def is_in_service(self) -> bool:
        return not self.draining and not self.leaving and self.fenced_since is None


@dataclass(frozen=True)
class BrokerDescription:
    """A registered broker; `directory_id` identifies its data folder: a wiped one has another."""

    broker_id: int
    address: BrokerAddress
    rack: str
    directory_id: str
    registered_at: datetime
    leader_count: int
    replica_count: int
    availability: BrokerAvailability


@dataclass(frozen=True)
class ClusterDescription:
    """The cluster; `metadata_version` grows with every change of its metadata, `feature_level` is 1 or more."""

    cluster_id: str
    metadata_leader_broker_id: int | None
    metadata_voter_broker_ids: tuple[int, ...]
    metadata_version: int
    feature_level: int
    brokers: tuple[BrokerDescription, ...]


class ReplicaRole(Enum):
    """What a replica is in its partition's Raft group."""

    UNKNOWN = 0
    LEADER = 1
    FOLLOWER = 2
    CANDIDATE = 3
    FAILED = 4


@dataclass(frozen=True)
class ReplicaDescription:
    """One replica as its own broker sees it; `applied_index` is the Raft index of the last entry applied."""

    partition: TopicPartition
    role: ReplicaRole
    leader_epoch: int
    log_start_offset: int
    high_watermark: int
    applied_index: int


@dataclass(frozen=True)
class BrokerStatus:
    """A broker as it sees itself."""

    broker_id: int
    cluster_id: str
    version: str
    replicas: tuple[ReplicaDescription, ...]


class OperationState(Enum):
    """How a long operation stands."""

    UNKNOWN = 0
    RUNNING = 1
    DONE = 2
    FAILED = 3
    CANCELLED = 4


@dataclass(frozen=True)
class MovingPartition:
    """A partition that an operation has yet to deal with; without a target it waits for its turn."""

    partition: TopicPartition
    replica_broker_ids: tuple[int, ...]
    target_broker_ids: tuple[int, ...]
    voter_broker_ids: tuple[int, ...]


@dataclass(frozen=True)
class OperationDescription:
    """A long operation and how it stands.

    `job` is `decommission`, `move`, `replication`, `rebalance`, `recover` or, told by a newer broker, empty; `concerns`
    says what it is about, as `broker 3` or `orders-0`. `remaining` has some of the partitions left, told by
    `Admin.operation` only.
    """

    id: str
    job: str
    concerns: str
    state: OperationState
    started_at: datetime
    ended_at: datetime | None
    partitions_at_start: int
    partitions_remaining: int
    message: str
    remaining: tuple[MovingPartition, ...] = ()

    @property
    def is_running(self) -> bool:
        return self.state is OperationState.RUNNING


@dataclass(frozen=True)
class RecoverableReplica:
    """A replica that votes, as its own broker tells at this moment.

    Where `unknown_because` is not empty its broker does not answer, and nothing below it is known. `failure` says why it
    cannot be used; empty if it can.
    """

    broker_id: int
    fenced_since: datetime | None
    unknown_because: str
    log_start_offset: int
    high_watermark: int
    last_index: int
    last_term: int
    failure: str
