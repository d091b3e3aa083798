"""What a producer does when brokers refuse, keep silent or lose answers: each record once, in order, or an error."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest

from cluster import TOPIC, Append, Cluster
from flotilla import (
    ClientSettings,
    Compression,
    ErrorCode,
    LogException,
    ProducerRecord,
    ProducerSettings,
    RecordMetadata,
)
from flotilla.aio import FlotillaClient, Producer

ATTEMPT_TIMEOUT = 3.0
SETTINGS = ProducerSettings(linger=0, compression=Compression.NONE, delivery_timeout=20)


def hasty(cluster: Cluster) -> ClientSettings:
    return ClientSettings(
        cluster.bootstrap,
        attempt_timeout=ATTEMPT_TIMEOUT,
        leader_check_interval=0.1,
        retry_backoff_min=0.01,
        retry_backoff_max=0.05,
        topic_grace=0.2,
    )


@pytest.fixture
async def cluster() -> AsyncIterator[Cluster]:
    async with Cluster(2) as started:
        yield started


@pytest.fixture
async def producer(cluster: Cluster) -> AsyncIterator[Producer]:
    async with FlotillaClient(hasty(cluster)) as client:
        async with client.producer(SETTINGS) as made:
            yield made


async def send(producer: Producer, count: int, first: int = 0) -> list[asyncio.Future[RecordMetadata]]:
    """Numbered records, each in a batch of its own once the producer has its identity."""
    sent = []
    for number in range(first, first + count):
        sent.append(await producer.send(ProducerRecord(TOPIC, b"%d" % number)))
        await asyncio.sleep(0)  # lets the sender take it
    return sent


async def stored(sent: list[asyncio.Future[RecordMetadata]]) -> list[RecordMetadata]:
    return await asyncio.wait_for(asyncio.gather(*sent), 20)


def values(count: int) -> list[bytes]:
    return [b"%d" % number for number in range(count)]


async def test_a_broker_that_denies_to_lead_and_names_itself_is_left(cluster: Cluster, producer: Producer) -> None:
    cluster.leader, cluster.cut_off = 1, 0  # which is asked first

    assert [at.offset for at in await stored(await send(producer, 5))] == list(range(5))


async def test_a_named_leader_is_followed(cluster: Cluster, producer: Producer) -> None:
    cluster.named = 1  # who does not lead

    assert [at.offset for at in await stored(await send(producer, 5))] == list(range(5))
    assert cluster.stored_values() == values(5)


async def test_a_leader_that_is_deposed_with_batches_on_their_way(cluster: Cluster, producer: Producer) -> None:
    await stored(await send(producer, 1))
    cluster.elect(1)
    for _ in range(3):
        cluster.appends.append(lambda append: append.refuse(ErrorCode.NOT_LEADER))
    cluster.appends.append(Append.store)

    sent = await stored(await send(producer, 5, first=1))

    assert [at.offset for at in sent] == list(range(1, 6))
    assert cluster.stored_values() == values(6)


async def test_a_batch_whose_answer_is_lost_is_stored_once(cluster: Cluster, producer: Producer) -> None:
    await stored(await send(producer, 1))
    cluster.appends.append(Append.lose_answer)

    sent = await stored(await send(producer, 4, first=1))

    assert cluster.stored_values() == values(5)
    assert [at.offset for at in sent] == [1, 2, 3, 4]
    assert sent[0].duplicate and not sent[3].duplicate


@pytest.mark.parametrize("code", [ErrorCode.OVERLOADED, ErrorCode.TIMEOUT, ErrorCode.DISK_FULL, ErrorCode.NO_QUORUM])
async def test_a_refusal_that_time_may_change_is_tried_again_in_order(
    cluster: Cluster, producer: Producer, code: ErrorCode
) -> None:
    await stored(await send(producer, 1))
    cluster.appends.append(lambda append: append.refuse(code))

    await stored(await send(producer, 5, first=1))

    assert cluster.stored_values() == values(6)


async def test_a_refused_record_does_not_hold_up_those_behind(cluster: Cluster, producer: Producer) -> None:
    await stored(await send(producer, 1))
    cluster.appends.append(lambda append: append.refuse(ErrorCode.INVALID_RECORD))

    refused, *others = await send(producer, 4, first=1)

    with pytest.raises(LogException, match="is not stored") as failure:
        await refused
    assert failure.value.code is ErrorCode.INVALID_RECORD
    assert [at.offset for at in await stored(others)] == [1, 2, 3]
    assert cluster.stored_values() == [b"0", b"2", b"3", b"4"]
    assert cluster.producer_ids == 2


async def test_a_partition_that_forgot_the_producer_gets_everything_under_another_id(
    cluster: Cluster, producer: Producer
) -> None:
    await stored(await send(producer, 1))
    cluster.appends.append(lambda append: append.refuse(ErrorCode.UNKNOWN_PRODUCER))

    await stored(await send(producer, 3, first=1))

    assert cluster.stored_values() == values(4)
    assert cluster.producer_ids == 2


async def test_one_that_is_told_to_go_away_goes_to_the_leader(cluster: Cluster, producer: Producer) -> None:
    def hand_over(append: Append) -> None:
        cluster.elect(1)
        append.send_away()

    cluster.appends.append(hand_over)

    assert (await stored(await send(producer, 3)))[0].leader_epoch == 2
    assert cluster.stored_values() == values(3)


@pytest.mark.parametrize("elected", [True, False])
async def test_a_silent_leader_is_left(cluster: Cluster, producer: Producer, elected: bool) -> None:
    """As soon as others name another one, or else when it has owed an answer for too long."""

    def fall_silent(append: Append) -> None:
        append.keep_silent()
        if elected:
            cluster.elect(1)

    cluster.appends.append(fall_silent)
    began = asyncio.get_running_loop().time()

    await stored(await send(producer, 1))

    took = asyncio.get_running_loop().time() - began
    assert (took < ATTEMPT_TIMEOUT) == elected
    assert cluster.stored_values() == values(1)


async def test_brokers_that_restart_are_found_again(cluster: Cluster, producer: Producer) -> None:
    await stored(await send(producer, 1))
    for broker in cluster.brokers:
        await broker.stop()
    later = await producer.send(ProducerRecord(TOPIC, b"1"))
    await asyncio.sleep(0)
    for broker in cluster.brokers:
        await broker.start()

    await stored([later])

    assert cluster.stored_values() == values(2)


@pytest.mark.parametrize(
    "behave, outcome",
    [
        (Append.keep_silent, "unknown"),
        (lambda append: append.refuse(ErrorCode.OVERLOADED), "not_appended"),
        (lambda append: append.refuse(ErrorCode.NO_QUORUM), "unknown"),
    ],
)
async def test_what_is_not_acknowledged_in_time_fails_and_says_whether_it_may_be_stored(
    cluster: Cluster, behave: Callable[[Append], None], outcome: str
) -> None:
    cluster.appends.append(behave)
    settings = ProducerSettings(linger=0, delivery_timeout=1.0)
    # After one refusal the time is over before the next attempt.
    patient = ClientSettings(cluster.bootstrap, retry_backoff_min=60, retry_backoff_max=60)
    async with FlotillaClient(patient) as client:
        async with client.producer(settings) as producer:
            with pytest.raises(LogException, match="delivery timeout of 1 s") as failure:
                await producer.send_and_wait(ProducerRecord(TOPIC, b"v"))
    assert failure.value.code is ErrorCode.TIMEOUT
    assert failure.value.details["outcome"] == outcome


async def test_a_topic_that_is_deleted_fails_its_records(cluster: Cluster, producer: Producer) -> None:
    await stored(await send(producer, 1))
    cluster.knows_topic = False

    def end_stream(append: Append) -> None:
        append.breaks = True

    cluster.appends.extend([end_stream] * 1_000)
    with pytest.raises(LogException) as failure:
        await asyncio.wait_for(producer.send_and_wait(ProducerRecord(TOPIC, b"v")), 10)
    assert failure.value.code is ErrorCode.UNKNOWN_TOPIC
    cluster.appends.clear()
