"""What a member commits, by itself and when it is asked."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection, Mapping

from flotilla._group.committer import Committer, OffsetCommitter
from flotilla._group.progress import Progress
from flotilla.group_descriptions import CommittedOffset
from flotilla.types import TopicPartition

_LOG = logging.getLogger("flotilla.group")


class Commits:
    """Sends what `progress` says is to be committed, and tells it what became durable. Confined to its event loop."""

    def __init__(self, progress: Progress, committer: OffsetCommitter) -> None:
        self.progress = progress
        self._committer = committer
        self._own: asyncio.Task[None] | None = None

    def send(self, by: Committer, offsets: Mapping[TopicPartition, CommittedOffset]) -> asyncio.Task[None]:
        """Fails as `OffsetCommitter.commit`."""
        sent = self._committer.commit(by, offsets)

        def done(task: asyncio.Task[None]) -> None:
            if not task.cancelled() and task.exception() is None:
                self.progress.committed(by.held, offsets)

        sent.add_done_callback(done)
        return sent

    def send_processed(self, by: Committer, partitions: Collection[TopicPartition]) -> asyncio.Task[None]:
        """What is processed of these partitions and not committed yet."""
        return self.send(by, self.progress.uncommitted(by.held, partitions))

    def send_if_due(self, by: Committer) -> None:
        """What is processed of all partitions, if the interval is over and the commit before is answered."""
        if not self.progress.takes_turn(asyncio.get_running_loop().time()):
            return
        if self._own is None or self._own.done():
            self._own = self.send_processed(by, by.held)
            self._own.add_done_callback(_warn)


def _warn(commit: asyncio.Task[None]) -> None:
    failure = None if commit.cancelled() else commit.exception()
    if failure is not None:  # the next one will commit more
        _LOG.warning("offsets were not committed cause=%s", failure)
