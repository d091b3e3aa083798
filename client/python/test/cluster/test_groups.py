"""Members of a group: who reads what, what is committed, and where the next one begins."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from brokers import Brokers, flotilla
from conftest import await_condition
from flotilla import (
    CommittedOffset,
    ConsumerRecord,
    ConsumerSettings,
    ErrorCode,
    FlotillaClient,
    GroupAssignor,
    GroupConsumer,
    GroupSettings,
    GroupState,
    LogException,
    NewTopic,
    OffsetOutOfRange,
    OutOfRangePolicy,
    Position,
    TopicPartition,
    WakeupException,
)
from groups import SESSION, Member, fill, poll_until

COUNT = 50


def settings(topic: str, **others: object) -> GroupSettings:
    return GroupSettings(f"group-{topic}", topic, session_timeout=SESSION, **others)  # type: ignore[arg-type]


def offsets(client: FlotillaClient, topic: str) -> dict[int, int]:
    """What the group has committed, by partition."""
    committed = client.admin().groups().committed(f"group-{topic}")
    return {partition.partition: at.offset for partition, at in committed.items()}


def test_partitions_are_shared_and_handed_over_without_loss_or_repetition(
    client: FlotillaClient, new_topic: Callable[..., str]
) -> None:
    topic = new_topic(partition_count=4)
    partitions = {TopicPartition(topic, number) for number in range(4)}
    fill(client, topic, 4, COUNT)
    with Member(client, settings(topic, reading=ConsumerSettings(poll_records_max=10))) as one:
        poll_until("one member reads all", lambda: len(one.processed) > 10, one)
        assert one.consumer.assignment == partitions
        with Member(client, settings(topic)) as two:
            poll_until("they share", lambda: len(two.consumer.assignment) == 2, one, two)
            assert one.consumer.assignment | two.consumer.assignment == partitions
            assert [kind for kind, _ in one.heard] == ["assigned", "revoked"]
            fill(client, topic, 4, COUNT)
            poll_until("all is read", lambda: len(one.processed | two.processed) == 8 * COUNT, one, two)
        assert two.heard[-1] == ("revoked", two.heard[0][1])
        fill(client, topic, 4, COUNT)
        poll_until("one has all again", lambda: len(one.processed | two.processed) == 12 * COUNT, one)

    assert (one.processed + two.processed).most_common(1)[0][1] == 1, "none came twice"
    assert client.admin().groups().describe(f"group-{topic}").state is GroupState.EMPTY


def test_what_was_returned_last_is_processed_only_once_the_next_is_asked_for(
    client: FlotillaClient, new_topic: Callable[..., str]
) -> None:
    topic = new_topic()
    fill(client, topic, 1, COUNT)
    reading = ConsumerSettings(poll_records_max=10)

    with client.group_consumer(settings(topic, reading=reading)) as consumer:
        assert len(consumer.poll(30)) == 10
        assert len(consumer.poll(30)) == 10
    assert offsets(client, topic) == {0: 10}

    with pytest.raises(ZeroDivisionError), client.group_consumer(settings(topic, reading=reading)) as consumer:
        for record in consumer:
            assert 10 <= record.offset <= 15
            1 // (15 - record.offset)
    assert offsets(client, topic) == {0: 15}

    with client.group_consumer(settings(topic, reading=reading)) as consumer:
        assert next(consumer).offset == 15
        consumer.commit()
        assert next(consumer).offset == 16
        assert [record.offset for record in consumer.poll(30)] == list(range(17, 25)), "the rest of what was read"
    assert offsets(client, topic) == {0: 17}


def test_commits_by_hand_have_an_order_and_metadata_and_outlive_members(
    client: FlotillaClient, new_topic: Callable[..., str]
) -> None:
    topic = new_topic()
    partition = TopicPartition(topic, 0)
    fill(client, topic, 1, COUNT)
    by_hand = settings(topic, auto_commit_interval=0)

    with client.group_consumer(by_hand) as consumer:
        assert len(consumer.poll(30)) == COUNT
        assert consumer.committed([partition]) == {}
        sent = [consumer.commit_async({partition: CommittedOffset(number)}) for number in range(20)]
        consumer.commit({partition: CommittedOffset(20, "half-way", 3)})
        assert all(future.done() and future.exception() is None for future in sent)
        assert consumer.committed([partition]) == {partition: CommittedOffset(20, "half-way", 3)}
        with pytest.raises(ValueError, match="not assigned"):
            consumer.commit({TopicPartition(topic, 1): CommittedOffset(1)})
        with pytest.raises(LogException) as failure:
            consumer.commit({partition: CommittedOffset(21, "x" * 5_000)})
        assert failure.value.code is ErrorCode.OFFSET_METADATA_TOO_LARGE

    with client.group_consumer(by_hand) as consumer:
        assert next(consumer).offset == 20
        consumer.commit_async().result(30)
    assert offsets(client, topic) == {0: 21}


def test_a_member_seeks_pauses_and_knows_where_it_is(client: FlotillaClient, new_topic: Callable[..., str]) -> None:
    topic = new_topic()
    partition = TopicPartition(topic, 0)
    fill(client, topic, 1, COUNT)
    with client.group_consumer(settings(topic, reading=ConsumerSettings(poll_records_max=5))) as consumer:
        assert next(consumer).offset == 0
        assert (consumer.position(partition), consumer.lag(partition)) == (1, COUNT - 1)
        assert consumer.high_watermark(partition) == COUNT

        consumer.pause([partition])
        assert consumer.paused == {partition} and consumer.poll(0.3) == []
        consumer.resume([partition])
        assert next(consumer).offset == 1, "what was read ahead comes again"

        consumer.seek(partition, Position.offset(40))
        assert next(consumer).offset == 40
        consumer.seek(partition, Position.beginning())
        assert next(consumer).offset == 0


def test_a_member_that_does_not_ask_for_records_is_fenced_and_comes_back(
    client: FlotillaClient, new_topic: Callable[..., str]
) -> None:
    topic = new_topic()
    partition = TopicPartition(topic, 0)
    fill(client, topic, 1, COUNT)
    with Member(client, settings(topic, poll_interval_max=1)) as idle:
        poll_until("it reads", lambda: len(idle.processed) == COUNT, idle)
        with Member(client, settings(topic)) as other:
            poll_until("another has its partition", lambda: len(other.processed) == COUNT, other)

            with pytest.raises(LogException) as failure:
                idle.consumer.commit()
            assert failure.value.code in (ErrorCode.UNKNOWN_MEMBER, ErrorCode.FENCED_MEMBER_EPOCH)
            other.consumer.commit()
            idle.step()
            assert idle.heard == [("assigned", frozenset({partition})), ("lost", frozenset({partition}))]
            assert idle.consumer.assignment == frozenset()
        poll_until("it is back", lambda: idle.consumer.assignment == {partition}, idle)
        assert set(idle.processed.values()) == {1}, "it goes on where the other had come to"


def test_an_offset_that_is_gone_is_an_error_or_a_place_to_go_on(
    client: FlotillaClient, new_topic: Callable[..., str]
) -> None:
    topic = new_topic()
    partition = TopicPartition(topic, 0)
    fill(client, topic, 1, COUNT)
    client.admin().groups().reset(f"group-{topic}", {partition: 5})
    client.admin().trim(partition, 30)

    with client.group_consumer(settings(topic)) as consumer:
        for _ in range(2):
            with pytest.raises(OffsetOutOfRange, match="seek elsewhere"):
                consumer.poll(30)
    assert offsets(client, topic) == {0: 5}
    earliest = ConsumerSettings(out_of_range=OutOfRangePolicy.EARLIEST)
    with client.group_consumer(settings(topic, reading=earliest)) as consumer:
        assert next(consumer).offset == 30


def test_a_static_member_finds_its_place(client: FlotillaClient, new_topic: Callable[..., str]) -> None:
    topic = new_topic(partition_count=2)
    fill(client, topic, 2, COUNT)
    patient = settings(topic, instance_id="one")
    with Member(client, settings(topic, instance_id="two")) as two:
        with Member(client, patient) as before:
            poll_until(
                "they share",
                lambda: len(two.consumer.assignment) == len(before.consumer.assignment) == 1,
                two,
                before,
            )
            place = before.consumer.assignment
        epoch = client.admin().groups().describe(f"group-{topic}").epoch
        heard = list(two.heard)
        with Member(client, patient) as after:
            poll_until("it is back", lambda: after.consumer.assignment == place, two, after)
            assert two.heard == heard
            assert client.admin().groups().describe(f"group-{topic}").epoch == epoch


def test_a_listener_may_commit_and_what_it_raises_the_poll_raises(
    client: FlotillaClient, new_topic: Callable[..., str]
) -> None:
    topic = new_topic(partition_count=2)
    fill(client, topic, 2, COUNT)

    class Careful(Member):
        """Commits by hand, fails once, and keeps nobody waiting for that."""

        def on_revoked(self, partitions: frozenset[TopicPartition]) -> None:
            super().on_revoked(partitions)
            self.consumer.commit({partition: CommittedOffset(7) for partition in partitions})
            with pytest.raises(RuntimeError, match="in use"):
                self.consumer.poll(0)
            if len(partitions) == 1 and len(self.heard) == 2:
                raise ArithmeticError("as the listener says")

    by_hand = settings(topic, auto_commit_interval=0)
    with Careful(client, by_hand) as one:
        poll_until("it reads all", lambda: len(one.processed) == 2 * COUNT, one)
        with Member(client, by_hand) as two:
            with pytest.raises(ArithmeticError):
                poll_until("never", lambda: False, one, two)
            poll_until("two reads what one gave up", lambda: len(two.processed) == COUNT - 7, one, two)


def test_another_thread_may_wake_it_up_and_nothing_else(
    client: FlotillaClient, new_topic: Callable[..., str]
) -> None:
    topic = new_topic()
    with client.group_consumer(settings(topic)) as consumer:
        consumer.wakeup()
        with pytest.raises(WakeupException):
            consumer.poll(30)
        waker = threading.Timer(0.3, consumer.wakeup)
        waker.start()
        assert list(consumer) == [], "a wake-up ends the iteration"
        waker.join()

        refusals = _call_from_another_thread(consumer)
        assert len(refusals) == 1 and "not thread-safe" in str(refusals[0])
    with pytest.raises(RuntimeError, match="closed"):
        consumer.poll(0)
    consumer.close()


def _call_from_another_thread(consumer: GroupConsumer) -> list[Exception]:
    refusals: list[Exception] = []

    def disturb() -> None:
        try:
            consumer.poll(0)
        except RuntimeError as refused:
            refusals.append(refused)

    with consumer._alone():
        other = threading.Thread(target=disturb)
        other.start()
        other.join()
    return refusals


def test_a_loop_processes_on_a_thread_of_its_own(client: FlotillaClient, new_topic: Callable[..., str]) -> None:
    topic = new_topic()
    fill(client, topic, 1, COUNT)
    handled: list[int] = []
    loop_is_known = threading.Event()
    by_steps = settings(topic, auto_commit_interval=3600, reading=ConsumerSettings(poll_records_max=10))

    def handle(records: list[ConsumerRecord]) -> None:
        handled.extend(record.offset for record in records)
        if len(handled) == 20:
            assert loop_is_known.wait(30)
            loop.close()

    with client.consume(by_steps, handle) as loop:
        loop_is_known.set()
        assert loop.end.result(30) is None
    assert (handled, offsets(client, topic)) == (list(range(20)), {0: 20})

    def fail(records: list[ConsumerRecord]) -> None:
        raise ArithmeticError(records[0].offset)

    with client.consume(by_steps, fail) as loop:
        with pytest.raises(ArithmeticError, match="20"):
            loop.end.result(30)
    assert offsets(client, topic) == {0: 20}


def test_groups_are_looked_at_and_changed(client: FlotillaClient, new_topic: Callable[..., str]) -> None:
    topic = new_topic(partition_count=2)
    group = f"group-{topic}"
    zero, one = (TopicPartition(topic, number) for number in range(2))
    fill(client, topic, 2, COUNT)
    admin = client.admin().groups()
    admin.reset(group, {zero: 3, one: 4})
    assert admin.committed(group) == {zero: CommittedOffset(3), one: CommittedOffset(4)}

    with Member(client, settings(topic, client_id="tests", assignor=GroupAssignor.RANGE)) as member:
        poll_until("it has both", lambda: len(member.consumer.assignment) == 2, member)
        described = admin.describe(group)
        assert (described.state, described.assignor) == (GroupState.STABLE, GroupAssignor.RANGE)
        (only,) = described.members
        assert (only.client_id, only.instance_id, only.topics) == ("tests", None, (topic,))
        assert only.partitions == (zero, one) and not only.away
        assert described.rebalances and described.empty_since is None
        with pytest.raises(LogException) as failure:
            admin.reset(group, {zero: 0})
        assert failure.value.code is ErrorCode.GROUP_NOT_EMPTY
        with pytest.raises(LogException) as failure:
            admin.delete(group)
        assert failure.value.code is ErrorCode.GROUP_NOT_EMPTY

    (summary,) = [each for each in admin.list_groups() if each.group == group]
    assert (summary.state, summary.member_count, summary.offset_count) == (GroupState.EMPTY, 0, 2)
    assert admin.forget(group, [zero]) == 1 and admin.committed(group).keys() == {one}
    admin.delete(group)
    with pytest.raises(LogException) as failure:
        admin.describe(group)
    assert failure.value.code is ErrorCode.UNKNOWN_GROUP


def test_a_python_member_and_a_java_member_share_a_group(
    brokers: Brokers, client: FlotillaClient, new_topic: Callable[..., str]
) -> None:
    topic = new_topic(partition_count=2)
    fill(client, topic, 2, COUNT)
    printed: list[str] = []

    def java() -> None:
        arguments = ("consume", topic, "-g", f"group-{topic}", "-n", str(COUNT), "-f", "%p %o\\n")
        printed.extend(flotilla(brokers.bootstrap, *arguments).decode().splitlines())

    with Member(client, settings(topic)) as python:
        poll_until("it reads all", lambda: len(python.processed) == 2 * COUNT, python)
        other = threading.Thread(target=java)
        other.start()
        poll_until("they share", lambda: len(python.consumer.assignment) == 1, python)
        fill(client, topic, 2, COUNT)
        poll_until("Java has read its share", lambda: not other.is_alive(), python)
        poll_until("all is read", lambda: len(python.processed) + len(printed) == 4 * COUNT, python)

    theirs = [(TopicPartition(topic, int(line.split()[0])), int(line.split()[1])) for line in printed]
    assert len(theirs) == COUNT
    assert len(python.processed.keys() | set(theirs)) == 4 * COUNT, "none came twice"
    await_condition("both have committed", lambda: offsets(client, topic) == {0: 2 * COUNT, 1: 2 * COUNT})


def test_topics_that_match_a_pattern_are_read_and_so_are_later_ones(
    client: FlotillaClient, new_topic: Callable[..., str]
) -> None:
    first = new_topic()
    fill(client, first, 1, COUNT)
    by_pattern = GroupSettings(f"group-{first}", topic_pattern=f"{first}(-later)?", session_timeout=SESSION)
    later = f"{first}-later"
    with Member(client, by_pattern) as one:
        poll_until("what is there is read", lambda: len(one.processed) == COUNT, one)
        client.admin().create_topic(NewTopic(later, 1, 1))
        fill(client, later, 1, COUNT)
        poll_until("what came later is read", lambda: len(one.processed) == 2 * COUNT, one)
        one.consumer.subscribe_pattern(later)
        poll_until("the first is given up", lambda: one.consumer.assignment == {TopicPartition(later, 0)}, one)

    malformed = GroupSettings(f"group-{first}-malformed", topic_pattern="(", session_timeout=SESSION)
    with client.group_consumer(malformed) as consumer, pytest.raises(LogException) as refused:
        while True:  # until the coordinator has answered
            consumer.poll(1)
    assert refused.value.code is ErrorCode.INVALID_REQUEST
