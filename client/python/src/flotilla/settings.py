"""How clients, producers and consumers behave. Each setting is checked when it is given, and the error names it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from flotilla._record.compression import Compression
from flotilla.types import BrokerAddress

_KIB = 1024
_MIB = 1024 * 1024


def _within(name: str, value: float, least: float, most: float) -> None:
    if not least <= value <= most:
        raise ValueError(f"{name} is {value}, expected {least} to {most}")


def _at_least(name: str, value: float, least: float) -> None:
    if value < least:
        raise ValueError(f"{name} is {value}, expected {least} or more")


@dataclass(frozen=True)
class ClientSettings:
    """How a client finds, reaches and retries brokers. Times are seconds.

    - `bootstrap`: brokers to ask first; a text as `broker-1:9094,broker-2:9094` or addresses, at least one
    - `request_timeout`: how long a call may take with all its retries; 0.1 or more
    - `attempt_timeout`: how long one attempt of a unary call may take, and how long an append stream may owe an answer
      before it is given up and its batches go out again; 0.1 or more
    - `connect_timeout`: how long a TCP connection may take to open; 0.01 or more
    - `keep_alive_interval`: a connection without traffic for this long is pinged; 10 or more
    - `keep_alive_timeout`: a ping unanswered for this long closes the connection; 0.1 or more
    - `leader_check_interval`: while a leader owes an answer for longer than this, other brokers are asked who leads now;
      0.1 or more
    - `retry_backoff_min`: pause before the first retry that has no better hint; grows by doubling, with jitter; 0.001 or
      more
    - `retry_backoff_max`: the longest such pause; `retry_backoff_min` or more
    - `topic_grace`: how long an unknown topic is looked for before it is believed not to exist, since a new one reaches
      brokers one after the other; 0 or more
    - `metadata_max_age`: how old the client's knowledge of a topic may get before a producer that uses it asks anew, and
      so learns of partitions that were added; 0.1 or more
    - `message_bytes_max`: largest gRPC message accepted, in bytes; 2 MiB to 64 MiB
    """

    bootstrap: str | tuple[BrokerAddress, ...]
    request_timeout: float = 30.0
    attempt_timeout: float = 10.0
    connect_timeout: float = 3.0
    keep_alive_interval: float = 10.0
    keep_alive_timeout: float = 3.0
    leader_check_interval: float = 2.0
    retry_backoff_min: float = 0.05
    retry_backoff_max: float = 1.0
    topic_grace: float = 5.0
    metadata_max_age: float = 60.0
    message_bytes_max: int = 20 * _MIB

    def __post_init__(self) -> None:
        if not self.addresses:
            raise ValueError("bootstrap names no broker")
        _at_least("request_timeout", self.request_timeout, 0.1)
        _at_least("attempt_timeout", self.attempt_timeout, 0.1)
        _at_least("connect_timeout", self.connect_timeout, 0.01)
        _at_least("keep_alive_interval", self.keep_alive_interval, 10)
        _at_least("keep_alive_timeout", self.keep_alive_timeout, 0.1)
        _at_least("leader_check_interval", self.leader_check_interval, 0.1)
        _at_least("retry_backoff_min", self.retry_backoff_min, 0.001)
        _at_least("retry_backoff_max", self.retry_backoff_max, self.retry_backoff_min)
        _at_least("topic_grace", self.topic_grace, 0)
        _at_least("metadata_max_age", self.metadata_max_age, 0.1)
        _within("message_bytes_max", self.message_bytes_max, 2 * _MIB, 64 * _MIB)

    @property
    def addresses(self) -> tuple[BrokerAddress, ...]:
        """`bootstrap` as addresses."""
        if isinstance(self.bootstrap, str):
            return BrokerAddress.parse_list(self.bootstrap)
        return tuple(self.bootstrap)


@dataclass(frozen=True)
class ProducerSettings:
    """How a producer batches, sends and gives up. Times are seconds.

    - `batch_bytes`: a batch is sent when it holds this many bytes before compression; 1 KiB to 1 MiB. A larger record
      travels alone, up to the topic's `max.message.bytes`
    - `linger`: how long the first record of a batch waits for others; 0 to 10. While the window below is full, batches go
      on filling
    - `in_flight_batches`: batches of one partition sent and not yet answered; 1 to 5, since a broker remembers the last
      five of each producer
    - `buffer_bytes`: bytes of records that wait for their acknowledgement, over all partitions; 1 MiB or more
    - `block_timeout`: how long a send may wait for room in the buffer, and a record for its topic to be found; 0 or more
    - `delivery_timeout`: a record neither acknowledged nor refused after this time fails with TIMEOUT; more than `linger`
    - `compression`: of each batch. LZ4, the default of the Java client too, comes with this package; snappy and zstd need
      packages of their own
    """

    batch_bytes: int = 256 * _KIB
    linger: float = 0.005
    in_flight_batches: int = 5
    buffer_bytes: int = 64 * _MIB
    block_timeout: float = 60.0
    delivery_timeout: float = 120.0
    compression: Compression = Compression.LZ4

    def __post_init__(self) -> None:
        _within("batch_bytes", self.batch_bytes, _KIB, _MIB)
        _within("linger", self.linger, 0, 10)
        _within("in_flight_batches", self.in_flight_batches, 1, 5)
        _at_least("buffer_bytes", self.buffer_bytes, _MIB)
        _at_least("block_timeout", self.block_timeout, 0)
        _at_least("delivery_timeout", self.delivery_timeout, self.linger + 0.001)


class OutOfRangePolicy(Enum):
    """What a consumer does when its next offset is no longer, or not yet, in the partition."""

    FAIL = "fail"
    """`poll` raises OffsetOutOfRange: nothing is skipped unnoticed."""
    EARLIEST = "earliest"
    """Go on at the first record still readable; a gap is logged as a warning."""
    LATEST = "latest"
    """Go on behind the last committed record; a gap is logged as a warning."""


@dataclass(frozen=True)
class ConsumerSettings:
    """How a consumer reads ahead and reports.

    - `prefetch_bytes`: bytes a broker may send ahead of what `poll` has returned, per leader broker read from; 64 KiB to
      1 GiB. Memory holds at most this plus one chunk for each of them
    - `chunk_bytes`: soft limit of one message from a broker, in bytes; 1 KiB to 16 MiB
    - `poll_records_max`: most records of one poll; 1 or more
    - `out_of_range`: what to do when the next offset is outside its partition
    - `heartbeat_interval`: how often an idle broker says that it lives and how far its partitions are, in seconds; 0.1 to
      30. A broker silent for three of these is left
    - `check_crc`: whether to verify the checksum of each batch read
    """

    prefetch_bytes: int = 8 * _MIB
    chunk_bytes: int = _MIB
    poll_records_max: int = 500
    out_of_range: OutOfRangePolicy = OutOfRangePolicy.FAIL
    heartbeat_interval: float = 1.0
    check_crc: bool = True

    def __post_init__(self) -> None:
        _within("prefetch_bytes", self.prefetch_bytes, 64 * _KIB, 1024 * _MIB)
        _within("chunk_bytes", self.chunk_bytes, _KIB, 16 * _MIB)
        _at_least("poll_records_max", self.poll_records_max, 1)
        _within("heartbeat_interval", self.heartbeat_interval, 0.1, 30)
