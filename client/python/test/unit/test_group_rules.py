"""The rules of a group's member: what is taken and given, what counts as processed, what is committed, whom to ask."""

import threading

import pytest

from flotilla import BrokerAddress, CommittedOffset, ConsumerRecord, ErrorCode, GroupSettings, NotLeader, TopicPartition
from flotilla._group.assignment import Assignment, Tenure
from flotilla._group.coordinator import Coordinator
from flotilla._group.errands import Errands
from flotilla._group.progress import Progress
from flotilla._group.ready import ReadyRecords
from flotilla._transport.directory import BrokerDirectory
from flotilla._transport.failure import Failure, LeaderHint
from flotilla._transport.loop_thread import LoopThread
from flotilla.v1 import common_pb2
from flotilla.v1 import group_service_pb2 as groups

P0, P1, P2 = (TopicPartition("orders", number) for number in range(3))
SINCE_3, SINCE_5 = Tenure("id", 3), Tenure("id", 5)
A, B, C = (BrokerAddress("broker", port) for port in (1, 2, 3))


def assigned(partition: TopicPartition, since_epoch: int) -> groups.AssignedPartition:
    where = common_pb2.TopicPartition(topic=partition.topic, partition=partition.partition)
    return groups.AssignedPartition(partition=where, topic_id="id", since_epoch=since_epoch)


def record(partition: TopicPartition, offset: int) -> ConsumerRecord:
    return ConsumerRecord(partition, offset, 0, None, None, ())


def test_an_assignment_takes_and_gives() -> None:
    told = groups.GroupAssignment(version=7, member_epoch=5, partitions=[assigned(P0, 3), assigned(P1, 5)])
    told.revoked.append(assigned(P2, 3))
    told.revoke_within.FromMilliseconds(1500)

    assignment = Assignment.of(told, 100.0)

    assert (assignment.version, assignment.member_epoch, assignment.revoke_by) == (7, 5, 101.5)
    assert assignment.taken_from({P0: SINCE_3, P2: SINCE_3}) == {P2} == assignment.revoked
    assert assignment.given_beyond({P0}) == {P1: SINCE_5}


def test_a_partition_held_anew_is_taken_first() -> None:
    assignment = Assignment(partitions={P0: SINCE_5})

    assert assignment.taken_from({P0: SINCE_3}) == {P0}
    assert assignment.given_beyond(()) == {P0: SINCE_5}


def test_only_what_is_processed_and_not_committed_is_to_be_committed() -> None:
    progress = Progress(1.0, 0.0)
    held = {P0: SINCE_3, P1: SINCE_3}
    progress.begins(P0, SINCE_3, 10)

    progress.processed({P0: 10, P1: 4, P2: 9})
    assert progress.uncommitted(held, held) == {P1: CommittedOffset(4)}, "P0 is committed, P2 is not held"
    progress.committed(held, {P1: CommittedOffset(4)})
    assert progress.uncommitted(held, held) == {}
    progress.processed({P0: 12, P1: 4})
    assert progress.uncommitted(held, [P1]) == {}
    assert progress.uncommitted(held, held) == {P0: CommittedOffset(12)}


def test_what_was_committed_in_an_earlier_tenure_does_not_count() -> None:
    progress = Progress(1.0, 0.0)
    progress.committed({P0: SINCE_3}, {P0: CommittedOffset(4)})
    progress.processed({P0: 4})

    assert progress.uncommitted({P0: SINCE_5}, [P0]) == {P0: CommittedOffset(4)}
    progress.forget([P0, P1])
    assert progress.uncommitted({P0: SINCE_5}, [P0]) == {}


def test_commits_of_its_own_have_a_pace() -> None:
    progress = Progress(1.0, 100.0)

    assert progress.due_at == 101.0 and not progress.takes_turn(100.9)
    assert progress.takes_turn(101.5) and progress.due_at == 102.5
    never = Progress(0, 100.0)
    assert never.due_at is None and not never.takes_turn(1e9) and not never.commits_itself


def test_what_the_user_has_not_seen_is_not_returned_yet() -> None:
    ready = ReadyRecords()
    ready.add([record(P0, 4), record(P0, 6), record(P1, 9), record(P0, 7)])

    assert ready.take() == record(P0, 4)
    assert ready.first_offsets() == {P0: 6, P1: 9}
    ready.drop([P0])
    assert ready.take_all() == [record(P1, 9)]
    assert not ready and ready.take() is None and ready.first_offsets() == {}


def test_the_coordinator_is_who_answered_or_was_named() -> None:
    brokers = BrokerDirectory([A, B, C])
    coordinator = Coordinator(brokers)
    assert coordinator.broker == A

    assert not coordinator.failed(A, Failure.of(ErrorCode.BROKER_NOT_AVAILABLE, "down"))
    assert coordinator.broker == B, "the next in line"
    names_c = Failure(NotLeader("not me", 4, C), LeaderHint(P0, 4, C))
    assert coordinator.failed(B, names_c)
    assert coordinator.broker == C
    coordinator.is_at(A)
    assert not coordinator.failed(C, Failure.of(ErrorCode.TIMEOUT, "silent")), "an old failure of another"
    assert coordinator.broker == A


def test_settings_name_what_is_wrong() -> None:
    assert GroupSettings("g", "orders").topics == ("orders",)
    assert GroupSettings("g", ["b", "a", "b"]).topics == ("a", "b")
    with pytest.raises(ValueError, match="group"):
        GroupSettings(" ", "orders")
    assert GroupSettings("g", topic_pattern="orders-.*").topics == ()
    with pytest.raises(ValueError, match="topics"):
        GroupSettings("g", [])
    with pytest.raises(ValueError, match="topic_pattern"):
        GroupSettings("g", "orders", topic_pattern="")
    with pytest.raises(ValueError, match="instance_id"):
        GroupSettings("g", "orders", instance_id="")
    with pytest.raises(ValueError, match="poll_interval_max"):
        GroupSettings("g", "orders", poll_interval_max=0.5)
    with pytest.raises(ValueError, match="negative"):
        CommittedOffset(-1)


def test_errands_are_done_by_the_thread_that_waits() -> None:
    errands = Errands(LoopThread.shared())
    threads = []

    async def work() -> int:
        await errands.do(lambda: threads.append(threading.current_thread()))
        with pytest.raises(ValueError, match="as the listener says"):
            await errands.do(fail)
        return 42

    def fail() -> None:
        raise ValueError("as the listener says")

    assert errands.run(work()) == 42
    assert threads == [threading.current_thread()]


def test_what_ends_the_thread_does_not_end_the_loop() -> None:
    errands = Errands(LoopThread.shared())
    ends = []

    def interrupt() -> None:
        raise KeyboardInterrupt

    async def work() -> None:
        try:
            await errands.do(interrupt)
        finally:
            ends.append("work")

    with pytest.raises(KeyboardInterrupt):
        errands.run(work())
    assert ends == ["work"], "its end is waited for"

    async def more() -> int:
        return 1

    assert errands.run(more()) == 1
