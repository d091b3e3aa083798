"""What can go wrong in a way that a caller can act on: a `LogException` with a code. Anything else is a bug."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flotilla.types import BrokerAddress


class ErrorCode(Enum):
    """Every reason for which a call can fail. Names and numbers are those of `flotilla.v1.ErrorReason`.

    Each value is the number on the wire, the Kafka error code of the same meaning, and whether the same call can succeed
    later, or at another broker, without a change by its caller.
    """

    INTERNAL = (1, -1, False)
    UNKNOWN_TOPIC = (2, 3, False)
    UNKNOWN_PARTITION = (3, 3, False)
    TOPIC_ALREADY_EXISTS = (4, 36, False)
    INVALID_TOPIC_NAME = (5, 17, False)
    INVALID_PARTITION_COUNT = (6, 37, False)
    INVALID_REPLICATION_FACTOR = (7, 38, False)
    INVALID_CONFIG = (8, 40, False)
    INVALID_REQUEST = (9, 42, False)
    NOT_LEADER = (10, 6, True)
    LEADER_NOT_READY = (11, 6, True)
    NO_QUORUM = (12, 7, True)
    TIMEOUT = (13, 7, True)
    OFFSET_OUT_OF_RANGE = (14, 1, False)
    CORRUPT_BATCH = (15, 2, False)
    INVALID_RECORD = (16, 87, False)
    UNSUPPORTED_COMPRESSION = (17, 76, False)
    RECORD_TOO_LARGE = (18, 10, False)
    OUT_OF_ORDER_SEQUENCE = (19, 45, False)
    PRODUCER_FENCED = (20, 47, False)
    UNKNOWN_PRODUCER = (21, 59, False)
    OVERLOADED = (22, 89, True)
    BROKER_NOT_AVAILABLE = (23, 8, True)
    STORAGE_FAILURE = (24, 56, True)
    UNSUPPORTED_VERSION = (25, 35, False)
    DISK_FULL = (26, 56, True)
    UNKNOWN_BROKER = (40, 102, False)
    UNKNOWN_OPERATION = (41, 42, False)
    CONFLICT = (42, 42, False)
    UNKNOWN_GROUP = (50, 69, False)
    UNKNOWN_MEMBER = (51, 25, False)
    FENCED_MEMBER_EPOCH = (52, 110, False)
    GROUP_NOT_EMPTY = (53, 68, False)
    GROUP_FULL = (54, 81, False)
    INSTANCE_IN_USE = (55, 111, False)
    OFFSET_METADATA_TOO_LARGE = (56, 12, False)

    def __init__(self, number: int, kafka_code: int, retriable: bool) -> None:
        self.number = number
        self.kafka_code = kafka_code
        self.retriable = retriable


class LogException(Exception):
    """A failure the caller can act on.

    `code` says what happened, `details` has the values that belong to it, by name: those of the broker's error and, for
    a record, `outcome` with `not_appended` or `unknown`.
    """

    def __init__(self, code: ErrorCode, message: str, details: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.details: dict[str, str] = dict(details or {})

    def __str__(self) -> str:
        return f"{self.code.name}: {self.args[0]}"

    @property
    def message(self) -> str:
        return str(self.args[0])

    @property
    def retriable(self) -> bool:
        """Whether the same call can succeed later without a change by its caller."""
        return self.code.retriable


class Refused(LogException):
    """A failure with nothing to it beyond its code, message and details."""

    ATTEMPTS = "attempts"
    """Detail: how many attempts were made, so that an earlier one may have had its effect. Absent for a single one."""


class NotLeader(LogException):
    """The broker asked does not lead the partition. `leader_epoch` is the highest it knows of, -1 for none."""

    def __init__(self, message: str, leader_epoch: int, leader: BrokerAddress | None) -> None:
        super().__init__(ErrorCode.NOT_LEADER, message)
        self.leader_epoch = leader_epoch
        self.leader = leader


class OffsetOutOfRange(LogException):
    """The offset is not, or not yet, in the partition; readable are `log_start_offset` to `high_watermark`."""

    def __init__(self, message: str, offset: int, log_start_offset: int, high_watermark: int) -> None:
        super().__init__(
            ErrorCode.OFFSET_OUT_OF_RANGE,
            message,
            {
                "offset": str(offset),
                "log_start_offset": str(log_start_offset),
                "high_watermark": str(high_watermark),
            },
        )
        self.offset = offset
        self.log_start_offset = log_start_offset
        self.high_watermark = high_watermark


class WakeupException(Exception):
    """A poll was ended by `Consumer.wakeup`."""
