"""A read stream to one leader broker and its credit."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Protocol

from flotilla._consumer.credit import CreditAccount
from flotilla._consumer.cursor import Cursor
from flotilla._transport import methods
from flotilla._transport.channels import Channels
from flotilla._transport.failure import Failure
from flotilla._transport.streams import Stream
from flotilla._transport.tasks import Tasks
from flotilla.settings import ConsumerSettings
from flotilla.types import BrokerAddress, TopicPartition
from flotilla.v1 import common_pb2, consumer_service_pb2


class Reader(Protocol):
    """Hears what a stream's broker says. After a stream is closed nothing comes of it."""

    def on_opened(self, stream: BrokerStream) -> None: ...

    def on_chunk(self, stream: BrokerStream, chunk: consumer_service_pb2.RecordChunk) -> None: ...

    def on_heartbeat(self, stream: BrokerStream, heartbeat: consumer_service_pb2.ReadHeartbeat) -> None: ...

    def on_ended(self, stream: BrokerStream, end: consumer_service_pb2.PartitionEnd) -> None: ...

    def on_go_away(self, stream: BrokerStream, go_away: common_pb2.GoAway) -> None: ...

    def on_closed(self, stream: BrokerStream, failure: Failure) -> None: ...


class BrokerStream:
    """Opens at once. Confined to its event loop."""

    def __init__(
        self, broker: BrokerAddress, channels: Channels, settings: ConsumerSettings, reader: Reader, tasks: Tasks
    ) -> None:
        self.broker = broker
        self.credit = CreditAccount(settings.prefetch_bytes)
        self.opened = False
        self.closed = False
        self._now: Callable[[], float] = asyncio.get_running_loop().time
        self.heard_at = self._now()
        self._reader = reader
        opening = consumer_service_pb2.ReadOpen(
            format=consumer_service_pb2.RECORD_FORMAT_BATCHES, max_chunk_bytes=settings.chunk_bytes
        )
        opening.heartbeat_interval.FromMilliseconds(round(settings.heartbeat_interval * 1000))
        first = consumer_service_pb2.ReadStreamRequest(open=opening)
        self._stream = Stream(channels, broker, methods.READ_STREAM, first, _Events(self), tasks)

    def assign(self, cursor: Cursor) -> None:
        """Has the broker read a partition; before the stream is opened, nothing is sent."""
        if self.opened and not self.closed:
            request = consumer_service_pb2.ReadAssign(
                partition=_wire(cursor.partition), offset=cursor.fetch_offset, assignment_id=cursor.assignment_id
            )
            self._stream.send(consumer_service_pb2.ReadStreamRequest(assign=request))

    def unassign(self, partition: TopicPartition) -> None:
        if self.opened and not self.closed:
            request = consumer_service_pb2.ReadUnassign(partition=_wire(partition))
            self._stream.send(consumer_service_pb2.ReadStreamRequest(unassign=request))

    def grant_if_due(self) -> None:
        if self.opened and not self.closed and self.credit.grant_is_due:
            credit = consumer_service_pb2.ReadCredit(total_bytes_granted=self.credit.grant())
            self._stream.send(consumer_service_pb2.ReadStreamRequest(credit=credit))

    def give_back(self, size: int) -> None:
        """Gives room back for bytes that left the buffer."""
        self.credit.returned(size)
        self.grant_if_due()

    def close(self) -> None:
        self.closed = True
        self._stream.cancel()

    def answered(self, response: consumer_service_pb2.ReadStreamResponse) -> None:
        self.heard_at = self._now()
        kind = response.WhichOneof("response")
        if kind == "opened":
            self.opened = True
            self._reader.on_opened(self)
        elif kind == "chunk":
            self._reader.on_chunk(self, response.chunk)
        elif kind == "heartbeat":
            self._reader.on_heartbeat(self, response.heartbeat)
        elif kind == "end":
            self._reader.on_ended(self, response.end)
        elif kind == "go_away":  # any other kind is newer than this client, which is free to ignore it
            self._reader.on_go_away(self, response.go_away)

    def ended(self, failure: Failure) -> None:
        if not self.closed:
            self.closed = True
            self._reader.on_closed(self, failure)


class _Events:
    """Passes on what the stream hears."""

    def __init__(self, owner: BrokerStream) -> None:
        self._owner = owner

    def answered(self, response: consumer_service_pb2.ReadStreamResponse) -> None:
        self._owner.answered(response)

    def closed(self, failure: Failure) -> None:
        self._owner.ended(failure)


def _wire(partition: TopicPartition) -> common_pb2.TopicPartition:
    return common_pb2.TopicPartition(topic=partition.topic, partition=partition.partition)
