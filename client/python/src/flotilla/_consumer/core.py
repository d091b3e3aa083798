"""The consumer without its users' side: decodes what the fetcher buffered."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping
from typing import NamedTuple

from flotilla._consumer.chunk_reader import ChunkReader
from flotilla._consumer.cursor import BufferedChunk
from flotilla._consumer.fetcher import Fetcher
from flotilla._metadata.offset_finder import OffsetFinder
from flotilla.errors import ErrorCode, LogException, Refused, WakeupException
from flotilla.position import Position
from flotilla.settings import ClientSettings, ConsumerSettings
from flotilla.types import ConsumerRecord, TopicPartition


class _OpenChunk(NamedTuple):
    """A chunk of which the user has seen a part."""

    chunk: BufferedChunk
    reader: ChunkReader


class ConsumerCore:
    """Confined to its event loop."""

    def __init__(
        self, client: ClientSettings, settings: ConsumerSettings, fetcher: Fetcher, offsets: OffsetFinder
    ) -> None:
        self._client = client
        self._settings = settings
        self.fetcher = fetcher
        self._offsets = offsets
        self._open: _OpenChunk | None = None
        self._woken = False
        self._nudged = False
        self._closed = False

    async def poll(self, timeout: float) -> list[ConsumerRecord]:
        """The next records; waits for the first up to `timeout` seconds, or until it is nudged."""
        now = asyncio.get_running_loop().time
        deadline = now() + timeout
        while True:
            self.raise_wakeup()
            nudged, self._nudged = self._nudged, False
            records = self._drain()
            if records or nudged:
                return records
            self.fetcher.raise_failures()
            left = deadline - now()
            if left <= 0 or self._closed:
                return records
            await self.fetcher.wait_for_news(left)

    def wakeup(self) -> None:
        self._woken = True
        self.fetcher.wake()

    def raise_wakeup(self) -> None:
        """Raises WakeupException, once, if it was woken up."""
        if self._woken:
            self._woken = False
            raise WakeupException("the poll was woken up")

    def nudge(self) -> None:
        """Lets a poll that waits now, or else the next one, return at once."""
        self._nudged = True
        self.fetcher.wake()

    @property
    def is_disturbed(self) -> bool:
        """Whether the next poll would not wait. Any thread may ask."""
        return self._woken or self._nudged

    def _drain(self) -> list[ConsumerRecord]:
        """Decodes what is buffered, up to the most records of one poll."""
        records: list[ConsumerRecord] = []
        while len(records) < self._settings.poll_records_max:
            current = self._open or self._open_next()
            if current is None or not self._read(current, records):
                break
        return records

    def _open_next(self) -> _OpenChunk | None:
        chunk = self.fetcher.take_chunk()
        if chunk is not None:
            reader = ChunkReader(
                chunk.cursor.partition, chunk.batches, chunk.start_offset, chunk.end_offset, self._settings.check_crc
            )
            self._open = _OpenChunk(chunk, reader)
        return self._open

    def _read(self, current: _OpenChunk, records: list[ConsumerRecord]) -> bool:
        """Returns whether to go on with the next chunk."""
        chunk, reader = current
        if not chunk.is_current:
            self._close_chunk(chunk)
            return True
        try:
            done = reader.read_into(records, self._settings.poll_records_max)
        except LogException as corrupt:
            chunk.cursor.position = reader.position
            message = f"{chunk.cursor.partition} at offset {reader.position}: {corrupt.message}"
            self.fetcher.corrupt(chunk, Refused(corrupt.code, message, corrupt.details))
            self._close_chunk(chunk)
            return False
        chunk.cursor.position = reader.position
        if done:
            self._close_chunk(chunk)
        return done

    def _close_chunk(self, chunk: BufferedChunk) -> None:
        self._open = None
        self.fetcher.release(chunk)

    async def position(self, partition: TopicPartition) -> int:
        """Offset of the next record; waits for a position that is being looked up. Raises LogException TIMEOUT."""
        now = asyncio.get_running_loop().time
        deadline = now() + self._client.request_timeout
        while True:
            cursor = self.fetcher.cursor(partition)
            if cursor.wanted is None:
                return cursor.position
            if cursor.error is not None:
                raise cursor.error
            left = deadline - now()
            if left <= 0:
                raise Refused(
                    ErrorCode.TIMEOUT,
                    f"the position of {partition} was not found within {self._client.request_timeout:g} s",
                )
            await self.fetcher.wait_for_news(left)

    def lag(self, partition: TopicPartition) -> int | None:
        cursor = self.fetcher.cursor(partition)
        if cursor.wanted is not None or cursor.high_watermark is None:
            return None
        return max(0, cursor.high_watermark - cursor.position)

    async def offsets(self, partitions: Collection[TopicPartition], position: Position) -> dict[TopicPartition, int]:
        wanted: Mapping[TopicPartition, Position] = {partition: position for partition in partitions}
        return await self._offsets.find(wanted, self._client.request_timeout)

    async def close(self) -> None:
        self._closed = True
        self._open = None
        await self.fetcher.close()
