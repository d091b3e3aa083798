"""Records that travel together, from the first that was added to the answer for all; and what a failed send says."""

from __future__ import annotations

import asyncio
from typing import Any, Protocol

from flotilla._producer.window import ProducerIdentity
from flotilla._record.builder import BatchBuilder
from flotilla._record.compression import Compression
from flotilla.errors import ErrorCode, LogException, Refused
from flotilla.types import ProducerRecord, RecordMetadata, TopicPartition

NOT_APPENDED = "not_appended"
UNKNOWN = "unknown"
_OUTCOME = "outcome"


def failed_send(code: ErrorCode, message: str, outcome: str, cause: LogException | None = None) -> LogException:
    """The error of a record, with the detail `outcome`: whether it may be stored."""
    details = dict(cause.details if cause else {})
    details[_OUTCOME] = outcome
    sentence = "may be" if outcome == UNKNOWN else "is not"
    failure = Refused(code, f"{message} (the record {sentence} stored)", details)
    failure.__cause__ = cause
    return failure


def outcome_of(unknown: bool) -> str:
    return UNKNOWN if unknown else NOT_APPENDED


class Delivery(Protocol):
    """What both asyncio's futures and those of threads offer."""

    def done(self) -> bool: ...

    def set_result(self, result: RecordMetadata, /) -> None: ...

    def set_exception(self, exception: Any, /) -> None: ...


class PendingBatch:
    """Confined to its event loop."""

    def __init__(self, compression: Compression, bytes_max: int, created_at: float) -> None:
        self._builder = BatchBuilder(compression, bytes_max)
        self.created_at = created_at
        self.budget_bytes = 0
        """Bytes of the buffer's budget to give back when the batch is settled."""
        self.settled: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        """Completes, always normally, once every record's delivery has."""
        self._deliveries: list[tuple[Delivery, int]] = []
        self.bytes = b""
        """What `number` made."""

    def try_append(self, record: ProducerRecord, timestamp_millis: int, budget_bytes: int, delivery: Delivery) -> bool:
        """False if the batch has no room for the record. Raises Refused RECORD_TOO_LARGE if an empty one had none."""
        headers: Any = record.headers  # ProducerRecord made RecordHeaders of them
        if not self._builder.try_append(timestamp_millis, record.key, record.value, headers):
            return False
        self._deliveries.append((delivery, timestamp_millis))
        self.budget_bytes += budget_bytes
        return True

    @property
    def estimated_bytes(self) -> int:
        return self._builder.estimated_bytes

    @property
    def record_count(self) -> int:
        return self._builder.record_count

    def number(self, identity: ProducerIdentity, base_sequence: int) -> None:
        """Encodes the batch; the same bytes then go out with each attempt under this identity."""
        self.bytes = self._builder.build(identity.producer_id, identity.producer_epoch, base_sequence)

    def acknowledge(self, partition: TopicPartition, base_offset: int, leader_epoch: int, duplicate: bool) -> None:
        for offset, (delivery, timestamp) in enumerate(self._deliveries, base_offset):
            if not delivery.done():  # its sender may have given up waiting
                delivery.set_result(RecordMetadata(partition, offset, timestamp, leader_epoch, duplicate))
        self._settle()

    def fail(self, failure: LogException) -> None:
        for delivery, _ in self._deliveries:
            if not delivery.done():
                delivery.set_exception(failure)
        self._settle()

    def _settle(self) -> None:
        if not self.settled.done():
            self.settled.set_result(None)
