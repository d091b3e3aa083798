"""Reads the partitions that a group gives it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Collection, Iterator, Mapping
from concurrent.futures import Future
from contextlib import contextmanager
from types import TracebackType
from typing import TypeVar

from flotilla import aio
from flotilla._group.errands import Errands
from flotilla._transport.loop_thread import LoopThread
from flotilla.aio.group_consumer import ITERATION_POLL
from flotilla.errors import WakeupException
from flotilla.group_descriptions import CommittedOffset
from flotilla.position import Position
from flotilla.types import ConsumerRecord, TopicPartition

T = TypeVar("T")


class RebalanceListener:
    """Hears of the partitions that come to a group's consumer and go from it. It is called by the thread that polls or
    closes, and may call the consumer, but for polls. What it raises, the poll raises."""

    def on_assigned(self, partitions: frozenset[TopicPartition]) -> None:
        """These are read from now on, from their committed offset; `seek` may still change that."""

    def on_revoked(self, partitions: frozenset[TopicPartition]) -> None:
        """These go to other members once this has returned: the time to commit what only the application knows to be
        done. Their records are read no more."""

    def on_lost(self, partitions: frozenset[TopicPartition]) -> None:
        """These went to other members already, since this one was taken for gone, or their topic is gone: what of them is
        not yet committed cannot be, and others will process it again."""


class ListenerOnItsThread(aio.RebalanceListener):
    """Has the user's thread call the listener while the loop waits."""

    def __init__(self, listener: RebalanceListener, errands: Errands) -> None:
        self._listener = listener
        self._errands = errands

    async def on_assigned(self, partitions: frozenset[TopicPartition]) -> None:
        await self._errands.do(lambda: self._listener.on_assigned(partitions))

    async def on_revoked(self, partitions: frozenset[TopicPartition]) -> None:
        await self._errands.do(lambda: self._listener.on_revoked(partitions))

    async def on_lost(self, partitions: frozenset[TopicPartition]) -> None:
        await self._errands.do(lambda: self._listener.on_lost(partitions))


class GroupConsumer:
    """Made by `FlotillaClient.group_consumer`.

    At least once: what was returned counts as processed when the next poll begins, or the iteration asks for the next
    record, or when `commit` is called; only what is processed is committed. So whoever processes records before asking for
    more loses none: after a failure the group begins at the last commit again.

    Hand-over: a partition that shall go to another member is given up while polling or iterating, after what was processed
    is committed; the others go on being read meanwhile. One that does neither, nor closes, within `revocation_timeout` of
    that loses its membership.

    The membership is kept up in the background, as long as records are asked for every `poll_interval_max`. When it is lost,
    its partitions are lost with it, and the next poll joins again. A change of the coordinator moves no partition.

    One thread at a time: a second one gets a RuntimeError. Only `wakeup` may be called by any thread, or in the handler of a
    signal. Futures complete on the client's thread: what hangs on them must be quick, and must not call the client.
    """

    def __init__(self, consumer: aio.GroupConsumer, errands: Errands, thread: LoopThread) -> None:
        self._consumer = consumer
        self._core = consumer._core
        self._errands = errands
        self._thread = thread
        self._inside = threading.RLock()  # its listener is called by the thread inside, and calls

    def subscribe(self, topics: str | Collection[str]) -> None:
        """Reads these topics from now on, and no others; at least one."""
        self._call(lambda: self._consumer.subscribe(topics))

    def subscribe_pattern(self, topic_pattern: str) -> None:
        """Reads the topics whose whole name matches from now on, and no others: those that exist, and those that come later.
        The pattern is a regular expression in the syntax of RE2; if the broker refuses it, `poll` raises INVALID_REQUEST."""
        self._call(lambda: self._consumer.subscribe_pattern(topic_pattern))

    @property
    def assignment(self) -> frozenset[TopicPartition]:
        """What is read now. It changes while polling or iterating only."""
        return self._call(lambda: self._consumer.assignment)

    def poll(self, timeout: float) -> list[ConsumerRecord]:
        """The next records, at most `poll_records_max`: those of one partition in order of their offsets. Waits for the
        first up to `timeout` seconds; none in time is an empty list. What was returned before counts as processed.

        Raises WakeupException if `wakeup` was called, or a LogException: those of `Consumer.poll`, or GROUP_FULL,
        INSTANCE_IN_USE (another process lives with the same instance id) or INVALID_REQUEST if the group does not take this
        member.
        """
        with self._alone():
            self._errands.run(self._core.fill(timeout))
            return self._core.ready.take_all()  # here, so that what interrupts the wait loses none

    def __iter__(self) -> Iterator[ConsumerRecord]:
        return self

    def __next__(self) -> ConsumerRecord:
        """Each record counts as processed when the next one is asked for. `wakeup` ends the iteration."""
        with self._alone():
            record = self._core.take_ready()
            while record is None:
                try:
                    self._errands.run(self._core.fill(ITERATION_POLL))
                except WakeupException:
                    raise StopIteration from None
                record = self._core.take_filled()
            return record

    def commit(self, offsets: Mapping[TopicPartition, CommittedOffset] | None = None) -> None:
        """Commits everything that was returned, or else these offsets, and waits until that is durable.

        Raises LogException FENCED_MEMBER_EPOCH or UNKNOWN_MEMBER if a partition has gone to another member meanwhile, which
        will process its records again; OFFSET_METADATA_TOO_LARGE; or TIMEOUT if no answer came within the request timeout:
        it may be committed or not. Raises ValueError if a partition is not assigned.
        """
        with self._alone():
            self._thread.run(self._consumer.commit(offsets))

    def commit_async(self, offsets: Mapping[TopicPartition, CommittedOffset] | None = None) -> Future[None]:
        """`commit` without waiting. Commits take effect in the order in which they are asked for."""
        committed: Future[None] = Future()
        committed.set_running_or_notify_cancel()  # what is on its way cannot be cancelled

        def done(task: asyncio.Future[None]) -> None:
            failure = asyncio.CancelledError() if task.cancelled() else task.exception()
            if failure is None:
                committed.set_result(None)
            else:
                committed.set_exception(failure)

        self._call(lambda: self._consumer.commit_async(offsets).add_done_callback(done))
        return committed

    def committed(self, partitions: Collection[TopicPartition]) -> dict[TopicPartition, CommittedOffset]:
        """What the group has committed; partitions without a committed offset are left out. Raises LogException TIMEOUT if
        no answer came within the request timeout."""
        with self._alone():
            return self._thread.run(self._consumer.committed(partitions))

    def seek(self, partition: TopicPartition, position: Position) -> None:
        """Moves an assigned partition; records read ahead are dropped. Raises ValueError if it is not assigned."""
        self._call(lambda: self._consumer.seek(partition, position))

    def position(self, partition: TopicPartition) -> int:
        """Offset of the next record to be returned; waits for a position that is still being looked up. Raises ValueError
        if the partition is not assigned, LogException TIMEOUT if the look-up does not end in time."""
        with self._alone():
            return self._thread.run(self._consumer.position(partition))

    def high_watermark(self, partition: TopicPartition) -> int | None:
        """The first offset not yet committed, as far as the leader said with its last message; None before the first."""
        return self._call(lambda: self._consumer.high_watermark(partition))

    def lag(self, partition: TopicPartition) -> int | None:
        """Committed records in front of the position, by the last known high watermark; None while that is unknown."""
        return self._call(lambda: self._consumer.lag(partition))

    def pause(self, partitions: Collection[TopicPartition]) -> None:
        """Stops reading these partitions until `resume`; they stay this member's."""
        self._call(lambda: self._consumer.pause(partitions))

    def resume(self, partitions: Collection[TopicPartition]) -> None:
        self._call(lambda: self._consumer.resume(partitions))

    @property
    def paused(self) -> frozenset[TopicPartition]:
        return self._call(lambda: self._consumer.paused)

    def wakeup(self) -> None:
        """Lets a poll that waits now, or else the next one, raise WakeupException, or the iteration end."""
        self._thread.loop.call_soon_threadsafe(self._consumer.wakeup)

    def _mark_processed(self) -> None:
        """What was returned is processed, as if the next poll had begun."""
        self._call(self._core.mark_processed)

    def close(self) -> None:
        """Commits what was processed, unless commits are the application's, tells the listener that everything is revoked,
        and leaves the group; a static member keeps its place for the session timeout. What was returned last counts as
        processed only if `commit` was called since, as closing may follow on a failure. Takes at most the request timeout.
        Closing twice does no harm."""
        with self._alone():
            self._errands.run(self._consumer.close())

    @contextmanager
    def _alone(self) -> Iterator[None]:
        if not self._inside.acquire(blocking=False):
            raise RuntimeError("the consumer is not thread-safe: another thread is inside")
        try:
            yield
        finally:
            self._inside.release()

    def _call(self, action: Callable[[], T]) -> T:
        with self._alone():
            return self._thread.call(action)

    def __enter__(self) -> GroupConsumer:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, failure: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
