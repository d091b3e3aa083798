"""Words counted minute by minute, by a program that dies on the way: every count as if nothing had happened."""

from __future__ import annotations

import random
from collections import Counter
from datetime import datetime, timezone
from pathlib import Path

import pytest

from brokers import Brokers
from flotilla import ConsumerRecord, FlotillaClient, NewTopic, ProducerRecord, TopicPartition
from programs import Programs
from waiting import await_condition
from word_count import GRACE_MILLIS, WINDOW_MILLIS, Windows

START_MILLIS = 1_790_000_000_000 - 1_790_000_000_000 % WINDOW_MILLIS
SEED = 20260101
LINES = 4_000
LINE_MILLIS = 300
JITTER_MILLIS = 5_000
WORDS = ("raft", "log", "fleet", "Flotilla", "ship", "ebb")


def lines(chance: random.Random) -> list[tuple[int, str]]:
    """Twenty minutes of lines with their times, some of them out of order."""
    return [
        (
            START_MILLIS + JITTER_MILLIS + number * LINE_MILLIS - chance.randrange(JITTER_MILLIS),
            " ".join(chance.choices(WORDS, k=chance.randrange(6))),
        )
        for number in range(LINES)
    ]


def key_of(word: str, window: int) -> str:
    return f"{word}@{datetime.fromtimestamp(window / 1000, timezone.utc):%Y-%m-%dT%H:%M:%SZ}"


def expected(sent: list[tuple[int, str]]) -> Counter[str]:
    return Counter(
        key_of(word, at - at % WINDOW_MILLIS) for at, line in sent for word in line.lower().split()
    )


class Results:
    """What is in word-counts by now."""

    def __init__(self, client: FlotillaClient) -> None:
        self._consumer = client.consumer()
        self._consumer.assign([TopicPartition("word-counts", number) for number in range(2)])
        self.counts: dict[str, int] = {}

    def refresh(self) -> dict[str, int]:
        for record in self._consumer.poll(0.1):
            assert record.key and record.value
            self.counts[record.key.decode()] = int(record.value)
        return self.counts

    def close(self) -> None:
        self._consumer.close()


def send(client: FlotillaClient, sent: list[tuple[int, str]]) -> None:
    with client.producer() as producer:
        for at, line in sent:
            producer.send(ProducerRecord("lines", line.encode(), timestamp_millis=at))


@pytest.mark.usefixtures("without_topics")
def test_counts_are_those_of_a_program_that_never_died(
    language: str, brokers: Brokers, client: FlotillaClient, tmp_path: Path
) -> None:
    client.admin().create_topic(NewTopic("lines", 1, 3))
    client.admin().create_topic(NewTopic("word-counts", 2, 3))
    all_lines = lines(random.Random(SEED))
    model = expected(all_lines)
    results = Results(client)
    with Programs(language, "word-count", brokers.bootstrap, {}, tmp_path / "log") as programs:
        first = programs.start()
        send(client, all_lines[: LINES // 2])
        await_condition("it counts", lambda: len(results.refresh()) > len(WORDS))
        programs.kill(first)
        programs.start()
        send(client, all_lines[LINES // 2 :])
        # The stream's time has to pass the last window's end.
        send(client, [(all_lines[-1][0] + 10 * WINDOW_MILLIS, "end")])
        await_condition("all is counted", lambda: results.refresh().keys() >= model.keys())
    results.close()

    counted = {key: count for key, count in results.counts.items() if not key.startswith("end@")}
    assert counted == dict(model)


def test_wherever_it_begins_again_the_counts_are_the_same() -> None:
    chance = random.Random(SEED)
    records = [
        ConsumerRecord(TopicPartition("lines", 0), offset, at, None, line.encode(), ())
        for offset, (at, line) in enumerate(lines(chance))
        if chance.random() < 0.2  # offsets with gaps, and fewer of them
    ]
    late = records[40]._replace(offset=records[-1].offset + 1, value=b"late late late")
    records += [late, late._replace(offset=late.offset + 1, timestamp_millis=late.timestamp_millis + 40 * WINDOW_MILLIS)]
    whole = counts_from(records, 0, 0)
    assert len({at for at, _ in whole}) == LINES * LINE_MILLIS // WINDOW_MILLIS + 1
    assert not any("late" in counts for at, counts in whole[:-1])

    for cut in range(0, len(records), 7):
        windows = Windows(0)
        before = []
        for record in records[:cut]:
            windows.count(record)
            before += list(windows.close().items())
        again = windows.begin_again_at(records[cut].offset)
        assert before + counts_from(records, again.offset, int(again.metadata)) == whole, f"cut at {cut}, seed {SEED}"


def counts_from(records: list[ConsumerRecord], offset: int, stream_time: int) -> list[tuple[int, Counter[str]]]:
    windows = Windows(stream_time)
    closed = []
    for record in records:
        if record.offset >= offset:
            windows.count(record)
            closed += list(windows.close().items())
    assert GRACE_MILLIS > JITTER_MILLIS
    return closed
