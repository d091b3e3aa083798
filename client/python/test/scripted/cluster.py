"""Brokers in the test's own process, over real gRPC, that do what a script says: refuse, keep silent, lose answers."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from typing import Any

import grpc
import grpc.aio
from google.protobuf import any_pb2

from flotilla import ErrorCode
from flotilla._record.batch import RecordBatch
from flotilla._rpc import error_details_pb2, status_pb2
from flotilla._transport import methods
from flotilla._transport.methods import Method
from flotilla.v1 import common_pb2, consumer_service_pb2, error_pb2, producer_service_pb2, topic_service_pb2
from partition import Partition

TOPIC = "orders"
WHERE = common_pb2.TopicPartition(topic=TOPIC, partition=0)


class Cluster:
    """Topic orders with one partition. `leader` leads it; `named` is who others say leads, by default the same."""

    def __init__(self, size: int) -> None:
        self.brokers = [Broker(self, number) for number in range(size)]
        self.leader = 0
        self.named: int | None = None
        self.cut_off: int | None = None
        """A broker that hears nothing of the others: it does not lead, and says that it does."""
        self.epoch = 1
        self.knows_topic = True
        self.partition: Partition[bytes] = Partition()
        self.placed: list[bytes] = []
        """Stored batches with their base offsets, as readers get them."""
        self.end_offset = 0
        self.base_offsets: list[int] = []
        self.changed = asyncio.Event()
        self.appends: deque[Callable[[Append], None]] = deque()
        """What happens to the next batches that arrive; those behind are appended."""
        self.producer_ids = 0
        self.readers: deque[str] = deque()
        """What happens to the next read streams: `silent`, `ended`, `go_away`; those behind are served."""

    @property
    def bootstrap(self) -> str:
        return ",".join(f"127.0.0.1:{broker.port}" for broker in self.brokers)

    def elect(self, broker: int) -> None:
        self.leader = broker
        self.epoch += 1

    def append(self, stored: bytes) -> ErrorCode | None:
        """None if the partition has the batch now."""
        batch = RecordBatch.at(stored, 0)
        batch.check_crc()
        before = len(self.partition.stored)
        refusal = self.partition.append(stored, batch.producer_id, batch.base_sequence)
        if len(self.partition.stored) > before:
            self.place(stored)
        return refusal

    def place(self, stored: bytes) -> None:
        self.base_offsets.append(self.end_offset)
        self.placed.append(self.end_offset.to_bytes(8, "big") + stored[8:])
        self.end_offset += RecordBatch.at(stored, 0).record_count
        self.changed.set()
        self.changed = asyncio.Event()

    def offset_of(self, stored: bytes) -> int:
        return self.base_offsets[self.partition.stored.index(stored)]

    def stored_values(self) -> list[bytes | None]:
        return [record.value for batch in self.placed for record in RecordBatch.at(batch, 0).records()]

    def endpoint(self, broker: int) -> common_pb2.BrokerEndpoint:
        return common_pb2.BrokerEndpoint(broker_id=broker, host="127.0.0.1", port=self.brokers[broker].port)

    def refusal(self, code: ErrorCode, named: int | None = None) -> Any:
        """A status as brokers send it; NOT_LEADER names the leader, unless it is to name another one."""
        leader = self.endpoint(self.leader if named is None else named)
        details: list[Any] = [
            error_details_pb2.ErrorInfo(reason=f"ERROR_REASON_{code.name}", domain="flotilla"),
        ]
        if code is ErrorCode.NOT_LEADER:
            details.append(
                error_pb2.NotLeader(partition=WHERE, leader_epoch=self.epoch, leader=leader)
            )
        packed = [any_pb2.Any() for _ in details]
        for target, detail in zip(packed, details):
            target.Pack(detail)
        return status_pb2.Status(code=grpc.StatusCode.UNAVAILABLE.value[0], message="as scripted", details=packed)

    async def __aenter__(self) -> Cluster:
        for broker in self.brokers:
            await broker.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        for broker in self.brokers:
            await broker.stop()


class Append:
    """A batch that has arrived, and what its broker answers; `breaks` ends the stream instead."""

    def __init__(self, cluster: Cluster, batch: producer_service_pb2.AppendBatch) -> None:
        self._cluster = cluster
        self._batch = batch
        self.answer: producer_service_pb2.AppendStreamResponse | None = None
        self.breaks = False

    def store(self) -> None:
        """Appends and answers, as a broker does that nobody has told otherwise."""
        known = self._batch.record_batch in self._cluster.partition.stored
        refusal = self._cluster.append(self._batch.record_batch)
        if refusal is not None:
            self.refuse(refusal)
            return
        ack = producer_service_pb2.AppendAck(
            correlation_id=self._batch.correlation_id,
            base_offset=self._cluster.offset_of(self._batch.record_batch),
            duplicate=known,
            leader_epoch=self._cluster.epoch,
        )
        self.answer = producer_service_pb2.AppendStreamResponse(ack=ack)

    def refuse(self, code: ErrorCode) -> None:
        reject = producer_service_pb2.AppendReject(
            correlation_id=self._batch.correlation_id, status=self._cluster.refusal(code)
        )
        self.answer = producer_service_pb2.AppendStreamResponse(reject=reject)

    def lose_answer(self) -> None:
        """Appends, and breaks the stream before the answer."""
        self._cluster.append(self._batch.record_batch)
        self.breaks = True

    def keep_silent(self) -> None:
        """Neither appends nor answers."""

    def send_away(self) -> None:
        """Leads no more, and names who does."""
        leader = self._cluster.endpoint(self._cluster.leader)
        self.answer = producer_service_pb2.AppendStreamResponse(
            go_away=common_pb2.GoAway(reason=common_pb2.GO_AWAY_REASON_LEADER_CHANGED, leader=leader)
        )


class Broker:
    """One broker of the cluster, by its number from 0."""

    def __init__(self, cluster: Cluster, number: int) -> None:
        self._cluster = cluster
        self._number = number
        self.port = 0

    async def start(self, *services: Any) -> None:
        """With what it serves beside topics, producers and consumers."""
        self._server = grpc.aio.server()
        self._server.add_generic_rpc_handlers(services)
        served: dict[Method[Any, Any], Any] = {
            methods.DESCRIBE_TOPICS: self._describe_topics,
            methods.INIT_PRODUCER: self._init_producer,
            methods.LIST_OFFSETS: self._list_offsets,
            methods.APPEND_STREAM: self._append_stream,
            methods.READ_STREAM: self._read_stream,
        }
        for method, behaviour in served.items():
            kind = grpc.stream_stream_rpc_method_handler if method.name.endswith("Stream") else (
                grpc.unary_unary_rpc_method_handler
            )
            handler = kind(behaviour, method.request.FromString, method.response.SerializeToString)
            service = grpc.method_handlers_generic_handler(f"flotilla.v1.{method.service}", {method.name: handler})
            self._server.add_generic_rpc_handlers((service,))
        self.port = self._server.add_insecure_port(f"127.0.0.1:{self.port}")
        await self._server.start()

    async def stop(self) -> None:
        await self._server.stop(None)

    @property
    def _is_cut_off(self) -> bool:
        return self._cluster.cut_off == self._number

    async def _fail(self, context: Any, code: ErrorCode) -> None:
        status = self._cluster.refusal(code, self._number if self._is_cut_off else None)
        context.set_trailing_metadata((("grpc-status-details-bin", status.SerializeToString()),))
        await context.abort(grpc.StatusCode.UNAVAILABLE, status.message)

    async def _describe_topics(self, request: Any, context: Any) -> Any:
        if not self._cluster.knows_topic or list(request.names) != [TOPIC]:
            await self._fail(context, ErrorCode.UNKNOWN_TOPIC)
        named = self._cluster.leader if self._cluster.named is None else self._cluster.named
        if self._is_cut_off:
            named = self._number
        partition = topic_service_pb2.PartitionDescription(leader_broker_id=named, leader_epoch=self._cluster.epoch)
        return topic_service_pb2.DescribeTopicsResponse(
            topics=[topic_service_pb2.TopicDescription(name=TOPIC, topic_id="id", partitions=[partition])],
            brokers=[self._cluster.endpoint(number) for number in range(len(self._cluster.brokers))],
        )

    async def _init_producer(self, request: Any, context: Any) -> Any:
        self._cluster.producer_ids += 1
        return producer_service_pb2.InitProducerResponse(producer_id=self._cluster.producer_ids)

    async def _list_offsets(self, request: Any, context: Any) -> Any:
        answers = [
            consumer_service_pb2.OffsetAnswer(
                partition=WHERE, offset=self._cluster.end_offset if query.HasField("latest") else 0
            )
            for query in request.queries
        ]
        return consumer_service_pb2.ListOffsetsResponse(answers=answers)

    async def _append_stream(self, requests: AsyncIterator[Any], context: Any) -> AsyncIterator[Any]:
        await anext(aiter(requests))
        if self._cluster.leader != self._number:
            await self._fail(context, ErrorCode.NOT_LEADER)
        yield producer_service_pb2.AppendStreamResponse(opened=producer_service_pb2.AppendOpened(leader_epoch=1))
        async for request in requests:
            append = Append(self._cluster, request.batch)
            if self._cluster.appends:
                self._cluster.appends.popleft()(append)
            else:
                append.store()
            if append.breaks:
                await context.abort(grpc.StatusCode.UNAVAILABLE, "as if the broker had died")
            if append.answer is not None:
                yield append.answer

    async def _read_stream(self, requests: AsyncIterator[Any], context: Any) -> AsyncIterator[Any]:
        cluster = self._cluster
        script = cluster.readers.popleft() if cluster.readers else "served"
        yield consumer_service_pb2.ReadStreamResponse(opened=consumer_service_pb2.ReadOpened())
        reading = Reading()
        listening = asyncio.create_task(reading.listen(requests))
        try:
            while True:
                changed = cluster.changed
                assigned = reading.assigned
                if assigned is not None and script == "go_away":
                    yield consumer_service_pb2.ReadStreamResponse(go_away=common_pb2.GoAway())
                    await asyncio.Event().wait()
                elif assigned is not None and (script == "ended" or cluster.leader != self._number):
                    yield self._end(assigned)
                    reading.assigned = None
                elif assigned is not None and script != "silent":
                    for chunk in self._chunks(reading, assigned):
                        yield chunk
                await reading.wait(changed)
        finally:
            listening.cancel()

    def _end(self, assigned: Any) -> Any:
        end = consumer_service_pb2.PartitionEnd(
            partition=WHERE, assignment_id=assigned.assignment_id, status=self._cluster.refusal(ErrorCode.NOT_LEADER)
        )
        return consumer_service_pb2.ReadStreamResponse(end=end)

    def _chunks(self, reading: Reading, assigned: Any) -> list[Any]:
        """A chunk for each batch from the one that holds the reader's offset, as far as there is credit."""
        chunks = []
        for stored in self._cluster.placed:
            batch = RecordBatch.at(stored, 0)
            if batch.last_offset < reading.next_offset or reading.sent_bytes >= reading.granted_bytes:
                continue
            reading.next_offset = batch.last_offset + 1
            reading.sent_bytes += len(stored)
            chunk = consumer_service_pb2.RecordChunk(
                partition=WHERE,
                batches=stored,
                next_offset=reading.next_offset,
                high_watermark=self._cluster.end_offset,
                assignment_id=assigned.assignment_id,
            )
            chunks.append(consumer_service_pb2.ReadStreamResponse(chunk=chunk))
        return chunks


class Reading:
    """What a reader has asked for."""

    def __init__(self) -> None:
        self.assigned: Any = None
        self.next_offset = 0
        self.granted_bytes = 0
        self.sent_bytes = 0
        self._news = asyncio.Event()

    async def listen(self, requests: AsyncIterator[Any]) -> None:
        async for request in requests:
            kind = request.WhichOneof("request")
            if kind == "assign":
                self.assigned = request.assign
                self.next_offset = request.assign.offset
            elif kind == "unassign":
                self.assigned = None
            elif kind == "credit":
                self.granted_bytes = request.credit.total_bytes_granted
            self._news.set()

    async def wait(self, changed: asyncio.Event) -> None:
        """Until the reader asks for something else or there is more to read."""
        waits = [asyncio.create_task(event.wait()) for event in (self._news, changed)]
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()
        self._news.clear()
