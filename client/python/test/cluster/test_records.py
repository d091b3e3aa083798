"""Records go in and come out as they are: within this client, and to and from the Java client, with every codec."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

import lines
from brokers import REPOSITORY, Brokers, flotilla
from flotilla import Compression, FlotillaClient, Position, ProducerRecord, ProducerSettings, TopicPartition

JAVA = Path(__file__).with_name("JavaRecords.java")


def java(action: str, brokers: Brokers, *topics: str, data: str = "") -> list[str]:
    jars = ":".join(map(str, sorted((REPOSITORY / "deploy/target/lib").glob("*.jar"))))
    done = subprocess.run(
        ["java", "-XX:TieredStopAtLevel=1", "-cp", jars, str(JAVA), action, brokers.bootstrap, *topics],
        input=data.encode(),
        stdout=subprocess.PIPE,
        check=True,
        timeout=120,
    )
    return done.stdout.decode().splitlines()


def read_all(client: FlotillaClient, topic: str) -> list[str]:
    partition = TopicPartition(topic, 0)
    read: list[str] = []
    with client.consumer() as consumer:
        consumer.assign([partition])
        end = consumer.end_offsets([partition])[partition]
        while consumer.position(partition) < end:
            read += map(lines.of, consumer.poll(10))
    return read


def write_all(client: FlotillaClient, topic: str, codec: Compression) -> None:
    # Batches of 4 KiB, so that there are many.
    with client.producer(ProducerSettings(compression=codec, batch_bytes=4096)) as producer:
        sent = [producer.send(record) for record in lines.examples(topic)]
        producer.flush()
        assert [stored.result(0).offset for stored in sent] == list(range(len(sent)))


EXPECTED = [lines.of(record) for record in lines.examples("any")]


def test_both_clients_read_what_this_one_wrote_with_every_codec(
    brokers: Brokers, client: FlotillaClient, new_topic: Callable[..., str]
) -> None:
    topics = {codec: new_topic() for codec in Compression}
    for codec, topic in topics.items():
        write_all(client, topic, codec)

    for codec, topic in topics.items():
        assert read_all(client, topic) == EXPECTED, codec
    assert java("read", brokers, *topics.values()) == EXPECTED * len(topics)


def test_this_client_reads_what_java_wrote_with_every_codec(
    brokers: Brokers, client: FlotillaClient, new_topic: Callable[..., str]
) -> None:
    topics = {codec: new_topic() for codec in Compression}

    java("write", brokers, *(f"{codec}={topic}" for codec, topic in topics.items()), data="\n".join(EXPECTED))

    for codec, topic in topics.items():
        assert read_all(client, topic) == EXPECTED, codec


def test_the_command_line_and_this_client_put_a_key_into_the_same_partition(
    brokers: Brokers, client: FlotillaClient, new_topic: Callable[..., str]
) -> None:
    topic = new_topic(partition_count=7)
    keys = [f"customer-{number}" for number in range(60)]
    flotilla(brokers.bootstrap, "produce", topic, "--key-separator", "=", data="\n".join(f"{k}=java" for k in keys).encode())
    with client.producer() as producer:
        for key in keys:
            producer.send(ProducerRecord(topic, b"python", key=key.encode()))

    printed = flotilla(brokers.bootstrap, "consume", topic, "--until", "end", "-q", "-f", r"%k %p %v\n").decode()

    placed: dict[str, set[str]] = {}
    for line in printed.splitlines():
        key, partition, _ = line.split()
        placed.setdefault(key, set()).add(partition)
    assert len(printed.splitlines()) == 2 * len(keys)
    assert sorted(placed) == sorted(keys)
    assert all(len(partitions) == 1 for partitions in placed.values())


@pytest.mark.parametrize("size", [0, 1, 900_000])
def test_a_record_of_any_size_that_the_topic_takes(
    client: FlotillaClient, new_topic: Callable[..., str], size: int
) -> None:
    topic = new_topic()
    with client.producer() as producer:
        stored = producer.send(ProducerRecord(topic, bytes(size))).result(30)
    assert stored.offset == 0 and stored.partition == TopicPartition(topic, 0)
    with client.consumer() as consumer:
        consumer.assign([stored.partition], Position.offset(0))
        (record,) = consumer.poll(10)
    assert record.value == bytes(size) and record.timestamp_millis == stored.timestamp_millis
