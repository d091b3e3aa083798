"""The producer without its users' side: finds the record's topic, hands it to its partition, and ends in order."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from typing import NamedTuple

from flotilla._metadata.cache import MetadataCache
from flotilla._metadata.topic_view import TopicView
from flotilla._producer.accumulator import Accumulator
from flotilla._producer.budget import BufferBudget
from flotilla._producer.partitioner import Partitioner
from flotilla._producer.pending import NOT_APPENDED, Delivery, PendingBatch, failed_send
from flotilla._producer.sender import PartitionSender, Surroundings
from flotilla._producer.window import ProducerIdentity
from flotilla._transport import methods
from flotilla._transport.calls import BrokerCalls
from flotilla._transport.channels import Channels
from flotilla._transport.tasks import Tasks
from flotilla.errors import ErrorCode, LogException
from flotilla.settings import ClientSettings, ProducerSettings
from flotilla.types import ProducerRecord, TopicPartition
from flotilla.v1 import producer_service_pb2

_LOG = logging.getLogger("flotilla.producer")

_BATCH_BYTES_MAX_CONFIG = "max.message.bytes"
"""Topic setting that bounds a batch; below, what holds where a topic does not set it, and the least there is."""
_BATCH_BYTES_MAX_DEFAULT = 1_048_588
_BATCH_BYTES_MAX_LEAST = 1 << 10


class Sent(NamedTuple):
    """A record on its way: it has taken `size` bytes of the budget."""

    record: ProducerRecord
    timestamp_millis: int
    size: int
    delivery: Delivery


class ProducerCore:
    """Confined to its event loop, but for `budget`."""

    def __init__(
        self,
        client: ClientSettings,
        settings: ProducerSettings,
        channels: Channels,
        calls: BrokerCalls,
        metadata: MetadataCache,
    ) -> None:
        settings.compression.require_package()
        self.budget = BufferBudget(settings.buffer_bytes)
        self._client = client
        self._settings = settings
        self._calls = calls
        self._metadata = metadata
        self._partitioner = Partitioner(settings.batch_bytes)
        self._tasks = Tasks()
        self._senders: dict[TopicPartition, PartitionSender] = {}
        self._unsettled: set[PendingBatch] = set()
        self._waiting: dict[str, deque[Sent]] = {}
        """By topic, the records that came while it was asked for, and the tasks that ask."""
        self._look_ups: set[asyncio.Task[None]] = set()
        self._first_identity: asyncio.Task[ProducerIdentity] | None = None
        self._closed = False
        self._surroundings = Surroundings(
            client, settings, channels, calls, metadata, self._tasks, self._identity, self._settled
        )

    def submit(self, sent: Sent) -> None:
        """Adds a record to its partition's batch, as soon as the topic is known. What fails, fails in the delivery."""
        if self._closed:
            self._refuse(sent, failed_send(ErrorCode.BROKER_NOT_AVAILABLE, "the producer is closed", NOT_APPENDED))
            return
        name = sent.record.topic
        waiting = self._waiting.get(name)
        if waiting is not None:
            waiting.append(sent)
            return
        topic = self._metadata.topic(name)
        if topic is None or (sent.record.partition or 0) >= topic.partition_count:
            self._waiting[name] = deque((sent,))
            look_up = self._tasks.start(self._look_up(name, topic is not None))
            self._look_ups.add(look_up)
            look_up.add_done_callback(self._look_ups.discard)
        else:
            self._metadata.refresh_if_old(name)
            self._add(sent, topic)

    async def _look_up(self, name: str, grew_perhaps: bool) -> None:
        timeout = self._settings.block_timeout
        try:
            if grew_perhaps:
                topic = await asyncio.wait_for(self._metadata.refresh(name), timeout)
            else:
                topic = await self._metadata.look_up(name, timeout)
        except (LogException, asyncio.TimeoutError) as failure:
            for sent in self._waiting.pop(name):
                self._refuse(sent, self._not_found(name, failure))
            return
        for sent in self._waiting.pop(name):
            self._add(sent, topic)

    def _not_found(self, name: str, failure: Exception) -> LogException:
        if isinstance(failure, LogException):
            return failed_send(failure.code, f"topic {name}: {failure.message}", NOT_APPENDED, failure)
        timeout = self._settings.block_timeout
        return failed_send(
            ErrorCode.TIMEOUT, f"no broker described topic {name} within block_timeout, {timeout:g} s", NOT_APPENDED
        )

    def _add(self, sent: Sent, topic: TopicView) -> None:
        try:
            number = self._partitioner.partition_of(sent.record, topic, sent.size)
            sender = self._sender_of(TopicPartition(topic.name, number), topic)
            now = asyncio.get_running_loop().time()
            if sender.accumulator.add(sent.record, sent.timestamp_millis, sent.size, sent.delivery, now):
                sender.wake()
        except LogException as refused:
            self._refuse(
                sent, failed_send(refused.code, f"topic {topic.name}: {refused.message}", NOT_APPENDED, refused)
            )

    def _refuse(self, sent: Sent, failure: LogException) -> None:
        self.budget.give_back(sent.size)
        if not sent.delivery.done():
            sent.delivery.set_exception(failure)

    def _sender_of(self, partition: TopicPartition, topic: TopicView) -> PartitionSender:
        sender = self._senders.get(partition)
        if sender is None:
            accumulator = Accumulator(self._settings, _batch_bytes_max(topic), self._unsettled.add)
            sender = self._senders[partition] = PartitionSender(partition, accumulator, self._surroundings)
        return sender

    def _settled(self, batch: PendingBatch) -> None:
        self._unsettled.discard(batch)
        self.budget.give_back(batch.budget_bytes)

    async def _identity(self, fresh: bool) -> ProducerIdentity:
        if fresh:
            return await self._new_identity()
        first = self._first_identity
        if first is None or (first.done() and (first.cancelled() or first.exception() is not None)):
            first = self._first_identity = asyncio.get_running_loop().create_task(self._new_identity())
        return await asyncio.shield(first)

    async def _new_identity(self) -> ProducerIdentity:
        request = producer_service_pb2.InitProducerRequest()
        answer = await self._calls.at_any(methods.INIT_PRODUCER, request, self._client.request_timeout)
        return ProducerIdentity(answer.producer_id, answer.producer_epoch)

    # ---- the end of waiting

    def flush_soon(self) -> None:
        """Lets what lingers go."""
        for sender in self._senders.values():
            sender.accumulator.flush()
            sender.wake()

    async def flush(self) -> None:
        """Sends everything that waits for a fuller batch, and waits until each record submitted before is acknowledged
        or has failed."""
        if self._look_ups:
            await asyncio.wait(set(self._look_ups))
        self.flush_soon()
        settled = [batch.settled for batch in self._unsettled]
        if settled:
            await asyncio.wait(settled)

    async def close(self, timeout: float) -> None:
        """Takes no further records, waits for those before at most `timeout` seconds, and fails what is left then."""
        if self._closed:
            return
        self._closed = True
        try:
            await asyncio.wait_for(self.flush(), timeout)
        except asyncio.TimeoutError:
            _LOG.warning("producer closed before all was acknowledged batches_left=%d", len(self._unsettled))
        finally:
            self._abandon()
            await self._tasks.close()

    def _abandon(self) -> None:
        closed = failed_send(ErrorCode.BROKER_NOT_AVAILABLE, "the producer was closed before it was sent", NOT_APPENDED)
        for name in list(self._waiting):
            for sent in self._waiting[name]:
                self._refuse(sent, closed)
            self._waiting[name].clear()
        for sender in self._senders.values():
            sender.abandon()
        if self._first_identity is not None:
            self._first_identity.cancel()


def _batch_bytes_max(topic: TopicView) -> int:
    try:
        return max(int(topic.config.get(_BATCH_BYTES_MAX_CONFIG, _BATCH_BYTES_MAX_DEFAULT)), _BATCH_BYTES_MAX_LEAST)
    except ValueError:  # a newer broker with another notation
        return _BATCH_BYTES_MAX_DEFAULT
