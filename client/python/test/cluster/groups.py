"""What tests of groups share: traffic, members that note what they see, and members in processes of their own."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from conftest import await_condition
from flotilla import FlotillaClient, GroupConsumer, GroupSettings, ProducerRecord, RebalanceListener, TopicPartition

SESSION = 1.5
"""Seconds of silence after which a test's member is taken for gone."""

_STOP_SECONDS_MAX = 30


def fill(client: FlotillaClient, topic: str, partition_count: int, count: int) -> None:
    """Appends as many records to each partition, whose values are the numbers 0, 1, ..."""
    with client.producer() as producer:
        for number in range(count):
            for partition in range(partition_count):
                producer.send(ProducerRecord(topic, b"%d" % number, partition=partition))


class Member(RebalanceListener):
    """A member in the test's process that notes what it hears and processes; `step` polls once."""

    def __init__(self, client: FlotillaClient, settings: GroupSettings) -> None:
        self.heard: list[tuple[str, frozenset[TopicPartition]]] = []
        self.processed: Counter[tuple[TopicPartition, int]] = Counter()
        self.consumer: GroupConsumer = client.group_consumer(settings, self)

    def on_assigned(self, partitions: frozenset[TopicPartition]) -> None:
        self.heard.append(("assigned", partitions))

    def on_revoked(self, partitions: frozenset[TopicPartition]) -> None:
        self.heard.append(("revoked", partitions))

    def on_lost(self, partitions: frozenset[TopicPartition]) -> None:
        self.heard.append(("lost", partitions))

    def step(self, timeout: float = 0.05) -> None:
        self.processed.update((record.partition, record.offset) for record in self.consumer.poll(timeout))

    def close(self) -> None:
        self.consumer.close()

    def __enter__(self) -> Member:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, failure: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def poll_until(what: str, condition: Callable[[], bool], *members: Member, seconds: float = 60) -> None:
    """Lets members in the test's process go on until something holds."""

    def holds() -> bool:
        for member in members:
            member.step()
        return condition()

    await_condition(what, holds, seconds)


class MemberProcess:
    """Runs group_member.py; whoever starts it kills it."""

    def __init__(self, bootstrap: str, group: str, topic: str, pace: str) -> None:
        self.lines: list[str] = []
        self._process = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("group_member.py")), bootstrap, group, topic, pace],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self.lines.append(line.strip())

    def records(self, topic: str, kind: str) -> list[tuple[TopicPartition, int]]:
        """Those of which it printed that they are `processed` or `committed`."""
        told = [line.split() for line in list(self.lines)]
        return [(TopicPartition(topic, int(one[1])), int(one[2])) for one in told if one[0] == kind]

    @property
    def assigned(self) -> list[int]:
        """Numbers of the partitions that were given to it, in all its time."""
        return [int(line.split()[1]) for line in list(self.lines) if line.startswith("assigned")]

    def end(self, signal_number: signal.Signals) -> None:
        self._process.send_signal(signal_number)
        self._process.wait(_STOP_SECONDS_MAX)
        self._reader.join(_STOP_SECONDS_MAX)

    def __enter__(self) -> MemberProcess:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, failure: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process.poll() is None:
            self.end(signal.SIGKILL)
        assert self._process.stdout is not None
        self._process.stdout.close()
