"""Gathers records into one batch of a producer, bounded in bytes."""

from __future__ import annotations

from collections.abc import Sequence

from flotilla._record import faults, varint
from flotilla._record.batch import ATTRIBUTES_AT, HEADER, HEADER_BYTES, LENGTH_OVERHEAD_BYTES, MAGIC, NO_TIMESTAMP
from flotilla._record.compression import Compression, compress
from flotilla._record.crc32c import crc32c
from flotilla._record.records import RecordHeader

_NULL = b"\x01"  # the varint of length -1
_NO_LEADER_EPOCH = -1


class BatchBuilder:
    """Records in their final form; `max_bytes` bounds the finished batch, header included."""

    def __init__(self, compression: Compression, max_bytes: int) -> None:
        if max_bytes < HEADER_BYTES:
            raise ValueError(f"max_bytes {max_bytes} is below the header's {HEADER_BYTES}")
        self._compression = compression
        self._max_bytes = max_bytes
        self._plain = bytearray()
        self._stored: tuple[Compression, bytes] | None = None
        self._base_timestamp = NO_TIMESTAMP
        self._max_timestamp = NO_TIMESTAMP
        self._record_count = 0
        self._size = HEADER_BYTES

    @property
    def record_count(self) -> int:
        return self._record_count

    @property
    def estimated_bytes(self) -> int:
        """Bytes of the batch so far, header included, if it is not compressed."""
        return self._size

    def try_append(
        self, timestamp_millis: int, key: bytes | None, value: bytes | None, headers: Sequence[RecordHeader]
    ) -> bool:
        """Appends a record; False if the batch is too full for it and stays as it was.

        `timestamp_millis` is -1 for none. Raises Refused RECORD_TOO_LARGE if the record would not even fit alone, which
        is asked of the first one only, and INVALID_RECORD if the timestamp is below -1.
        """
        if self._stored is not None:
            raise RuntimeError("the batch was built before")
        if timestamp_millis < NO_TIMESTAMP:
            raise faults.invalid(
                f"timestamp {timestamp_millis} is below {NO_TIMESTAMP}", "timestamp_millis", timestamp_millis
            )
        first = self._record_count == 0
        body = bytearray(1)  # attributes
        varint.append(body, 0 if first else timestamp_millis - self._base_timestamp)
        varint.append(body, self._record_count)
        _append_sized(body, key)
        _append_sized(body, value)
        varint.append(body, len(headers))
        for header in headers:
            _append_sized(body, header.key.encode("utf-8"))
            _append_sized(body, header.value)
        size_after = self._size + varint.size_of(len(body)) + len(body)
        if size_after > self._max_bytes:
            if first:
                raise faults.too_large("batch of one record", size_after, self._max_bytes)
            return False
        varint.append(self._plain, len(body))
        self._plain += body
        if first:
            self._base_timestamp = timestamp_millis
        self._max_timestamp = max(self._max_timestamp, timestamp_millis)
        self._record_count += 1
        self._size = size_after
        return True

    def build(self, producer_id: int, producer_epoch: int, base_sequence: int) -> bytes:
        """Finishes the batch, with base offset 0 and leader epoch -1; nothing can be appended afterwards.

        May be called again with another identity, whose three numbers are all 0 or more, or all -1 for none. Records
        that their codec would blow up beyond the limit are left uncompressed, so the limit holds for the result.
        """
        if self._record_count == 0:
            raise RuntimeError("a batch needs a record")
        identity = (producer_id, producer_epoch, base_sequence)
        if min(identity) < 0 and identity != (-1, -1, -1):
            raise ValueError(
                f"producer id {producer_id}, epoch {producer_epoch}, base sequence {base_sequence} are neither all 0 or "
                "more nor all -1"
            )
        if self._stored is None:
            self._stored = self._compressed()
            self._plain = bytearray()
        codec, records = self._stored
        batch = bytearray(HEADER_BYTES)
        batch += records

        def pack(crc: int) -> None:
            HEADER.pack_into(
                batch,
                0,
                0,
                len(batch) - LENGTH_OVERHEAD_BYTES,
                _NO_LEADER_EPOCH,
                MAGIC,
                crc,
                codec.value,
                self._record_count - 1,
                self._base_timestamp,
                self._max_timestamp,
                producer_id,
                producer_epoch,
                base_sequence,
                self._record_count,
            )

        pack(0)
        pack(crc32c(bytes(batch[ATTRIBUTES_AT:])))
        return bytes(batch)

    def _compressed(self) -> tuple[Compression, bytes]:
        plain = bytes(self._plain)
        packed = compress(self._compression, plain)
        if self._compression is not Compression.NONE and len(packed) + HEADER_BYTES > self._max_bytes:
            return Compression.NONE, plain
        return self._compression, packed


def _append_sized(target: bytearray, field: bytes | None) -> None:
    if field is None:
        target += _NULL
    else:
        varint.append(target, len(field))
        target += field
