"""One batch of records, read in place: the header when the view is made, the records when asked for.

The table of the format stands in `io.flotilla.protocol.record`'s package tour.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from flotilla._record import faults, varint
from flotilla._record.compression import INFLATED_BYTES_MAX, Compression, inflate
from flotilla._record.crc32c import crc32c
from flotilla._record.records import LogRecord, RecordHeader
from flotilla.errors import ErrorCode, Refused

HEADER = struct.Struct(">qiibIhiqqqhii")
"""Base offset, length, leader epoch, magic, CRC, attributes, last offset delta, base and max timestamp, producer id and
epoch, base sequence, record count."""

HEADER_BYTES = HEADER.size
MAGIC = 2
NO_PRODUCER = -1
NO_TIMESTAMP = -1
LENGTH_OVERHEAD_BYTES = 12
ATTRIBUTES_AT = 21

_MAGIC_AT = 16
_CODEC_BITS = 0x07
_LOG_APPEND_TIME_BIT = 0x08
_CONTROL_BIT = 0x20
_BODY_BYTES_MIN = 6
"""Fewest bytes of a record after its length: attributes, two deltas, two lengths, header count."""


class RecordBatch:
    """A view of one batch. Fields are those of the header; `size_in_bytes` counts the header too."""

    __slots__ = (
        "_bytes",
        "attributes",
        "base_offset",
        "base_sequence",
        "base_timestamp",
        "crc",
        "last_offset_delta",
        "max_timestamp",
        "partition_leader_epoch",
        "producer_epoch",
        "producer_id",
        "record_count",
    )

    def __init__(self, batch: bytes) -> None:
        self._bytes = batch
        (
            self.base_offset,
            _,
            self.partition_leader_epoch,
            _,
            self.crc,
            self.attributes,
            self.last_offset_delta,
            self.base_timestamp,
            self.max_timestamp,
            self.producer_id,
            self.producer_epoch,
            self.base_sequence,
            self.record_count,
        ) = HEADER.unpack_from(batch)

    @classmethod
    def at(cls, data: bytes, position: int) -> RecordBatch:
        """The batch that begins at `position`.

        Raises Refused CORRUPT_BATCH if no whole batch lies there, UNSUPPORTED_VERSION if it has magic 0 or 1.
        """
        available = len(data) - position
        if available > _MAGIC_AT:
            _check_magic(data[position + _MAGIC_AT])
        if available < HEADER_BYTES:
            raise faults.corrupt(
                f"only {available} bytes are left for a batch, whose header alone has {HEADER_BYTES}",
                "available_bytes",
                available,
            )
        (length,) = struct.unpack_from(">i", data, position + 8)
        if not HEADER_BYTES - LENGTH_OVERHEAD_BYTES <= length <= available - LENGTH_OVERHEAD_BYTES:
            raise faults.corrupt(
                f"batch length {length} is outside [{HEADER_BYTES - LENGTH_OVERHEAD_BYTES}, "
                f"{available - LENGTH_OVERHEAD_BYTES}], what its buffer can hold",
                "batch_length",
                length,
            )
        return cls(data[position : position + LENGTH_OVERHEAD_BYTES + length])

    @classmethod
    def each_in(cls, data: bytes) -> Iterator[RecordBatch]:
        """Batches that lie back to back. Where no whole batch follows, fails like `at`."""
        position = 0
        while position < len(data):
            batch = cls.at(data, position)
            yield batch
            position += batch.size_in_bytes

    @property
    def size_in_bytes(self) -> int:
        return len(self._bytes)

    @property
    def last_offset(self) -> int:
        last: int = self.base_offset + self.last_offset_delta
        return last

    @property
    def compression(self) -> Compression:
        """Raises Refused UNSUPPORTED_COMPRESSION if the attributes name an unknown codec."""
        return Compression.of_id(self.attributes & _CODEC_BITS)

    @property
    def is_control(self) -> bool:
        """Whether the records are markers for the log's readers, not data."""
        return bool(self.attributes & _CONTROL_BIT)

    @property
    def is_log_append_time(self) -> bool:
        """Whether the records' time is that of the append, `max_timestamp` for all, rather than the producer's."""
        return bool(self.attributes & _LOG_APPEND_TIME_BIT)

    def check_crc(self) -> None:
        """Raises Refused CORRUPT_BATCH if the bytes from the attributes on are not those that were checksummed."""
        computed = crc32c(self._bytes[ATTRIBUTES_AT:])
        if computed != self.crc:
            raise faults.corrupt(
                f"batch at offset {self.base_offset} has CRC-32C {computed:x}, its header says {self.crc:x}",
                "crc",
                computed,
            )

    def records(self, inflated_bytes_max: int = INFLATED_BYTES_MAX) -> list[LogRecord]:
        """Decodes the records.

        Raises Refused CORRUPT_BATCH if they cannot be read, RECORD_TOO_LARGE if they inflate beyond the limit,
        UNSUPPORTED_COMPRESSION if their codec is unknown or its package is not installed.
        """
        data = inflate(self.compression, self._bytes[HEADER_BYTES:], inflated_bytes_max)
        records = []
        at = 0
        for number in range(self.record_count):
            if at >= len(data):
                raise faults.corrupt(
                    f"records end after {number}, the batch's header counts {self.record_count}",
                    "record_count",
                    self.record_count,
                )
            record, at = self._record(data, at, number)
            records.append(record)
        if at != len(data):
            raise faults.corrupt(
                f"bytes are left after the batch's {self.record_count} records", "record_count", self.record_count
            )
        return records

    def _record(self, data: bytes, at: int, number: int) -> tuple[LogRecord, int]:
        length, at = varint.read(data, at, varint.BITS_INT)
        end = at + length
        if length < _BODY_BYTES_MIN or end > len(data):
            raise self._corrupt(number, f"length {length} is outside [{_BODY_BYTES_MIN}, {len(data) - at}]", length)
        if data[at] != 0:
            raise self._corrupt(number, f"attributes {data[at]} are reserved and must be 0", data[at])
        timestamp_delta, at = varint.read(data, at + 1, varint.BITS_MAX)
        offset_delta, at = varint.read(data, at, varint.BITS_INT)
        key, at = self._sized(data, at, end, number)
        value, at = self._sized(data, at, end, number)
        headers: tuple[RecordHeader, ...] = ()
        header_count, at = varint.read(data, at, varint.BITS_INT)
        if header_count:
            headers, at = self._headers(data, at, end, number, header_count)
        if at != end:
            raise self._corrupt(number, f"fields end at byte {at} of the records, by its length it ends at {end}", at)
        timestamp = self.max_timestamp if self.is_log_append_time else self.base_timestamp + timestamp_delta
        return LogRecord(self.base_offset + offset_delta, timestamp, key, value, headers), end

    def _headers(
        self, data: bytes, at: int, end: int, number: int, count: int
    ) -> tuple[tuple[RecordHeader, ...], int]:
        if count < 0 or count > end - at:
            raise self._corrupt(number, f"header count {count} exceeds the record", count)
        headers = []
        for _ in range(count):
            key, at = self._sized(data, at, end, number)
            if key is None:
                raise self._corrupt(number, "header key is null", -1)
            value, at = self._sized(data, at, end, number)
            headers.append(RecordHeader(key.decode("utf-8", "replace"), value))
        return tuple(headers), at

    def _sized(self, data: bytes, at: int, end: int, number: int) -> tuple[bytes | None, int]:
        """A nullable field: its length, -1 for null, and its bytes."""
        length, at = varint.read(data, at, varint.BITS_INT)
        if length < 0:
            if length < -1:
                raise self._corrupt(number, f"field length {length} is below -1", length)
            return None, at
        if length > end - at:
            raise self._corrupt(number, f"field length {length} exceeds the record", length)
        return data[at : at + length], at + length

    def _corrupt(self, number: int, problem: str, value: int) -> Refused:
        return faults.corrupt(f"record {number} of {self.record_count}: {problem}", "value", value)


def _check_magic(magic: int) -> None:
    if magic in (0, 1):
        raise Refused(
            ErrorCode.UNSUPPORTED_VERSION, f"batch has magic {magic}, expected {MAGIC}", {"magic": str(magic)}
        )
    if magic != MAGIC:
        raise faults.corrupt(f"batch has magic {magic}, expected {MAGIC}", "magic", magic)
