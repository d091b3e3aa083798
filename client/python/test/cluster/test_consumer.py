"""What a consumer does besides reading on: positions, pauses, credit, and offsets that are gone."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest

from flotilla import (
    ConsumerRecord,
    ConsumerSettings,
    ErrorCode,
    FlotillaClient,
    LogException,
    OffsetOutOfRange,
    OutOfRangePolicy,
    Position,
    ProducerRecord,
    TopicPartition,
    WakeupException,
)
from flotilla.consumer import Consumer

COUNT = 50


@pytest.fixture
def partition(client: FlotillaClient, new_topic: Callable[..., str]) -> TopicPartition:
    """Has COUNT records; that of offset n has time 1000 + n."""
    topic = new_topic()
    fill(client, topic, COUNT)
    return TopicPartition(topic, 0)


def fill(client: FlotillaClient, topic: str, count: int, size: int = 10, partition: int = 0) -> None:
    with client.producer() as producer:
        for number in range(count):
            value = b"%d" % number
            producer.send(
                ProducerRecord(topic, value.ljust(size, b"."), partition=partition, timestamp_millis=1000 + number)
            )


def next_offset(consumer: Consumer) -> int:
    return consumer.poll(10)[0].offset


def test_begins_at_any_position(client: FlotillaClient, partition: TopicPartition) -> None:
    expected = {
        Position.beginning(): 0,
        Position.offset(7): 7,
        Position.timestamp(1000 + 12): 12,
        Position.timestamp(0): 0,
        Position.timestamp(1000 + COUNT): COUNT,
        Position.end(): COUNT,
    }
    for position, offset in expected.items():
        with client.consumer() as consumer:
            consumer.assign([partition], position)
            assert consumer.position(partition) == offset, position
    assert client.admin().list_offsets({partition: Position.timestamp(1012)}) == {partition: 12}


def test_seeks_forth_and_back_while_it_reads(client: FlotillaClient, partition: TopicPartition) -> None:
    with client.consumer(ConsumerSettings(poll_records_max=3)) as consumer:
        consumer.assign([partition])
        assert [record.offset for record in consumer.poll(10)] == [0, 1, 2]
        consumer.seek(partition, Position.offset(40))
        assert next_offset(consumer) == 40
        consumer.seek(partition, Position.timestamp(1020))
        assert next_offset(consumer) == 20
        consumer.seek(partition, Position.beginning())
        assert next_offset(consumer) == 0
        assert consumer.position(partition) == 3


def test_reads_on_and_knows_its_lag(client: FlotillaClient, partition: TopicPartition) -> None:
    with client.consumer(ConsumerSettings(poll_records_max=COUNT - 10)) as consumer:
        consumer.assign([partition])
        assert consumer.high_watermark(partition) is None and consumer.lag(partition) is None
        consumer.poll(10)
        assert (consumer.high_watermark(partition), consumer.lag(partition)) == (COUNT, 10)
        consumer.poll(10)
        assert consumer.lag(partition) == 0

        fill(client, partition.topic, 1)
        assert [record.offset for record in consumer.poll(10)] == [COUNT]
        assert consumer.poll(0) == []
        assert consumer.end_offsets([partition]) == {partition: COUNT + 1}
        assert consumer.beginning_offsets([partition]) == {partition: 0}


def test_a_paused_partition_does_not_hold_up_others(client: FlotillaClient, new_topic: Callable[..., str]) -> None:
    topic = new_topic(partition_count=2)
    one, other = TopicPartition(topic, 0), TopicPartition(topic, 1)
    for number in (0, 1):
        fill(client, topic, 20, partition=number)
    with client.consumer(ConsumerSettings(poll_records_max=5)) as consumer:
        consumer.assign([one, other])
        consumer.pause([one])
        assert consumer.paused == {one}
        read = [record for _ in range(4) for record in consumer.poll(10)]
        assert [record.offset for record in read] == list(range(20))
        assert {record.partition for record in read} == {other}

        consumer.resume([one])
        assert consumer.poll(10)[0][:2] == (one, 0)


def test_assigning_anew_leaves_those_that_stay_alone(client: FlotillaClient, new_topic: Callable[..., str]) -> None:
    topic = new_topic(partition_count=2)
    one, other = TopicPartition(topic, 0), TopicPartition(topic, 1)
    for number in (0, 1):
        fill(client, topic, 10, partition=number)
    with client.consumer(ConsumerSettings(poll_records_max=4)) as consumer:
        consumer.assign([one])
        consumer.poll(10)
        consumer.assign([one, other], Position.offset(8))
        assert consumer.position(one) == 4 and consumer.position(other) == 8
        consumer.assign([other])
        assert consumer.assignment == {other}
        assert consumer.poll(10)[0][:2] == (other, 8)
        with pytest.raises(ValueError, match="not assigned"):
            consumer.seek(one, Position.beginning())


def test_reads_no_further_ahead_than_its_credit(client: FlotillaClient, new_topic: Callable[..., str]) -> None:
    topic = new_topic()
    partition = TopicPartition(topic, 0)
    fill(client, topic, 3000, size=1000)
    settings = ConsumerSettings(prefetch_bytes=64 << 10, chunk_bytes=16 << 10, poll_records_max=20)
    with client.consumer(settings) as consumer:
        consumer.assign([partition])
        read: list[ConsumerRecord] = []
        while len(read) < 3000:
            read += consumer.poll(10)
            fetcher = consumer._consumer._core.fetcher
            buffered = consumer._thread.call(lambda: sum(len(chunk.batches) for chunk in fetcher._buffered))
            assert buffered <= (64 << 10) + (256 << 10), "the credit and the batch that crosses it"
    assert [record.offset for record in read] == list(range(3000))


def test_an_offset_that_is_gone_is_an_error_or_a_place_to_go_on(
    client: FlotillaClient, partition: TopicPartition
) -> None:
    assert client.admin().trim(partition, 30) == 30

    with client.consumer() as consumer:
        consumer.assign([partition], Position.offset(5))
        for _ in range(2):  # it stays an error
            with pytest.raises(OffsetOutOfRange, match="seek elsewhere") as failure:
                consumer.poll(10)
            assert (failure.value.offset, failure.value.log_start_offset) == (5, 30)
            assert failure.value.high_watermark == COUNT
        consumer.seek(partition, Position.beginning())
        assert next_offset(consumer) == 30

    with client.consumer(ConsumerSettings(out_of_range=OutOfRangePolicy.EARLIEST)) as consumer:
        consumer.assign([partition], Position.offset(5))
        assert next_offset(consumer) == 30

    with client.consumer(ConsumerSettings(out_of_range=OutOfRangePolicy.LATEST)) as consumer:
        consumer.assign([partition], Position.offset(COUNT + 1000))
        assert consumer.poll(0.5) == []
        fill(client, partition.topic, 1)
        assert next_offset(consumer) == COUNT


def test_an_unknown_topic_is_told_once_it_was_looked_for(hasty_client: FlotillaClient) -> None:
    missing = TopicPartition("missing", 0)
    with hasty_client.consumer() as consumer:
        consumer.assign([missing], Position.offset(0))
        with pytest.raises(LogException) as failure:
            consumer.poll(60)
        assert failure.value.code is ErrorCode.UNKNOWN_TOPIC
        with pytest.raises(LogException) as failure:
            consumer.end_offsets([missing])
        assert failure.value.code is ErrorCode.UNKNOWN_TOPIC


def test_another_thread_may_wake_it_up_and_nothing_else(client: FlotillaClient, partition: TopicPartition) -> None:
    with client.consumer() as consumer:
        consumer.assign([partition], Position.end())
        consumer.position(partition)
        refusals: list[Exception] = []

        def disturb() -> None:
            while not consumer._inside.locked():
                time.sleep(0.001)
            try:
                consumer.poll(0)
            except RuntimeError as refused:
                refusals.append(refused)
            consumer.wakeup()

        other = threading.Thread(target=disturb)
        other.start()
        with pytest.raises(WakeupException):
            consumer.poll(30)
        other.join()
        assert len(refusals) == 1 and "not thread-safe" in str(refusals[0])
    with pytest.raises(RuntimeError, match="closed"):
        consumer.poll(0)
