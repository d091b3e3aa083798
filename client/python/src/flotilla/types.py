"""The values that go in and out of the client. All are immutable."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from flotilla._record.records import RecordHeader

__all__ = [
    "BrokerAddress",
    "ConsumerRecord",
    "ProducerRecord",
    "RecordHeader",
    "RecordMetadata",
    "TopicPartition",
]

PORT_DEFAULT = 9094


class TopicPartition(NamedTuple):
    """One partition of a topic; partitions count from 0."""

    topic: str
    partition: int

    def __str__(self) -> str:
        return f"{self.topic}-{self.partition}"


class BrokerAddress(NamedTuple):
    """Where a broker answers clients."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @classmethod
    def parse(cls, text: str) -> BrokerAddress:
        """Reads `host`, `host:port` or `[IPv6 address]:port`; the port is 9094 where none is given.

        Raises ValueError if the text is malformed.
        """
        trimmed = text.strip()
        if trimmed.startswith("["):
            host, bracket, rest = trimmed[1:].partition("]")
            if not bracket or (rest and not rest.startswith(":")):
                raise ValueError(f"broker address {text!r} is malformed, expected [IPv6 address]:port")
            port = rest[1:]
        else:
            host, _, port = trimmed.partition(":")
        if not host:
            raise ValueError(f"broker address {text!r} names no host, expected host:port")
        if port and not (port.isascii() and port.isdigit() and 1 <= int(port) <= 65535):
            raise ValueError(f"broker address {text!r} has port {port!r}, expected 1 to 65535")
        return cls(host, int(port) if port else PORT_DEFAULT)

    @classmethod
    def parse_list(cls, text: str) -> tuple[BrokerAddress, ...]:
        """Reads addresses separated by commas, as `broker-1:9094,broker-2:9094`."""
        return tuple(cls.parse(part) for part in text.split(",") if part.strip())


@dataclass(frozen=True)
class ProducerRecord:
    """A record to send.

    - `key`, `value`: `None` differs from empty
    - `headers`: kept in order; a key may repeat. Pairs of a text and bytes or `None`
    - `partition`: where to append; `None` lets the key decide (murmur2, as Kafka's clients do), and without a key the
      producer keeps to one partition for a batch at a time
    - `timestamp_millis`: since the epoch; `None` means the time of the send
    """

    topic: str
    value: bytes | None = None
    key: bytes | None = None
    headers: Sequence[tuple[str, bytes | None]] = ()
    partition: int | None = None
    timestamp_millis: int | None = None

    def __post_init__(self) -> None:
        if not self.topic:
            raise ValueError("a record needs a topic")
        for name in ("key", "value"):
            content = getattr(self, name)
            if content is not None and not isinstance(content, bytes):
                raise TypeError(f"{name} is {type(content).__name__}, expected bytes or None")
        if self.partition is not None and self.partition < 0:
            raise ValueError(f"partition {self.partition} is negative")
        if self.timestamp_millis is not None and self.timestamp_millis < 0:
            raise ValueError(f"timestamp {self.timestamp_millis} ms is negative")
        headers = tuple(RecordHeader(key, value) for key, value in self.headers)
        object.__setattr__(self, "headers", headers)

    def __repr__(self) -> str:
        """Sizes instead of contents, which are the users' own."""
        return (
            f"ProducerRecord(topic={self.topic!r}, partition={self.partition}, key_bytes={_size(self.key)}, "
            f"value_bytes={_size(self.value)}, headers={len(self.headers)}, timestamp_millis={self.timestamp_millis})"
        )


class RecordMetadata(NamedTuple):
    """Where an acknowledged record is: from here on it is fsynced on a majority of the partition's replicas.

    `duplicate` says that an earlier attempt, whose answer was lost, had appended it; it is stored once.
    """

    partition: TopicPartition
    offset: int
    timestamp_millis: int
    leader_epoch: int
    duplicate: bool


class ConsumerRecord(NamedTuple):
    """A committed record. Key and value are `None` where the producer gave none."""

    partition: TopicPartition
    offset: int
    timestamp_millis: int
    key: bytes | None
    value: bytes | None
    headers: tuple[RecordHeader, ...]

    @property
    def topic(self) -> str:
        return self.partition.topic

    def __repr__(self) -> str:
        """Sizes instead of contents, which are the users' own."""
        return (
            f"ConsumerRecord({self.partition}@{self.offset}, timestamp_millis={self.timestamp_millis}, "
            f"key_bytes={_size(self.key)}, value_bytes={_size(self.value)}, headers={len(self.headers)})"
        )


def _size(content: bytes | None) -> int:
    return -1 if content is None else len(content)
