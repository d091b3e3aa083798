"""The small rules: retries, credit, leaders, partitions, room, addresses and settings."""

import random
from concurrent.futures import Future

import pytest

from flotilla import (
    BrokerAddress,
    ClientSettings,
    Compression,
    ConsumerSettings,
    LogException,
    ProducerRecord,
    ProducerSettings,
    RecordHeader,
)
from flotilla._consumer.credit import CreditAccount
from flotilla._metadata.topic_view import PartitionLeader, TopicView
from flotilla._producer.budget import BufferBudget
from flotilla._producer.partitioner import Partitioner
from flotilla._record.key_hash import partition_of
from flotilla._transport.directory import BrokerDirectory
from flotilla._transport.retries import RetrySchedule

A, B, C = (BrokerAddress("broker", port) for port in (1, 2, 3))


def view(*leaders: PartitionLeader, topic_id: str = "id") -> TopicView:
    return TopicView("orders", topic_id, {}, leaders)


def grant_of(account: CreditAccount) -> int | None:
    """The total that is to be announced now."""
    return account.grant() if account.grant_is_due else None


def test_pauses_double_up_to_the_longest_and_begin_anew_after_a_success() -> None:
    schedule = RetrySchedule(0.1, 1.0, random.Random(1))

    for ceiling in (0.1, 0.2, 0.4, 0.8, 1.0, 1.0):
        assert ceiling / 2 <= schedule.next_delay() <= ceiling
    schedule.succeeded()
    assert schedule.next_delay() <= 0.1


def test_the_first_retry_towards_a_named_leader_does_not_wait() -> None:
    schedule = RetrySchedule(0.1, 1.0)

    assert schedule.next_delay(leader_named=True) == 0
    assert schedule.next_delay(leader_named=True) > 0


def test_credit_is_an_absolute_total_worth_a_message() -> None:
    account = CreditAccount(100)
    assert grant_of(account) == 100

    account.received(60)
    account.returned(20)
    assert grant_of(account) is None, "20 is less than a quarter of the window"
    account.returned(10)
    assert grant_of(account) == 130


def test_credit_used_up_is_granted_anew_however_little() -> None:
    account = CreditAccount(100)
    account.grant()
    account.received(150)
    assert not account.has_credit

    account.returned(1)
    assert account.grant_is_due


def test_a_later_epoch_beats_an_earlier_one() -> None:
    known = view(PartitionLeader(5, A))

    assert known.merge(view(PartitionLeader(4, B))).leader_of(0) == A
    assert known.merge(view(PartitionLeader(6, B))).leader_of(0) == B
    assert known.merge(view(PartitionLeader(1, B), topic_id="another")).leader_of(0) == B


def test_any_word_counts_about_a_leader_that_proved_wrong() -> None:
    distrusted = view(PartitionLeader(5, A)).distrust(0, A)

    assert distrusted.leader_of(0) is None
    assert distrusted.hear(0, PartitionLeader(5, B)).leader_of(0) == B
    assert view(PartitionLeader(5, A)).distrust(0, B).leader_of(0) == A, "another one failed"


def test_partitions_that_were_added_are_taken_over() -> None:
    grown = view(PartitionLeader(5, A)).merge(view(PartitionLeader(3, B), PartitionLeader(1, C)))

    assert [grown.leader_of(number) for number in range(3)] == [A, C, None]


def test_a_key_decides_and_a_named_partition_beats_it() -> None:
    topic = view(*(PartitionLeader(1, A) for _ in range(6)))
    partitioner = Partitioner(100)

    assert partitioner.partition_of(ProducerRecord("orders", key=b"k"), topic, 10) == partition_of(b"k", 6)
    assert partitioner.partition_of(ProducerRecord("orders", key=b"k", partition=5), topic, 10) == 5
    with pytest.raises(LogException, match="UNKNOWN_PARTITION.*partitions 0 to 5"):
        partitioner.partition_of(ProducerRecord("orders", partition=6), topic, 10)


def test_records_without_key_stay_for_a_batch_and_avoid_partitions_without_leader() -> None:
    topic = view(PartitionLeader(1, None), *(PartitionLeader(1, A) for _ in range(20)))
    partitioner = Partitioner(100, random.Random(1))
    record = ProducerRecord("orders", b"v")

    chosen = [partitioner.partition_of(record, topic, 50) for _ in range(200)]

    assert all(chosen[at] == chosen[at + 1] for at in range(0, 200, 2))
    assert len(set(chosen)) > 10
    assert 0 not in chosen


def test_who_waits_for_room_gets_it_in_line() -> None:
    budget = BufferBudget(10)
    assert budget.take(8) is None
    large, small = budget.take(5), budget.take(1)
    assert isinstance(large, Future) and isinstance(small, Future)

    budget.give_back(2)
    assert not large.done() and not small.done(), "the small one does not overtake"
    budget.leave(5, large)
    assert small.done()
    assert budget.bytes_taken == 7


def test_who_leaves_after_having_got_room_gives_it_back() -> None:
    budget = BufferBudget(10)
    budget.take(10)
    ticket = budget.take(4)
    assert ticket is not None
    budget.give_back(10)
    assert ticket.done() and budget.bytes_taken == 4

    budget.leave(4, ticket)
    assert budget.bytes_taken == 0


def test_brokers_that_failed_come_last() -> None:
    directory = BrokerDirectory([A])
    directory.learn([B, C])
    assert directory.in_order() == [B, C, A]

    directory.failed(B)
    directory.failed(B)
    assert directory.in_order() == [C, A, B]


def test_reads_addresses() -> None:
    assert BrokerAddress.parse_list("one:9,two , [::1]:7,[::2]") == (
        ("one", 9),
        ("two", 9094),
        ("::1", 7),
        ("::2", 9094),
    )
    assert str(BrokerAddress("::1", 7)) == "[::1]:7"
    for malformed in ("", ":9", "one:x", "one:0", "one:65536", "[::1", "[::1]9"):
        with pytest.raises(ValueError):
            BrokerAddress.parse(malformed)


@pytest.mark.parametrize(
    "make, name",
    [
        (lambda: ClientSettings(""), "bootstrap"),
        (lambda: ClientSettings("one", request_timeout=0.01), "request_timeout"),
        (lambda: ClientSettings("one", retry_backoff_max=0.01), "retry_backoff_max"),
        (lambda: ProducerSettings(batch_bytes=1), "batch_bytes"),
        (lambda: ProducerSettings(in_flight_batches=6), "in_flight_batches"),
        (lambda: ProducerSettings(linger=1.0, delivery_timeout=1.0), "delivery_timeout"),
        (lambda: ConsumerSettings(prefetch_bytes=1), "prefetch_bytes"),
        (lambda: ConsumerSettings(heartbeat_interval=31), "heartbeat_interval"),
    ],
)
def test_names_the_setting_at_fault(make, name: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ValueError, match=name):
        make()


def test_a_record_is_checked_when_it_is_made() -> None:
    assert ProducerRecord("t", headers=[("k", None)]).headers == (RecordHeader("k", None),)
    assert "secret" not in repr(ProducerRecord("t", b"secret", key=b"secret"))
    with pytest.raises(ValueError, match="topic"):
        ProducerRecord("")
    with pytest.raises(TypeError, match="value is str"):
        ProducerRecord("t", "text")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="partition -1"):
        ProducerRecord("t", partition=-1)


def test_codecs_go_by_name_and_number() -> None:
    assert Compression.of_name("ZSTD") is Compression.of_id(4) is Compression.ZSTD
    with pytest.raises(LogException, match="codec br is unknown"):
        Compression.of_name("br")
