"""Gets one partition's batches to its leader, whoever that is. Whatever happens, an answer, a lost stream, a timer, ends
in `_pump`, which does all that can be done now and sets the timer for what comes next."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from flotilla._metadata.cache import MetadataCache
from flotilla._producer.accumulator import Accumulator
from flotilla._producer.outbox import Outbox
from flotilla._producer.pending import PendingBatch
from flotilla._producer.window import ProducerIdentity
from flotilla._transport import failure as failures
from flotilla._transport import methods
from flotilla._transport.calls import BrokerCalls
from flotilla._transport.channels import Channels
from flotilla._transport.failure import Failure, LeaderHint
from flotilla._transport.streams import Stream
from flotilla._transport.tasks import Tasks
from flotilla.errors import ErrorCode, LogException, Refused
from flotilla.settings import ClientSettings, ProducerSettings
from flotilla.types import BrokerAddress, TopicPartition
from flotilla.v1 import common_pb2, producer_service_pb2

_LOG = logging.getLogger("flotilla.producer")

AppendStream = Stream[producer_service_pb2.AppendStreamRequest, producer_service_pb2.AppendStreamResponse]


@dataclass(frozen=True)
class Surroundings:
    """What the senders of one producer share.

    `identity` gets a producer id from the cluster: the one that all partitions of a producer begin with, or, asked for a
    fresh one, one that nobody has used. `settled` takes each batch once, right before its deliveries complete.
    """

    client: ClientSettings
    settings: ProducerSettings
    channels: Channels
    calls: BrokerCalls
    metadata: MetadataCache
    tasks: Tasks
    identity: Callable[[bool], Awaitable[ProducerIdentity]]
    settled: Callable[[PendingBatch], None]


class PartitionSender:
    """Confined to its event loop."""

    def __init__(self, partition: TopicPartition, accumulator: Accumulator, around: Surroundings) -> None:
        self._partition = partition
        self.accumulator = accumulator
        self._around = around
        self._outbox = Outbox(partition, accumulator, around.settings, around.settled)
        self._window = self._outbox.window
        self._retries = around.calls.schedule()
        self._loop = asyncio.get_running_loop()
        self._stream: AppendStream | None = None
        self._stream_opened = False
        self._owed_since = 0.0
        """Since when the broker owes an answer, while it does."""
        self._leader_checked_at = 0.0
        self._paused_until = 0.0
        """Before this nothing is opened or sent, after a failure."""
        self._looking_for_leader = False
        self._waiting_for_identity = False
        self._had_identity = False
        self._unknown_since: float | None = None
        """Since when brokers have denied that the topic exists."""
        self._wake_pending = False
        self._timer: asyncio.TimerHandle | None = None
        self._closed = False

    def wake(self) -> None:
        """Lets the sender look at its accumulator soon."""
        if not self._wake_pending:
            self._wake_pending = True
            self._loop.call_soon(self._woken)

    def _woken(self) -> None:
        self._wake_pending = False
        self._pump()

    def abandon(self) -> None:
        """Fails everything that is left."""
        self._closed = True
        self._leave_stream()
        if self._timer is not None:
            self._timer.cancel()
        self._outbox.fail_all(
            Refused(ErrorCode.BROKER_NOT_AVAILABLE, "the producer was closed before its acknowledgement")
        )

    def _pump(self) -> None:
        if self._closed:
            return
        now = self._loop.time()
        self._outbox.expire(now, self._leader_name)
        self._outbox.fill(now)
        if self._outbox.lacks_identity(now):
            self._request_identity(now)
        if self._stream is None and not self._window.is_empty and now >= self._paused_until:
            self._connect(now)
        self._send(now)
        self._watch_leader(now)
        self._set_timer(now)

    def _leader_name(self) -> str:
        return str(self._around.metadata.leader(self._partition) or "none")

    # ---- identity

    def _request_identity(self, now: float) -> None:
        if not self._waiting_for_identity and now >= self._paused_until:
            self._waiting_for_identity = True
            self._around.tasks.start(self._get_identity())

    async def _get_identity(self) -> None:
        try:
            granted = await self._around.identity(self._had_identity)
            self._had_identity = True
            self._window.begin(granted)
        except LogException as failure:
            _LOG.warning("no producer id yet partition=%s cause=%s", self._partition, failure)
            self._pause(False)
        finally:
            self._waiting_for_identity = False
        self._pump()

    # ---- the stream

    def _connect(self, now: float) -> None:
        leader = self._around.metadata.leader(self._partition)
        if leader is None:
            if not self._looking_for_leader:
                self._looking_for_leader = True
                self._around.tasks.start(self._find_leader())
            return
        self._stream_opened = False
        self._owed_since = self._leader_checked_at = now
        where = common_pb2.TopicPartition(topic=self._partition.topic, partition=self._partition.partition)
        first = producer_service_pb2.AppendStreamRequest(open=producer_service_pb2.AppendOpen(partition=where))
        self._stream = Stream(
            self._around.channels, leader, methods.APPEND_STREAM, first, _Events(self, leader), self._around.tasks
        )

    async def _find_leader(self) -> None:
        try:
            topic = await self._around.metadata.refresh(self._partition.topic)
            if topic.partition_count <= self._partition.partition:
                raise Refused(
                    ErrorCode.UNKNOWN_PARTITION,
                    f"topic {topic.name} now has only {topic.partition_count} partitions",
                )
            if topic.leader_of(self._partition.partition) is None:
                self._pause(False)
        except LogException as failure:
            if failure.code in (ErrorCode.UNKNOWN_TOPIC, ErrorCode.UNKNOWN_PARTITION):
                self._denied(failure)
            self._pause(False)
        finally:
            self._looking_for_leader = False
        self._pump()

    def _denied(self, failure: LogException) -> None:
        """A broker says that there is no such topic; a new one may not have reached it yet."""
        now = self._loop.time()
        if self._unknown_since is None:
            self._unknown_since = now
        if now - self._unknown_since >= self._around.client.topic_grace:
            self._unknown_since = None
            self._around.metadata.forget(self._partition.topic)
            self._outbox.fail_all(failure)

    def _send(self, now: float) -> None:
        stream = self._stream
        if stream is None or not self._stream_opened or now < self._paused_until:
            return
        while (entry := self._window.next_to_send()) is not None:
            if not self._window.awaits_answer:
                self._owed_since = now
            batch = producer_service_pb2.AppendBatch(
                correlation_id=self._window.sent(entry), record_batch=entry.batch.bytes
            )
            stream.send(producer_service_pb2.AppendStreamRequest(batch=batch))

    def on_answer(self, response: producer_service_pb2.AppendStreamResponse, broker: BrokerAddress) -> None:
        self._owed_since = self._loop.time()
        kind = response.WhichOneof("response")
        if kind == "opened":
            self._stream_opened = True
            self._unknown_since = None
        elif kind == "ack":
            ack = response.ack
            self._retries.succeeded()
            self._outbox.acknowledged(ack.correlation_id, ack.base_offset, ack.leader_epoch, ack.duplicate)
        elif kind == "reject":
            self._rejected(response.reject.correlation_id, failures.of_status(response.reject.status, broker), broker)
        elif kind == "go_away":
            self._told_to_go(response.go_away, broker)
        self._pump()  # a kind of message newer than this client is ignored

    def _rejected(self, correlation_id: int, failure: Failure, broker: BrokerAddress) -> None:
        self._outbox.rejected(correlation_id, failure.cause)
        if failure.code in (ErrorCode.NOT_LEADER, ErrorCode.BROKER_NOT_AVAILABLE, ErrorCode.STORAGE_FAILURE):
            self._leave_broker(broker, failure)
        elif failure.code.retriable and self._loop.time() >= self._paused_until:
            self._pause(False)

    def _told_to_go(self, go_away: common_pb2.GoAway, broker: BrokerAddress) -> None:
        _LOG.debug("told to go away partition=%s broker=%s reason=%s", self._partition, broker, go_away.reason)
        leader = failures.address_of(go_away.leader)
        hint = LeaderHint(self._partition, -1, leader) if leader else None
        self._leave_broker(broker, Failure(Refused(ErrorCode.NOT_LEADER, go_away.message), hint))

    def on_closed(self, failure: Failure, broker: BrokerAddress) -> None:
        _LOG.debug("append stream lost partition=%s cause=%s", self._partition, failure.cause)
        if failure.code in (ErrorCode.INVALID_REQUEST, ErrorCode.UNSUPPORTED_VERSION):
            self._leave_stream()  # neither another broker nor time will change these
            self._outbox.fail_all(failure.cause)
        else:
            self._leave_broker(broker, failure)
        self._pump()

    # ---- leaving brokers and waiting

    def _leave_broker(self, broker: BrokerAddress, failure: Failure) -> None:
        self._leave_stream()
        self._around.metadata.leader_failed(self._partition, broker, failure)
        self._pause(failure.leader_other_than(broker) is not None)

    def _leave_stream(self) -> None:
        if self._stream is not None:
            self._stream.cancel()
            self._stream = None
            self._stream_opened = False
            self._window.stream_lost()

    def _pause(self, leader_named: bool) -> None:
        self._paused_until = self._loop.time() + self._retries.next_delay(leader_named)

    def _watch_leader(self, now: float) -> None:
        """A leader that went silent without closing its connection is left as soon as others name a new one."""
        stream = self._stream
        if stream is None or not self._owes_answer():
            return
        if now - self._owed_since >= self._around.client.attempt_timeout:
            _LOG.info("leader gave no answer partition=%s broker=%s", self._partition, stream.broker)
            self._around.channels.renew(stream.broker)
            silent = Failure.of(ErrorCode.TIMEOUT, f"broker {stream.broker} gave no answer")
            self._leave_broker(stream.broker, silent)
            return
        check_every = self._around.client.leader_check_interval
        if now - self._owed_since >= check_every and now - self._leader_checked_at >= check_every:
            self._leader_checked_at = now
            self._around.tasks.start(self._check_leader(stream))

    async def _check_leader(self, watched: AppendStream) -> None:
        try:
            await self._around.metadata.refresh(self._partition.topic)
        except LogException as failure:
            _LOG.debug("nobody tells who leads partition=%s cause=%s", self._partition, failure)
        leader = self._around.metadata.leader(self._partition)
        if self._stream is watched and self._owes_answer() and leader not in (None, watched.broker):
            _LOG.info("leader moved partition=%s from=%s to=%s", self._partition, watched.broker, leader)
            self._leave_stream()
            self._pump()

    def _owes_answer(self) -> bool:
        return self._stream is not None and (not self._stream_opened or self._window.awaits_answer)

    def _set_timer(self, now: float) -> None:
        deadlines = [self._outbox.next_deadline(now)]
        if self._outbox.has_work(now) and self._paused_until > now:
            deadlines.append(self._paused_until)
        if self._owes_answer():
            deadlines.append(now + self._around.client.leader_check_interval)
        at = min((deadline for deadline in deadlines if deadline is not None), default=None)
        if self._timer is not None:
            if at is not None and now < self._timer.when() <= at and not self._timer.cancelled():
                return  # it rings early enough
            self._timer.cancel()
        self._timer = self._loop.call_at(at, self._pump) if at is not None else None


class _Events:
    """What one stream's broker says, as long as it is the sender's stream: who leaves a stream cancels it."""

    def __init__(self, sender: PartitionSender, broker: BrokerAddress) -> None:
        self._sender = sender
        self._broker = broker

    def answered(self, response: producer_service_pb2.AppendStreamResponse) -> None:
        self._sender.on_answer(response, self._broker)

    def closed(self, failure: Failure) -> None:
        self._sender.on_closed(failure, self._broker)
