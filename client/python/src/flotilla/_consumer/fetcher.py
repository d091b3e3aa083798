"""Reads ahead: keeps each assigned partition on a read stream to its leader and buffers what comes. Whatever happens ends
in `reconcile`, which compares what is wanted with what is and closes the gap."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Collection, Mapping

from flotilla._consumer.broker_stream import BrokerStream
from flotilla._consumer.cursor import BufferedChunk, Cursor
from flotilla._consumer.failures import CursorFailures
from flotilla._consumer.positions import PositionLookUp
from flotilla._metadata.cache import MetadataCache
from flotilla._metadata.offset_finder import OffsetFinder
from flotilla._transport import failure as failures
from flotilla._transport.calls import BrokerCalls
from flotilla._transport.channels import Channels
from flotilla._transport.failure import Failure
from flotilla._transport.tasks import Tasks
from flotilla.errors import ErrorCode, LogException
from flotilla.position import Position
from flotilla.settings import ClientSettings, ConsumerSettings
from flotilla.types import TopicPartition
from flotilla.v1 import common_pb2, consumer_service_pb2

_LOG = logging.getLogger("flotilla.consumer")

_HEARTBEATS_MISSED_MAX = 3
"""A broker that misses this many heartbeats in a row is left."""


class Fetcher:
    """Confined to its event loop."""

    def __init__(
        self,
        client: ClientSettings,
        settings: ConsumerSettings,
        channels: Channels,
        calls: BrokerCalls,
        metadata: MetadataCache,
        offsets: OffsetFinder,
    ) -> None:
        self._client = client
        self._settings = settings
        self._channels = channels
        self._calls = calls
        self._metadata = metadata
        self._loop = asyncio.get_running_loop()
        self._tasks = Tasks()
        self._cursors: dict[TopicPartition, Cursor] = {}
        self._streams: list[BrokerStream] = []
        self._buffered: deque[BufferedChunk] = deque()
        self._last_assignment_id = 0
        self._news = asyncio.Event()
        self._failures = CursorFailures(client, settings, metadata, self._loop.time, self._changed)
        self._look_ups = PositionLookUp(client, offsets, self._failures, self._changed)
        self._retry_timer: asyncio.TimerHandle | None = None
        self._closed = False
        self._tasks.start(self._tick())

    # ---- what the user wants

    def assign(self, starts: Mapping[TopicPartition, Position]) -> None:
        """Reads exactly these partitions; those that stay go on where they were, whatever is said of them."""
        for gone in self._cursors.keys() - starts.keys():
            cursor = self._cursors.pop(gone)
            self._detach(cursor)
            cursor.epoch += 1
        self._drop_stale_chunks()
        for partition, start in starts.items():
            if partition not in self._cursors:
                self._cursors[partition] = Cursor(partition, start, self._calls.schedule(), self._loop.time())
        self.reconcile()

    @property
    def assignment(self) -> frozenset[TopicPartition]:
        return frozenset(self._cursors)

    def seek(self, partition: TopicPartition, position: Position) -> None:
        cursor = self.cursor(partition)
        self._detach(cursor)
        cursor.move_to(position)
        self._drop_stale_chunks()
        self.reconcile()

    def pause(self, partitions: Collection[TopicPartition]) -> None:
        """The chunks of a paused partition are dropped, so that they do not hold credit that others could use."""
        for cursor in [self.cursor(partition) for partition in partitions]:
            self._detach(cursor)
            cursor.paused = True
            if cursor.wanted is None:
                cursor.drop_buffered()
        self._drop_stale_chunks()

    def resume(self, partitions: Collection[TopicPartition]) -> None:
        for cursor in [self.cursor(partition) for partition in partitions]:
            cursor.paused = False
        self.reconcile()

    @property
    def paused(self) -> frozenset[TopicPartition]:
        return frozenset(cursor.partition for cursor in self._cursors.values() if cursor.paused)

    def cursor(self, partition: TopicPartition) -> Cursor:
        """Raises ValueError if the partition is not assigned."""
        try:
            return self._cursors[partition]
        except KeyError:
            assigned = ", ".join(map(str, sorted(self._cursors))) or "none is"
            raise ValueError(f"partition {partition} is not assigned: {assigned}") from None

    def positions(self) -> dict[TopicPartition, int]:
        """Of each partition whose position is known by now, the offset of the next record to be returned."""
        return {at.partition: at.position for at in self._cursors.values() if at.wanted is None}

    async def close(self) -> None:
        self._closed = True
        self._cursors.clear()
        self._buffered.clear()
        for stream in self._streams:
            stream.close()
        self._streams.clear()
        if self._retry_timer is not None:
            self._retry_timer.cancel()
        self._changed()
        await self._tasks.close()

    # ---- chunks out

    def take_chunk(self) -> BufferedChunk | None:
        return self._buffered.popleft() if self._buffered else None

    def release(self, chunk: BufferedChunk) -> None:
        """The chunk is read or dropped: its bytes may be used for others."""
        if chunk.is_current:
            chunk.cursor.chunks_buffered -= 1
        chunk.source.give_back(len(chunk.batches))

    def corrupt(self, chunk: BufferedChunk, failure: LogException) -> None:
        """Bytes of a partition turned out to be unreadable."""
        if chunk.is_current:
            self._detach(chunk.cursor)
            chunk.cursor.drop_buffered()
            chunk.cursor.error = failure
            self._drop_stale_chunks()

    def raise_failures(self) -> None:
        """Raises the LogException of a partition that failed and has nothing left to return."""
        for cursor in self._cursors.values():
            if cursor.error is not None and cursor.chunks_buffered == 0 and not cursor.paused:
                raise cursor.error

    async def wait_for_news(self, timeout: float) -> None:
        """Waits for what a waiting user would want to see, at most `timeout` seconds: chunks, failures, positions found,
        wake-ups. Whoever waits must have looked since the last await."""
        self._news.clear()
        try:
            await asyncio.wait_for(self._news.wait(), timeout)
        except asyncio.TimeoutError:
            return

    def _changed(self) -> None:
        self._news.set()

    def wake(self) -> None:
        """Ends a wait for news."""
        self._changed()

    def _drop_stale_chunks(self) -> None:
        stale = [chunk for chunk in self._buffered if not chunk.is_current]
        self._buffered = deque(chunk for chunk in self._buffered if chunk.is_current)
        for chunk in stale:
            chunk.source.give_back(len(chunk.batches))

    # ---- closing the gap

    async def _tick(self) -> None:
        while not self._closed:
            self.reconcile()
            await asyncio.sleep(self._settings.heartbeat_interval)

    def reconcile(self) -> None:
        if self._closed:
            return
        now = self._loop.time()
        self._leave_silent_brokers(now)
        due = [cursor for cursor in self._cursors.values() if now >= cursor.retry_at]
        wanting = [at for at in due if at.wanted is not None and not at.looking_up and at.error is None]
        if wanting:
            self._tasks.start(self._look_up(wanting))
        for cursor in due:
            if cursor.wants_stream:
                self._attach(cursor)
        for stream in list(self._streams):
            if all(cursor.stream is not stream for cursor in self._cursors.values()):
                self._streams.remove(stream)
                stream.close()
        if self._retry_timer is not None:
            self._retry_timer.cancel()
        pending = [at.retry_at for at in self._cursors.values() if now < at.retry_at and self._has_work(at)]
        self._retry_timer = self._loop.call_at(min(pending), self.reconcile) if pending else None

    @staticmethod
    def _has_work(cursor: Cursor) -> bool:
        return cursor.wants_stream or (cursor.wanted is not None and not cursor.looking_up)

    async def _look_up(self, cursors: list[Cursor]) -> None:
        await self._look_ups.look_up(cursors)
        self.reconcile()

    def _leave_silent_brokers(self, now: float) -> None:
        silence_max = max(
            self._settings.heartbeat_interval * _HEARTBEATS_MISSED_MAX, self._client.leader_check_interval
        )
        for stream in list(self._streams):
            # Without credit the broker may be waiting for us.
            owes = not stream.opened or stream.credit.has_credit
            if owes and now - stream.heard_at > silence_max:
                _LOG.info("broker went silent broker=%s", stream.broker)
                stream.close()
                self._channels.renew(stream.broker)
                self._lost(stream, Failure.of(ErrorCode.TIMEOUT, f"broker {stream.broker} went silent"))

    def _attach(self, cursor: Cursor) -> None:
        leader = self._metadata.leader(cursor.partition)
        if leader is None:
            self._failures.retry_later(cursor, False)
            self._tasks.start(self._find_leader(cursor, cursor.epoch))
            return
        stream = next((open_one for open_one in self._streams if open_one.broker == leader), None)
        if stream is None:
            stream = BrokerStream(leader, self._channels, self._settings, self, self._tasks)
            self._streams.append(stream)
        cursor.stream = stream
        self._last_assignment_id += 1
        cursor.assignment_id = self._last_assignment_id
        stream.assign(cursor)

    async def _find_leader(self, cursor: Cursor, epoch: int) -> None:
        try:
            await self._metadata.refresh(cursor.partition.topic)
        except LogException as failure:
            if cursor.epoch == epoch and failure.code is ErrorCode.UNKNOWN_TOPIC:
                self._failures.denied(cursor, failure)
        else:
            if self._metadata.leader(cursor.partition) is not None:
                cursor.retry_at = self._loop.time()
        self.reconcile()

    def _detach(self, cursor: Cursor) -> None:
        stream, cursor.stream = cursor.stream, None
        if stream is not None:
            stream.unassign(cursor.partition)

    def _lost(self, stream: BrokerStream, failure: Failure) -> None:
        if stream in self._streams:
            self._streams.remove(stream)
        for cursor in self._cursors.values():
            if cursor.stream is stream:
                cursor.stream = None
                self._failures.broker_failed(cursor, stream.broker, failure)

    # ---- what brokers say

    def on_opened(self, stream: BrokerStream) -> None:
        _LOG.debug("read stream opened broker=%s", stream.broker)
        stream.grant_if_due()
        for cursor in self._cursors.values():
            if cursor.stream is stream:
                stream.assign(cursor)

    def on_chunk(self, stream: BrokerStream, chunk: consumer_service_pb2.RecordChunk) -> None:
        size = len(chunk.batches)
        stream.credit.received(size)
        cursor = self._assigned(stream, chunk.partition, chunk.assignment_id)
        if cursor is None:
            stream.give_back(size)
            return
        cursor.progressed()
        cursor.high_watermark = chunk.high_watermark
        if chunk.next_offset <= cursor.fetch_offset:
            stream.give_back(size)
            return
        self._buffered.append(
            BufferedChunk(cursor, cursor.epoch, chunk.batches, cursor.fetch_offset, chunk.next_offset, stream)
        )
        cursor.fetch_offset = chunk.next_offset
        cursor.chunks_buffered += 1
        self._changed()

    def on_heartbeat(self, stream: BrokerStream, heartbeat: consumer_service_pb2.ReadHeartbeat) -> None:
        for position in heartbeat.positions:
            cursor = self._cursors.get(_partition(position.partition))
            if cursor is not None and cursor.stream is stream:
                cursor.progressed()
                cursor.high_watermark = position.high_watermark

    def on_ended(self, stream: BrokerStream, end: consumer_service_pb2.PartitionEnd) -> None:
        cursor = self._assigned(stream, end.partition, end.assignment_id)
        if cursor is not None:
            cursor.stream = None
            self._failures.ended(cursor, stream.broker, failures.of_status(end.status, stream.broker))
            self.reconcile()

    def on_go_away(self, stream: BrokerStream, go_away: common_pb2.GoAway) -> None:
        _LOG.debug("told to go away broker=%s reason=%s", stream.broker, go_away.reason)
        stream.close()
        self.on_closed(stream, Failure.of(ErrorCode.BROKER_NOT_AVAILABLE, go_away.message))

    def on_closed(self, stream: BrokerStream, failure: Failure) -> None:
        _LOG.debug("read stream lost broker=%s cause=%s", stream.broker, failure.cause)
        self._lost(stream, failure)
        self.reconcile()

    def _assigned(
        self, stream: BrokerStream, partition: common_pb2.TopicPartition, assignment_id: int
    ) -> Cursor | None:
        """The cursor that a message of the stream is for; None if it has moved on."""
        cursor = self._cursors.get(_partition(partition))
        is_for = cursor is not None and cursor.stream is stream and cursor.assignment_id == assignment_id
        return cursor if is_for else None


def _partition(wire: common_pb2.TopicPartition) -> TopicPartition:
    return TopicPartition(wire.topic, wire.partition)
