"""What a consumer does when leaders move, keep silent or send damaged bytes: no record twice, none left out."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from cluster import TOPIC, Cluster
from flotilla import (
    ClientSettings,
    Compression,
    ConsumerRecord,
    ConsumerSettings,
    ErrorCode,
    LogException,
    Position,
    TopicPartition,
)
from flotilla._record.builder import BatchBuilder
from flotilla.aio import Consumer, FlotillaClient

PARTITION = TopicPartition(TOPIC, 0)
BATCH = 4


@pytest.fixture
async def cluster() -> AsyncIterator[Cluster]:
    async with Cluster(2) as started:
        for number in range(3):
            started.place(batch_of(number))
        yield started


@pytest.fixture
async def consumer(cluster: Cluster) -> AsyncIterator[Consumer]:
    hasty = ClientSettings(
        cluster.bootstrap,
        leader_check_interval=0.3,
        retry_backoff_min=0.01,
        retry_backoff_max=0.05,
        topic_grace=0.2,
    )
    async with FlotillaClient(hasty) as client:
        async with client.consumer(ConsumerSettings(heartbeat_interval=0.1, prefetch_bytes=64 << 10)) as made:
            yield made


def batch_of(number: int, size: int = 1) -> bytes:
    builder = BatchBuilder(Compression.NONE, 1 << 20)
    for record in range(BATCH):
        builder.try_append(0, None, (b"%d" % (number * BATCH + record)).ljust(size, b"."), ())
    return builder.build(-1, -1, -1)


async def read(consumer: Consumer, count: int) -> list[ConsumerRecord]:
    records: list[ConsumerRecord] = []
    while len(records) < count:
        polled = await consumer.poll(10)
        assert polled, f"{count} records expected, {len(records)} came"
        records += polled
    return records


def offsets(records: list[ConsumerRecord]) -> list[int]:
    return [record.offset for record in records]


async def test_a_batch_that_begins_below_the_offset_is_cut(cluster: Cluster, consumer: Consumer) -> None:
    consumer.assign([PARTITION], Position.offset(6))

    assert offsets(await read(consumer, 6)) == list(range(6, 12))


@pytest.mark.parametrize("script", ["ended", "go_away", "silent"])
async def test_a_stream_that_ends_is_replaced_where_it_was(cluster: Cluster, consumer: Consumer, script: str) -> None:
    cluster.readers.append(script)
    consumer.assign([PARTITION])

    assert offsets(await read(consumer, 12)) == list(range(12))


async def test_a_new_leader_is_followed_in_the_middle(cluster: Cluster, consumer: Consumer) -> None:
    consumer.assign([PARTITION])
    first = await read(consumer, 12)
    cluster.elect(1)
    cluster.place(batch_of(3))

    assert offsets(first + await read(consumer, 4)) == list(range(16))


async def test_a_broker_that_restarts_is_read_on(cluster: Cluster, consumer: Consumer) -> None:
    consumer.assign([PARTITION])
    await read(consumer, 12)
    await cluster.brokers[0].stop()
    cluster.place(batch_of(3))
    await cluster.brokers[0].start()

    assert offsets(await read(consumer, 4)) == list(range(12, 16))


async def test_damaged_bytes_are_an_error_behind_what_was_whole(cluster: Cluster, consumer: Consumer) -> None:
    damaged = bytearray(cluster.placed[1])
    damaged[-1] ^= 1
    cluster.placed[1] = bytes(damaged)
    consumer.assign([PARTITION])

    assert offsets(await read(consumer, 4)) == [0, 1, 2, 3]
    for _ in range(2):
        with pytest.raises(LogException, match="orders-0 at offset 4") as failure:
            await consumer.poll(10)
        assert failure.value.code is ErrorCode.CORRUPT_BATCH
    consumer.seek(PARTITION, Position.offset(8))
    assert offsets(await read(consumer, 4)) == [8, 9, 10, 11]


async def test_credit_is_given_back_as_records_are_read(cluster: Cluster, consumer: Consumer) -> None:
    for number in range(3, 63):
        cluster.place(batch_of(number, size=4_000))
    consumer.assign([PARTITION])

    assert offsets(await read(consumer, 63 * BATCH)) == list(range(63 * BATCH))


async def test_positions_are_looked_up(cluster: Cluster, consumer: Consumer) -> None:
    consumer.assign([PARTITION], Position.end())
    assert await consumer.position(PARTITION) == 12
    cluster.place(batch_of(3))
    assert offsets(await read(consumer, 4)) == list(range(12, 16))


async def test_a_partition_nobody_knows_is_an_error(cluster: Cluster, consumer: Consumer) -> None:
    cluster.knows_topic = False
    consumer.assign([PARTITION], Position.offset(0))

    with pytest.raises(LogException) as failure:
        await consumer.poll(10)

    assert failure.value.code is ErrorCode.UNKNOWN_TOPIC
