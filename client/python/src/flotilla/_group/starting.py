"""Partitions that a member was given and whose committed offsets are being asked for, while it goes on reading others."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import NamedTuple

from flotilla._group.assignment import Assignment, Tenure
from flotilla._group.committed import CommittedOffsets
from flotilla._transport.tasks import Tasks
from flotilla.errors import LogException
from flotilla.group_descriptions import CommittedOffset
from flotilla.types import TopicPartition


class Start(NamedTuple):
    """Where to begin; nothing is committed where `committed` is None."""

    tenure: Tenure
    committed: CommittedOffset | None


class _Question(NamedTuple):
    about: Mapping[TopicPartition, Tenure]
    answer: asyncio.Task[dict[TopicPartition, CommittedOffset]]


class StartingPartitions:
    """Confined to its event loop; `found` hears that `take` may have something new."""

    def __init__(self, offsets: CommittedOffsets, tasks: Tasks, found: Callable[[], None]) -> None:
        self.offsets = offsets
        self._tasks = tasks
        self._found = found
        self._waiting: dict[TopicPartition, Tenure] = {}
        self._question: _Question | None = None

    def add(self, partitions: Mapping[TopicPartition, Tenure]) -> None:
        """Has to be followed by a `take`, which asks."""
        self._waiting.update(partitions)

    def retain(self, assignment: Assignment) -> None:
        """Drops those that are not the member's any more."""
        for partition, tenure in list(self._waiting.items()):
            if assignment.partitions.get(partition) != tenure:
                del self._waiting[partition]

    @property
    def has_work(self) -> bool:
        """Whether `take` would ask, or has an answer."""
        return self._question.answer.done() if self._question else bool(self._waiting)

    def take(self) -> dict[TopicPartition, Start]:
        """Those whose offsets have been found, once, and asks for the next ones. A failure that passes is asked again;
        another one is raised."""
        found: dict[TopicPartition, Start] = {}
        question = self._question
        if question is not None and question.answer.done():
            self._question = None
            found = self._answered(question)
        if self._question is None and self._waiting:
            answer = self._tasks.start(self.offsets.of(list(self._waiting)))
            answer.add_done_callback(lambda _: self._found())
            self._question = _Question(dict(self._waiting), answer)
        return found

    def _answered(self, question: _Question) -> dict[TopicPartition, Start]:
        try:
            committed = question.answer.result()
        except LogException as failure:
            if not failure.retriable:
                raise
            return {}
        found = {}
        for partition, tenure in question.about.items():
            if self._waiting.get(partition) == tenure:  # or it went meanwhile, and may have been another's
                del self._waiting[partition]
                found[partition] = Start(tenure, committed.get(partition))
        return found
