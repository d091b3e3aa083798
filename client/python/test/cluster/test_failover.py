"""Leaders move and brokers die while records go in and out: each record once, in order, and none lost."""

from __future__ import annotations

import time
from collections.abc import Callable

from brokers import Brokers
from conftest import await_all_in_service, await_condition
from flotilla import FlotillaClient, ProducerRecord, ProducerSettings, TopicPartition
from flotilla.consumer import Consumer

COUNT = 4_000


class Traffic:
    """Numbered records, sent one after the other and read at the same time."""

    def __init__(self, client: FlotillaClient, topic: str) -> None:
        self._client = client
        self.partition = TopicPartition(topic, 0)
        self.read: list[int] = []

    def run(self, interfere: Callable[[], None]) -> None:
        """Interferes once a quarter is sent."""
        settings = ProducerSettings(linger=0.001, batch_bytes=2048)
        with self._client.producer(settings) as producer, self._client.consumer() as consumer:
            consumer.assign([self.partition])
            sent = []
            for number in range(COUNT):
                sent.append(producer.send(ProducerRecord(self.partition.topic, b"%d" % number, partition=0)))
                if number % 100 == 0:
                    self._poll(consumer, 0.02)
                if number == COUNT // 4:
                    interfere()
            producer.flush()
            stored = [future.result(0) for future in sent]
            deadline = time.monotonic() + 60
            while len(self.read) < COUNT and time.monotonic() < deadline:
                self._poll(consumer, 1)
        assert self.read == list(range(COUNT))
        assert [at.offset for at in stored] == list(range(COUNT)), "offsets in the order of sending"
        assert stored[-1].leader_epoch > stored[0].leader_epoch

    def _poll(self, consumer: Consumer, timeout: float) -> None:
        self.read += [int(record.value or b"") for record in consumer.poll(timeout)]


def leader_of(client: FlotillaClient, topic: str) -> int:
    """-1 while nobody leads."""
    leader = client.admin().describe_topic(topic).partitions[0].leader_broker_id
    return -1 if leader is None else leader


def test_a_leader_that_hands_over_is_followed(client: FlotillaClient, new_topic: Callable[..., str]) -> None:
    topic = new_topic()
    leader = leader_of(client, topic)

    def drain() -> None:
        client.admin().drain_broker(leader)
        await_condition("another leader", lambda: leader_of(client, topic) not in (-1, leader))

    try:
        Traffic(client, topic).run(drain)
    finally:
        client.admin().undrain_broker(leader)
    await_all_in_service(client)


def test_a_leader_that_dies_is_replaced(
    brokers: Brokers, client: FlotillaClient, new_topic: Callable[..., str]
) -> None:
    topic = new_topic()
    leader = leader_of(client, topic)

    Traffic(client, topic).run(lambda: brokers.kill(leader))

    brokers.start(leader)
    await_all_in_service(client)
