"""Reads the partitions that a group gives it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Mapping
from types import TracebackType

from flotilla._group.core import GroupCore
from flotilla.errors import WakeupException
from flotilla.group_descriptions import CommittedOffset
from flotilla.group_settings import topic_names
from flotilla.position import Position
from flotilla.types import ConsumerRecord, TopicPartition

ITERATION_POLL = 60.0
"""Longest wait of one poll while iterating, in seconds; a wake-up ends it earlier."""


class RebalanceListener:
    """Hears of the partitions that come to a group's consumer and go from it, in the task of a poll; may call the consumer,
    but for polls. What it raises, the poll raises. What it awaits holds up the hand-over."""

    async def on_assigned(self, partitions: frozenset[TopicPartition]) -> None:
        """These are read from now on, from their committed offset; `seek` may still change that."""

    async def on_revoked(self, partitions: frozenset[TopicPartition]) -> None:
        """These go to other members once this has returned: the time to commit what only the application knows to be
        done. Their records are read no more."""

    async def on_lost(self, partitions: frozenset[TopicPartition]) -> None:
        """These went to other members already, since this one was taken for gone, or their topic is gone: what of them is
        not yet committed cannot be, and others will process it again."""


class GroupConsumer:
    """Made by `FlotillaClient.group_consumer`; guarantees, hand-over and failures are those of the blocking
    `flotilla.GroupConsumer`. One task at a time.

    The membership lives on the event loop: code that blocks it for the session timeout loses it. A poll that is cancelled,
    as by `asyncio.wait_for`, loses no record and leaves what it had begun to the next one.
    """

    def __init__(self, core: GroupCore, on_closed: Callable[[], None]) -> None:
        self._core = core
        self._on_closed = on_closed

    def subscribe(self, topics: str | Collection[str]) -> None:
        """Reads these topics from now on, and no others; at least one."""
        self._core.subscribe(topic_names(topics), None)

    def subscribe_pattern(self, topic_pattern: str) -> None:
        """Reads the topics whose whole name matches from now on, and no others: those that exist, and those that come later.
        The pattern is a regular expression in the syntax of RE2; if the broker refuses it, `poll` raises INVALID_REQUEST."""
        if not topic_pattern:
            raise ValueError("topic_pattern is empty, expected a regular expression")
        self._core.subscribe((), topic_pattern)

    @property
    def assignment(self) -> frozenset[TopicPartition]:
        """What is read now. It changes while polling or iterating only."""
        return frozenset(self._core.held)

    async def poll(self, timeout: float) -> list[ConsumerRecord]:
        """The next records, at most `poll_records_max`: those of one partition in order of their offsets. Waits for the
        first up to `timeout` seconds; none in time is an empty list. What was returned before counts as processed.

        Raises WakeupException, or a LogException: those of `Consumer.poll`, or GROUP_FULL, INSTANCE_IN_USE or
        INVALID_REQUEST if the group does not take this member.
        """
        await self._core.fill(timeout)
        return self._core.ready.take_all()

    def __aiter__(self) -> GroupConsumer:
        return self

    async def __anext__(self) -> ConsumerRecord:
        """Each record counts as processed when the next one is asked for. `wakeup` ends the iteration."""
        record = self._core.take_ready()
        while record is None:
            try:
                await self._core.fill(ITERATION_POLL)
            except WakeupException:
                raise StopAsyncIteration from None
            record = self._core.take_filled()
        return record

    async def commit(self, offsets: Mapping[TopicPartition, CommittedOffset] | None = None) -> None:
        """Commits everything that was returned, or else these offsets, and waits until that is durable. One who gives up
        waiting does not take it back.

        Raises LogException FENCED_MEMBER_EPOCH or UNKNOWN_MEMBER if a partition has gone to another member meanwhile, or
        TIMEOUT if no answer came within the request timeout: it may be committed or not. Raises ValueError if a partition
        is not assigned.
        """
        await asyncio.shield(self._core.commit(offsets))

    def commit_async(self, offsets: Mapping[TopicPartition, CommittedOffset] | None = None) -> asyncio.Future[None]:
        """`commit` without waiting. Commits take effect in the order in which they are asked for."""
        return self._core.commit(offsets)

    async def committed(self, partitions: Collection[TopicPartition]) -> dict[TopicPartition, CommittedOffset]:
        """What the group has committed; partitions without a committed offset are left out."""
        return await self._core.committed(partitions)

    def seek(self, partition: TopicPartition, position: Position) -> None:
        """Moves an assigned partition; records read ahead are dropped. Raises ValueError if it is not assigned."""
        self._core.seek(partition, position)

    async def position(self, partition: TopicPartition) -> int:
        """Offset of the next record to be returned; waits for a position that is still being looked up."""
        return await self._core.position(partition)

    def high_watermark(self, partition: TopicPartition) -> int | None:
        """The first offset not yet committed, as far as the leader said with its last message; None before the first."""
        self._core.require_open()
        return self._core.reader.fetcher.cursor(partition).high_watermark

    def lag(self, partition: TopicPartition) -> int | None:
        """Committed records in front of the position, by the last known high watermark; None while that is unknown."""
        return self._core.lag(partition)

    def pause(self, partitions: Collection[TopicPartition]) -> None:
        """Stops reading these partitions until `resume`; they stay this member's."""
        self._core.pause(partitions)

    def resume(self, partitions: Collection[TopicPartition]) -> None:
        self._core.require_open()
        self._core.reader.fetcher.resume(partitions)

    @property
    def paused(self) -> frozenset[TopicPartition]:
        return self._core.reader.fetcher.paused

    def wakeup(self) -> None:
        """Lets a poll that waits now, or else the next one, raise WakeupException, or the iteration end."""
        self._core.reader.wakeup()

    async def close(self) -> None:
        """Commits what was processed, unless commits are the application's, tells the listener that everything is revoked,
        and leaves the group; a static member keeps its place for the session timeout. What was returned last counts as
        processed only if `commit` was called since, as closing may follow on a failure. Takes at most the request timeout.
        Closing twice does no harm."""
        try:
            await self._core.close()
        finally:
            if self._core.is_closed:
                self._on_closed()

    async def __aenter__(self) -> GroupConsumer:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, failure: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()
