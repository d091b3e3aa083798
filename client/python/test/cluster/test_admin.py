"""The cluster asked about and changed."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from conftest import await_condition
from flotilla import (
    ClientSettings,
    ErrorCode,
    FlotillaClient,
    LogException,
    NewTopic,
    OperationState,
    Position,
    ProducerRecord,
    TopicPartition,
)


def test_a_topic_from_its_creation_to_its_end(client: FlotillaClient) -> None:
    admin = client.admin()
    made = admin.create_topic(NewTopic("life", 2, 3, {"retention.ms": "86400000"}))
    assert (made.partition_count, made.replication_factor) == (2, 3)
    assert made.config == {"retention.ms": "86400000"}

    with pytest.raises(LogException) as failure:
        admin.create_topic(NewTopic("life"))
    assert failure.value.code is ErrorCode.TOPIC_ALREADY_EXISTS
    assert "life" in [topic.name for topic in admin.list_topics()]

    assert admin.alter_topic_config("life", {"max.message.bytes": "2048"}, ["retention.ms"]).config == {
        "max.message.bytes": "2048"
    }
    assert admin.add_partitions("life", 3).partition_count == 3

    admin.delete_topic("life")
    assert "life" not in [topic.name for topic in admin.list_topics()]
    (deleted,) = [topic for topic in admin.list_deleted_topics() if topic.topic.name == "life"]
    assert deleted.topic.topic_id == made.topic_id and deleted.time_left.total_seconds() > 0
    assert admin.undelete_topic("life").topic_id == made.topic_id
    await_condition("the topic is back", lambda: admin.describe_topic("life").topic_id == made.topic_id)
    admin.delete_topic_now("life")
    assert admin.list_deleted_topics() == []


def test_errors_name_what_is_wrong(client: FlotillaClient) -> None:
    admin = client.admin()
    refusals = {
        ErrorCode.INVALID_TOPIC_NAME: lambda: admin.create_topic(NewTopic("no/name")),
        ErrorCode.INVALID_REPLICATION_FACTOR: lambda: admin.create_topic(NewTopic("wide", 1, 7)),
        ErrorCode.INVALID_CONFIG: lambda: admin.create_topic(NewTopic("odd", config={"colour": "red"})),
        ErrorCode.UNKNOWN_TOPIC: lambda: admin.describe_topic("missing"),
        ErrorCode.UNKNOWN_BROKER: lambda: admin.drain_broker(99),
        ErrorCode.UNKNOWN_OPERATION: lambda: admin.operation("0" * 32),
        ErrorCode.BROKER_NOT_AVAILABLE: lambda: admin.describe_broker(99),
    }
    for code, call in refusals.items():
        with pytest.raises(LogException) as failure:
            call()  # type: ignore[no-untyped-call]
        assert failure.value.code is code, failure.value


def test_the_cluster_and_its_brokers(client: FlotillaClient, new_topic: Callable[..., str]) -> None:
    topic = new_topic()
    admin = client.admin()
    cluster = admin.describe_cluster()
    assert [broker.broker_id for broker in cluster.brokers] == [1, 2, 3]
    assert cluster.metadata_voter_broker_ids and cluster.feature_level >= 1
    status = admin.describe_broker(2)
    assert status.broker_id == 2 and status.cluster_id == cluster.cluster_id
    assert TopicPartition(topic, 0) in [replica.partition for replica in status.replicas]
    assert admin.describe_broker(cluster.brokers[0].address).broker_id == 1


def test_operations_are_begun_and_looked_at(client: FlotillaClient, new_topic: Callable[..., str]) -> None:
    topic = new_topic()
    admin = client.admin()
    begun = admin.change_replication_factor(topic, 1)
    assert (begun.job, begun.concerns) == ("replication", topic)

    await_condition("the operation is done", lambda: admin.operation(begun.id).state is OperationState.DONE)
    assert begun.id in [operation.id for operation in admin.operations()]
    assert len(admin.describe_topic(topic).partitions[0].replica_broker_ids) == 1


def test_records_that_do_not_fit_fail_and_do_not_hold_up_others(
    client: FlotillaClient, new_topic: Callable[..., str]
) -> None:
    topic = new_topic(**{"max.message.bytes": "2000"})
    with client.producer() as producer:
        first = producer.send(ProducerRecord(topic, b"a"))
        large = producer.send(ProducerRecord(topic, bytes(5000)))
        elsewhere = producer.send(ProducerRecord(topic, b"x", partition=1))
        last = producer.send(ProducerRecord(topic, b"b"))

        assert (first.result(30).offset, last.result(30).offset) == (0, 1)
        for failed, code in ((large, ErrorCode.RECORD_TOO_LARGE), (elsewhere, ErrorCode.UNKNOWN_PARTITION)):
            failure = failed.exception(30)
            assert isinstance(failure, LogException) and failure.code is code, failure
            assert failure.details["outcome"] == "not_appended"
    with pytest.raises(RuntimeError, match="closed"):
        producer.send(ProducerRecord(topic, b"late"))


def test_an_unknown_topic_fails_its_records(hasty_client: FlotillaClient) -> None:
    with hasty_client.producer() as producer:
        failure = producer.send(ProducerRecord("missing", b"v")).exception(30)
    assert isinstance(failure, LogException) and failure.code is ErrorCode.UNKNOWN_TOPIC


def test_partitions_that_were_added_are_used(client: FlotillaClient, new_topic: Callable[..., str]) -> None:
    topic = new_topic()
    with client.producer() as producer:
        producer.send(ProducerRecord(topic, b"v", partition=0)).result(30)
        client.admin().add_partitions(topic, 2)
        assert producer.send(ProducerRecord(topic, b"v", partition=1)).result(30).partition.partition == 1
    ends = client.admin().list_offsets({TopicPartition(topic, number): Position.end() for number in (0, 1)})
    assert set(ends.values()) == {1}


def test_a_cluster_that_does_not_answer_is_a_timeout() -> None:
    with FlotillaClient(ClientSettings("127.0.0.1:1", request_timeout=0.5)) as nobody:
        with pytest.raises(LogException, match="127.0.0.1:1") as failure:
            nobody.admin().list_topics()
        assert failure.value.code is ErrorCode.TIMEOUT
        with nobody.producer() as producer:
            producer.close(timeout=0)
