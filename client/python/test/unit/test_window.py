"""The rules of sequences, order and retries; the same cases as Java's InFlightWindowTest."""

import random

import pytest

from flotilla._producer.window import Failed, InFlightWindow, ProducerIdentity
from flotilla.errors import ErrorCode
from partition import Partition


@pytest.fixture
def window() -> InFlightWindow[str]:
    begun: InFlightWindow[str] = InFlightWindow(5)
    begun.begin(ProducerIdentity(7, 0))
    return begun


def send_all(window: InFlightWindow[str]) -> list[str]:
    sent = []
    while (entry := window.next_to_send()) is not None:
        window.sent(entry)
        sent.append(f"{entry.batch}@{entry.base_sequence}")
    return sent


def test_numbers_batches_by_their_records(window: InFlightWindow[str]) -> None:
    window.add("a", 3)
    window.add("b", 2)

    assert window.next_sequence == 5
    assert send_all(window) == ["a@0", "b@3"]


def test_wraps_sequences_behind_the_largest(window: InFlightWindow[str]) -> None:
    window.add("a", 2**31 - 1)
    window.add("b", 3)

    assert window.next_sequence == 2


def test_bounds_the_batches_in_flight(window: InFlightWindow[str]) -> None:
    for batch in "abcde":
        window.add(batch, 1)

    assert not window.has_room
    send_all(window)
    window.acknowledged(1)
    assert window.has_room


def test_does_not_run_ahead_of_a_batch_whose_outcome_is_unknown(window: InFlightWindow[str]) -> None:
    for batch in "abcde":
        window.add(batch, 1)
    send_all(window)

    window.rejected(1, ErrorCode.TIMEOUT)
    for correlation_id in range(2, 6):
        window.acknowledged(correlation_id)

    assert not window.has_room
    assert send_all(window) == ["a@0"]
    window.acknowledged(6)
    assert window.has_room


def test_resends_in_order_once_all_are_answered_after_a_rejection(window: InFlightWindow[str]) -> None:
    window.add("a", 1)
    window.add("b", 1)
    send_all(window)

    window.rejected(1, ErrorCode.OVERLOADED)
    assert send_all(window) == [], "b is not answered yet"

    window.rejected(2, ErrorCode.OUT_OF_ORDER_SEQUENCE)
    assert send_all(window) == ["a@0", "b@1"]


def test_resends_everything_after_a_lost_stream(window: InFlightWindow[str]) -> None:
    window.add("a", 1)
    window.add("b", 1)
    send_all(window)
    window.acknowledged(1)

    window.stream_lost()

    assert send_all(window) == ["b@1"]


def test_hands_back_what_lies_behind_a_refused_batch(window: InFlightWindow[str]) -> None:
    for batch in "abc":
        window.add(batch, 1)
    send_all(window)

    verdict = window.rejected(1, ErrorCode.RECORD_TOO_LARGE)

    assert verdict.failed == [Failed("a", False)]
    assert verdict.handed_back == ["b", "c"]
    assert window.needs_identity


def test_finishes_older_batches_under_the_old_identity_first(window: InFlightWindow[str]) -> None:
    for batch in "abc":
        window.add(batch, 1)
    send_all(window)
    window.rejected(1, ErrorCode.OVERLOADED)

    verdict = window.rejected(2, ErrorCode.RECORD_TOO_LARGE)

    assert verdict.handed_back == ["c"]
    assert not window.has_room
    window.rejected(3, ErrorCode.OUT_OF_ORDER_SEQUENCE)
    assert send_all(window) == ["a@0"]
    window.acknowledged(4)
    assert window.needs_identity


def test_does_not_number_anew_what_may_be_appended(window: InFlightWindow[str]) -> None:
    window.add("a", 1)
    window.add("b", 1)
    send_all(window)
    window.stream_lost()

    verdict = window.expire(lambda batch: batch == "a")

    assert verdict.failed == [Failed("a", True)]
    assert verdict.handed_back == []
    assert send_all(window) == ["b@1"], "b goes on under its old sequence"
    assert window.rejected(3, ErrorCode.OUT_OF_ORDER_SEQUENCE).failed == [Failed("b", True)]
    assert window.needs_identity


def test_numbers_anew_when_the_partition_forgot_the_producer(window: InFlightWindow[str]) -> None:
    window.add("a", 1)
    window.add("b", 1)
    send_all(window)

    verdict = window.rejected(1, ErrorCode.UNKNOWN_PRODUCER)

    assert verdict.failed == []
    assert verdict.handed_back == ["a", "b"]
    window.begin(ProducerIdentity(8, 0))
    assert window.next_sequence == 0


def test_ignores_answers_to_batches_given_up(window: InFlightWindow[str]) -> None:
    window.add("a", 1)
    window.add("b", 1)
    send_all(window)
    window.expire(lambda batch: batch == "a")

    assert window.acknowledged(1) is None
    assert window.acknowledged(2) == "b"
    assert window.acknowledged(2) is None


@pytest.mark.parametrize("seed", range(1, 9))
def test_stores_each_batch_once_and_in_order(seed: int) -> None:
    for run in range(100):
        Simulation(seed * 1_000 + run).run()


class Simulation:
    """A producer with a window, a stream that misbehaves, and a partition with a real one's rules."""

    BATCHES = 40

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.random = random.Random(seed)
        self.window: InFlightWindow[int] = InFlightWindow(5)
        self.partition: Partition[int] = Partition()
        self.waiting = list(range(self.BATCHES))
        self.stream: list[tuple[int, int, int, int]] = []
        """Correlation id, batch, producer id and sequence of each batch on its way."""
        self.acknowledged: list[int] = []
        self.failed: list[Failed[int]] = []
        self.producer_id = 0

    def run(self) -> None:
        steps = 0
        while self.waiting or not self.window.is_empty:
            steps += 1
            assert steps < 10_000, f"no end, seed {self.seed}"
            self.step(calm=steps > 2_000)
        stored = self.partition.stored
        assert stored == sorted(set(stored)), f"order, seed {self.seed}"
        assert set(self.acknowledged) <= set(stored), f"acknowledged, seed {self.seed}"
        for failure in self.failed:
            assert failure.outcome_unknown or failure.batch not in stored, f"seed {self.seed}"
        assert len(self.acknowledged) + len(self.failed) == self.BATCHES, f"seed {self.seed}"

    def step(self, calm: bool) -> None:
        if self.window.needs_identity:
            self.producer_id += 1
            self.window.begin(ProducerIdentity(self.producer_id, 0))
        while self.window.has_room and self.waiting and self.random.random() < 0.5:
            self.window.add(self.waiting.pop(0), 1)
        while (entry := self.window.next_to_send()) is not None:
            self.stream.append((self.window.sent(entry), entry.batch, self.producer_id, entry.base_sequence))
        dice = 0 if calm else self.random.randrange(100)
        if dice < 75:
            self.answer_first(dice < 60 or calm)
        elif dice < 85:
            self.lose_stream()
        elif dice < 88:
            oldest = self.window.oldest()
            self.obey(self.window.expire(lambda batch: batch == oldest))

    def answer_first(self, well: bool) -> None:
        if not self.stream:
            return
        correlation_id, batch, producer_id, sequence = self.stream.pop(0)
        codes = [ErrorCode.OVERLOADED, ErrorCode.TIMEOUT, ErrorCode.INVALID_RECORD]
        refusal = None if well else self.random.choice(codes)
        if refusal is None or (refusal is ErrorCode.TIMEOUT and self.random.random() < 0.5):
            applied = self.partition.append(batch, producer_id, sequence)
            refusal = refusal or applied
        if refusal is None:
            done = self.window.acknowledged(correlation_id)
            if done is not None:
                self.acknowledged.append(done)
        else:
            self.obey(self.window.rejected(correlation_id, refusal))

    def lose_stream(self) -> None:
        arrived = self.random.randrange(len(self.stream) + 1)
        for _, batch, producer_id, sequence in self.stream[:arrived]:
            self.partition.append(batch, producer_id, sequence)
        self.stream.clear()
        self.window.stream_lost()

    def obey(self, verdict) -> None:  # type: ignore[no-untyped-def]
        self.failed += verdict.failed
        self.waiting[:0] = verdict.handed_back
