"""What a failure means for the partition it concerns: another attempt, another place, or an error for `poll`."""

from __future__ import annotations

import logging
from collections.abc import Callable

from flotilla._consumer.cursor import Cursor
from flotilla._metadata.cache import MetadataCache
from flotilla._transport.failure import Failure
from flotilla.errors import ErrorCode, LogException, OffsetOutOfRange
from flotilla.settings import ClientSettings, ConsumerSettings, OutOfRangePolicy
from flotilla.types import BrokerAddress

_LOG = logging.getLogger("flotilla.consumer")


class CursorFailures:
    """`now` is the loop's clock; `changed` hears of what a waiting user would want to see."""

    def __init__(
        self,
        client: ClientSettings,
        settings: ConsumerSettings,
        metadata: MetadataCache,
        now: Callable[[], float],
        changed: Callable[[], None],
    ) -> None:
        self._client = client
        self._settings = settings
        self._metadata = metadata
        self._now = now
        self._changed = changed

    def ended(self, cursor: Cursor, broker: BrokerAddress, failure: Failure) -> None:
        """The broker stopped reading this partition."""
        _LOG.debug("partition left its stream partition=%s cause=%s", cursor.partition, failure.code.name)
        if failure.code is ErrorCode.OFFSET_OUT_OF_RANGE:
            self._out_of_range(cursor, failure.cause)
        elif failure.code in (ErrorCode.UNKNOWN_TOPIC, ErrorCode.UNKNOWN_PARTITION):
            self.denied(cursor, failure.cause)
            self.broker_failed(cursor, broker, failure)
        elif failure.code.retriable or failure.code is ErrorCode.INTERNAL:
            self.broker_failed(cursor, broker, failure)
        else:
            self.failed(cursor, failure.cause)

    def broker_failed(self, cursor: Cursor, broker: BrokerAddress, failure: Failure) -> None:
        """The broker that should lead the partition cannot serve it."""
        if failure.code in (ErrorCode.INVALID_REQUEST, ErrorCode.UNSUPPORTED_VERSION):
            self.failed(cursor, failure.cause)
            return
        self._metadata.leader_failed(cursor.partition, broker, failure)
        self.retry_later(cursor, failure.leader_other_than(broker) is not None)

    def denied(self, cursor: Cursor, failure: LogException) -> None:
        """A broker knows no such partition; believed once that has been so for a while."""
        now = self._now()
        if cursor.unknown_since is None:
            cursor.unknown_since = now
        if now - cursor.unknown_since >= self._client.topic_grace:
            self.failed(cursor, failure)

    def failed(self, cursor: Cursor, failure: LogException) -> None:
        cursor.error = failure
        self._changed()

    def retry_later(self, cursor: Cursor, leader_named: bool) -> None:
        """Sets when to try again; whoever calls reconciles."""
        cursor.retry_at = self._now() + cursor.retries.next_delay(leader_named)

    def _out_of_range(self, cursor: Cursor, failure: LogException) -> None:
        if not isinstance(failure, OffsetOutOfRange):
            self.failed(cursor, failure)
        elif self._settings.out_of_range is OutOfRangePolicy.EARLIEST:
            self._jump(cursor, failure, failure.log_start_offset)
        elif self._settings.out_of_range is OutOfRangePolicy.LATEST:
            self._jump(cursor, failure, failure.high_watermark)
        else:
            message = f"{cursor.partition}: {failure.message}; seek elsewhere, or set out_of_range"
            self.failed(
                cursor,
                OffsetOutOfRange(message, failure.offset, failure.log_start_offset, failure.high_watermark),
            )

    def _jump(self, cursor: Cursor, failure: OffsetOutOfRange, target: int) -> None:
        _LOG.warning(
            "offset out of range, going on elsewhere partition=%s offset=%d log_start_offset=%d high_watermark=%d "
            "target=%d",
            cursor.partition,
            failure.offset,
            failure.log_start_offset,
            failure.high_watermark,
            target,
        )
        cursor.fetch_offset = target
        if cursor.chunks_buffered == 0:
            cursor.position = target
        self.retry_later(cursor, True)
