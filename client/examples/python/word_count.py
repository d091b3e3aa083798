#!/usr/bin/python3
"""Counts the words of a stream, minute by minute: reads `lines`, writes `word-counts`.

A window is a minute of the records' own time. It is counted once the stream's time, which is the latest timestamp read, is
GRACE past its end; a record that comes later than that is dropped. Each count is written once: key `word@window start`,
value the count.

What happens when this program dies, or its partition goes to another member of the group: counts of open windows are in
memory only, so what is committed is the offset of the first record that an open window holds, with the stream's time as the
commit's metadata. The next one reads on from there, leaves out what belongs to windows that were closed, and so comes to the
same counts. It may write the last counts a second time, since they are written before the commit; they are the same ones,
with the same keys, so whoever keeps the latest value of each key sees no difference.

All of it is about one partition: `lines` has to have a single one, or else a word's count is that of each partition by
itself, under the same key. To spread the work, write the words to a topic of their own first, with the word as the key, and
count that one.

    client/examples/python/run word-count 127.0.0.1:9094
"""

from __future__ import annotations

import argparse
import logging
import sys
from collections import Counter
from datetime import datetime, timezone

from flotilla import (
    CommittedOffset,
    ConsumerRecord,
    FlotillaClient,
    GroupConsumer,
    GroupSettings,
    Producer,
    ProducerRecord,
    RebalanceListener,
    TopicPartition,
)

WINDOW_MILLIS = 60_000
GRACE_MILLIS = 60_000


class Windows:
    """The open windows of one partition. Pure."""

    def __init__(self, stream_time: int) -> None:
        self.stream_time = stream_time
        self._counts: dict[int, Counter[str]] = {}
        self._first_offsets: dict[int, int] = {}

    def count(self, record: ConsumerRecord) -> None:
        start = record.timestamp_millis - record.timestamp_millis % WINDOW_MILLIS
        if not self._is_over(start):  # or it is late, or was counted before a restart
            self._first_offsets.setdefault(start, record.offset)
            self._counts.setdefault(start, Counter()).update((record.value or b"").decode().lower().split())
        self.stream_time = max(self.stream_time, record.timestamp_millis)

    def close(self) -> dict[int, Counter[str]]:
        """Takes out the windows that are over, by their start."""
        over = {start: self._counts.pop(start) for start in sorted(self._counts) if self._is_over(start)}
        for start in over:
            del self._first_offsets[start]
        return over

    def _is_over(self, start: int) -> bool:
        return start + WINDOW_MILLIS + GRACE_MILLIS <= self.stream_time

    def begin_again_at(self, next_offset: int) -> CommittedOffset:
        """What the next one has to know."""
        return CommittedOffset(min(self._first_offsets.values(), default=next_offset), str(self.stream_time))


class WordCount(RebalanceListener):
    """Counts whatever partition it is given."""

    def __init__(self, client: FlotillaClient, producer: Producer) -> None:
        self._producer = producer
        self._windows: dict[TopicPartition, Windows] = {}
        settings = GroupSettings("word-count", "lines", auto_commit_interval=0)  # it knows itself what to commit
        self.consumer: GroupConsumer = client.group_consumer(settings, self)

    def on_assigned(self, partitions: frozenset[TopicPartition]) -> None:
        committed = self.consumer.committed(partitions)
        for partition in partitions:
            at = committed.get(partition)
            self._windows[partition] = Windows(int(at.metadata or 0) if at else 0)

    def on_revoked(self, partitions: frozenset[TopicPartition]) -> None:
        for partition in partitions:
            del self._windows[partition]  # the next owner reads it again

    on_lost = on_revoked

    def run(self) -> None:
        while True:
            for record in self.consumer.poll(timeout=1):
                windows = self._windows[record.partition]
                windows.count(record)
                over = windows.close()
                if over:
                    self._write(over)
                    self.consumer.commit({record.partition: windows.begin_again_at(record.offset + 1)})

    def _write(self, over: dict[int, Counter[str]]) -> None:
        written = []
        for start, counts in over.items():
            at = datetime.fromtimestamp(start / 1000, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
            for word, count in counts.items():
                record = ProducerRecord("word-counts", str(count).encode(), key=f"{word}@{at}".encode())
                written.append(self._producer.send(record))
        self._producer.flush()
        for future in written:
            future.result()  # raises what failed: then nothing is committed


def main() -> None:
    arguments = argparse.ArgumentParser(description="counts words minute by minute; the topics must exist")
    arguments.add_argument("bootstrap", metavar="HOST:PORT,...", help="brokers to ask first")
    logging.basicConfig(level=logging.INFO)
    with FlotillaClient(arguments.parse_args().bootstrap) as client, client.producer() as producer:
        word_count = WordCount(client, producer)
        with word_count.consumer:
            word_count.run()


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
