"""The same for asyncio, in the test's own event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from brokers import Brokers
from flotilla import (
    Compression,
    ConsumerRecord,
    ErrorCode,
    LogException,
    Position,
    ProducerRecord,
    ProducerSettings,
    TopicPartition,
)
from flotilla.aio import FlotillaClient

COUNT = 1_000


async def test_records_in_and_out(brokers: Brokers, new_topic: Callable[..., str]) -> None:
    topic = new_topic(partition_count=3)
    partitions = [TopicPartition(topic, number) for number in range(3)]
    async with FlotillaClient(brokers.bootstrap) as client:
        async with client.producer(ProducerSettings(compression=Compression.ZSTD)) as producer:
            sent = [await producer.send(ProducerRecord(topic, b"%d" % n, key=b"%d" % (n % 9))) for n in range(COUNT)]
            await producer.flush()
            assert all(future.done() for future in sent)
            stored = await producer.send_and_wait(ProducerRecord(topic, b"last", partition=2))

        async with client.consumer() as consumer:
            consumer.assign(partitions)
            read: list[ConsumerRecord] = []
            while len(read) < COUNT + 1:
                read += await consumer.poll(10)
            assert {record[:2] for record in read} >= {stored[:2]}
            assert consumer.lag(stored.partition) == 0
            assert await consumer.position(stored.partition) == stored.offset + 1
        assert sorted(int(record.value or b"") for record in read if record.value != b"last") == list(range(COUNT))
        assert topic in [each.name for each in await client.admin().list_topics()]


async def test_a_poll_that_is_given_up_loses_nothing(brokers: Brokers, new_topic: Callable[..., str]) -> None:
    topic = new_topic()
    async with FlotillaClient(brokers.bootstrap) as client, client.consumer() as consumer, client.producer() as producer:
        consumer.assign([TopicPartition(topic, 0)], Position.beginning())
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(consumer.poll(30), 0.1)
        await producer.send_and_wait(ProducerRecord(topic, b"v"))
        assert [record.value for record in await consumer.poll(10)] == [b"v"]


async def test_a_full_buffer_makes_senders_wait(brokers: Brokers, new_topic: Callable[..., str]) -> None:
    topic = new_topic()
    async with FlotillaClient(brokers.bootstrap) as client:
        settings = ProducerSettings(buffer_bytes=1 << 20, compression=Compression.NONE)
        async with client.producer(settings) as producer:
            sent = [await producer.send(ProducerRecord(topic, bytes(100_000))) for _ in range(40)]
            assert sum(not future.done() for future in sent) <= 10
            await producer.flush()
            assert [future.result().offset for future in sent] == list(range(40))
            too_large = await producer.send(ProducerRecord(topic, bytes(2 << 20)))
            failure = too_large.exception()
            assert isinstance(failure, LogException) and failure.code is ErrorCode.RECORD_TOO_LARGE


async def test_a_closed_producer_fails_what_is_left() -> None:
    async with FlotillaClient("127.0.0.1:1") as client:
        producer = client.producer()
        waiting = await producer.send(ProducerRecord("orders", b"v"))
        await producer.close(timeout=0.05)
        failure = waiting.exception()
        assert isinstance(failure, LogException) and failure.code is ErrorCode.BROKER_NOT_AVAILABLE
        assert failure.details["outcome"] == "not_appended"
        with pytest.raises(RuntimeError, match="closed"):
            await producer.send(ProducerRecord("orders", b"v"))
