"""Decodes a chunk, one batch at a time, from exactly the offset asked for. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from flotilla._record.batch import RecordBatch
from flotilla._record.records import LogRecord
from flotilla.types import ConsumerRecord, TopicPartition


class ChunkReader:
    """Records below `start_offset` are skipped, since the first batch may begin below; `end_offset` is where to read on
    after the chunk."""

    def __init__(
        self, partition: TopicPartition, chunk: bytes, start_offset: int, end_offset: int, check_crc: bool
    ) -> None:
        self._partition = partition
        self._batches = RecordBatch.each_in(chunk)
        self.position = start_offset
        """Offset of the next record to come."""
        self._end_offset = end_offset
        self._check_crc = check_crc
        self._records: Iterator[LogRecord] = iter(())

    def read_into(self, target: list[ConsumerRecord], size_max: int) -> bool:
        """Adds the next records until the list has `size_max`; returns whether the chunk is at its end.

        Raises Refused CORRUPT_BATCH; what was added before is valid.
        """
        while len(target) < size_max:
            record = next(self._records, None)
            if record is not None:
                self._take(record, target)
                continue
            batch = next(self._batches, None)
            if batch is None:
                self.position = max(self.position, self._end_offset)
                return True
            self._open(batch)
        return False

    def _open(self, batch: RecordBatch) -> None:
        if batch.is_control or batch.last_offset < self.position:
            return
        if self._check_crc:
            batch.check_crc()
        self._records = iter(batch.records())

    def _take(self, record: LogRecord, target: list[ConsumerRecord]) -> None:
        if self.position <= record.offset < self._end_offset:
            target.append(ConsumerRecord(self._partition, *record))
            self.position = record.offset + 1
