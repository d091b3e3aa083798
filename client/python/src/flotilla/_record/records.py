"""A record as it lies in a batch."""

from __future__ import annotations

from typing import NamedTuple


class RecordHeader(NamedTuple):
    """One header of a record; its value may be null, which differs from empty."""

    key: str
    value: bytes | None


class LogRecord(NamedTuple):
    """A decoded record. Timestamps are milliseconds since the epoch, -1 where the producer set none."""

    offset: int
    timestamp_millis: int
    key: bytes | None
    value: bytes | None
    headers: tuple[RecordHeader, ...]
