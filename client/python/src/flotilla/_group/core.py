"""The group consumer without its users' side: in each poll it carries out what the coordinator has assigned meanwhile, and
reads the rest of the time."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Mapping
from typing import Protocol

from flotilla._consumer.core import ConsumerCore
from flotilla._group.assignment import Assignment, Tenure
from flotilla._group.commits import Commits
from flotilla._group.committed import CommittedOffsets
from flotilla._group.committer import Committer, OffsetCommitter
from flotilla._group.coordinator import CoordinatorCalls
from flotilla._group.membership import Membership
from flotilla._group.progress import Progress
from flotilla._group.ready import ReadyRecords
from flotilla._group.starting import StartingPartitions
from flotilla._group.wire import subscription
from flotilla._transport.channels import Channels
from flotilla._transport.tasks import Tasks
from flotilla.errors import LogException
from flotilla.group_descriptions import CommittedOffset
from flotilla.group_settings import GroupSettings
from flotilla.position import AtOffset, Position
from flotilla.settings import ClientSettings
from flotilla.types import ConsumerRecord, TopicPartition

_LOG = logging.getLogger("flotilla.group")


class Listening(Protocol):
    """What the core tells of partitions that come and go, and waits for."""

    async def on_assigned(self, partitions: frozenset[TopicPartition]) -> None: ...

    async def on_revoked(self, partitions: frozenset[TopicPartition]) -> None: ...

    async def on_lost(self, partitions: frozenset[TopicPartition]) -> None: ...


class GroupCore:
    """Confined to its event loop, but for `take_ready`.

    What has to be carried out runs as a task of its own: a poll that is given up in the middle, as by a timeout of its
    caller, leaves it to the next one.
    """

    def __init__(
        self,
        client: ClientSettings,
        settings: GroupSettings,
        reader: ConsumerCore,
        channels: Channels,
        calls: CoordinatorCalls,
        listener: Listening,
    ) -> None:
        self._client = client
        self._settings = settings
        self._listener = listener
        self._loop = asyncio.get_running_loop()
        self._tasks = Tasks()
        self._progress = Progress(settings.auto_commit_interval, self._loop.time())
        self._commits = Commits(self._progress, OffsetCommitter(settings.group, calls, self._tasks))
        self._starting = StartingPartitions(CommittedOffsets(settings.group, calls), self._tasks, reader.nudge)
        self._membership = Membership(client, settings, channels, calls.coordinator, self._tasks, reader.nudge)
        self.reader = reader
        self.ready = ReadyRecords()
        self.held: dict[TopicPartition, Tenure] = {}
        """What is being read."""
        self._life = self._membership.life
        self._applied = Assignment()
        self._settling: asyncio.Task[None] | None = None
        self._taken: ConsumerRecord | None = None
        """The record that an iteration is at."""
        self._inside = False
        self._closed = False

    # ---- records

    def take_ready(self) -> ConsumerRecord | None:
        """The next record, if it is there and nothing else is to be done first; the one taken before counts as processed.
        For whoever is not in another call; any thread may call it."""
        if self._taken is not None:
            self._progress.processed({self._taken.partition: self._taken.offset + 1})
            self._taken = None
        due_at = self._progress.due_at
        if self._closed or self._settling or self.reader.is_disturbed:
            return None
        if due_at is not None and self._loop.time() >= due_at:
            return None
        self._membership.seen_alive()
        return self.take_filled()

    def take_filled(self) -> ConsumerRecord | None:
        """The next record after a `fill`."""
        self._taken = self.ready.take()
        return self._taken

    async def fill(self, timeout: float) -> None:
        """Makes records ready; waits for the first up to `timeout` seconds. What was taken from `ready` before counts as
        processed."""
        self._enter()
        try:
            deadline = self._loop.time() + timeout
            while True:
                self.require_open()
                self.mark_processed()
                self.reader.raise_wakeup()
                self._membership.polled()
                await self._settle()
                self._commits.send_if_due(self._committer())
                if self.ready:
                    return
                left = max(0.0, deadline - self._loop.time())
                self.ready.add(await self.reader.poll(min(left, self._pause_max())))
                if self.ready or self._loop.time() >= deadline:
                    return
        finally:
            self._inside = False

    def mark_processed(self) -> None:
        """All that the user has got is processed."""
        self._taken = None
        self._progress.processed(self._returned())

    def _enter(self) -> None:
        self.require_open()
        if self._inside:
            raise RuntimeError("the consumer is in use: another poll or close is under way, or its listener calls")
        self._inside = True

    @property
    def is_closed(self) -> bool:
        return self._closed

    def require_open(self) -> None:
        if self._closed:
            raise RuntimeError("the consumer is closed")

    def _pause_max(self) -> float:
        """A long poll shows that it lives, and commits what is due, in between."""
        alive = self._settings.poll_interval_max / 2
        due_at = self._progress.due_at
        return alive if due_at is None else min(alive, max(0.0, due_at - self._loop.time()))

    def _returned(self) -> dict[TopicPartition, int]:
        """How far the user has got records."""
        return self.reader.fetcher.positions() | self.ready.first_offsets()

    # ---- what the coordinator wants

    async def _settle(self) -> None:
        if self._settling is None:
            life = self._membership.life
            if life is self._life and life.newest == self._applied and not self._starting.has_work:
                return
            self._settling = self._loop.create_task(self._follow_and_begin())
        settling = self._settling
        try:
            await asyncio.shield(settling)
        except asyncio.CancelledError:
            if settling.cancelled():
                raise RuntimeError("the client was closed meanwhile") from None
            raise
        finally:
            if settling.done():
                self._settling = None

    async def _follow_and_begin(self) -> None:
        await self._follow()
        await self._begin()

    async def _follow(self) -> None:
        life = self._membership.life
        if life is not self._life:
            self._life = life
            self._applied = Assignment()
            self._starting.retain(self._applied)
            await self._lose(frozenset(self.held))
        following = life.newest
        if following == self._applied:
            return
        self._applied = following
        self._starting.retain(following)
        taken = following.taken_from(self.held)
        revoked = taken & following.revoked
        try:
            await self._revoke(revoked, following.revoke_by)
            await self._lose(taken - revoked)
        finally:  # also if the listener fails: others wait for these partitions
            self._forget(taken)
            self._membership.acknowledge(life, following.version)
            self._starting.add(following.given_beyond(self.held))

    async def _revoke(self, partitions: frozenset[TopicPartition], by: float) -> None:
        if not partitions:
            return
        if self._progress.commits_itself:
            left = min(self._client.request_timeout, by - self._loop.time())
            await self._last_commit(partitions, left)
        await self._listener.on_revoked(partitions)

    async def _lose(self, partitions: frozenset[TopicPartition]) -> None:
        if partitions:
            _LOG.info("lost partitions group=%s partitions=%s", self._settings.group, sorted(partitions))
            self._forget(partitions)
            await self._listener.on_lost(partitions)

    def _forget(self, partitions: Collection[TopicPartition]) -> None:
        gone = partitions & self.held.keys()
        if gone:
            for partition in gone:
                del self.held[partition]
            self.ready.drop(gone)
            self._progress.forget(gone)
            self._read({})

    async def _begin(self) -> None:
        """Begins with partitions whose committed offsets are known by now."""
        found = self._starting.take()
        if not found:
            return
        starts: dict[TopicPartition, Position] = {}
        for partition, (tenure, committed) in found.items():
            self.held[partition] = tenure
            if committed is not None:
                starts[partition] = AtOffset(committed.offset)
                self._progress.begins(partition, tenure, committed.offset)
        self._read(starts)
        await self._listener.on_assigned(frozenset(found))

    def _read(self, starts: Mapping[TopicPartition, Position]) -> None:
        """Those that were read before go on where they are."""
        self.reader.fetcher.assign(dict.fromkeys(self.held, self._settings.start) | dict(starts))

    # ---- commits

    def commit(self, offsets: Mapping[TopicPartition, CommittedOffset] | None) -> asyncio.Task[None]:
        """Of everything that was returned where no offsets are given. Raises ValueError if a partition is not assigned."""
        self.require_open()
        if offsets is None:
            self.mark_processed()
            return self._commits.send_processed(self._committer(), self.held)
        for partition in offsets:
            self.require_held(partition)
        return self._commits.send(self._committer(), offsets)

    def require_held(self, partition: TopicPartition) -> None:
        if partition not in self.held:
            assigned = ", ".join(map(str, sorted(self.held))) or "none is"
            raise ValueError(f"partition {partition} is not assigned: {assigned}")

    def _committer(self) -> Committer:
        return Committer(self._life.member_id, self._applied.member_epoch, dict(self.held))

    async def _last_commit(self, partitions: Collection[TopicPartition], timeout: float) -> None:
        await self._await(
            self._commits.send_processed(self._committer(), partitions),
            timeout,
            "records will be processed again, since their offsets could not be committed",
        )

    async def _await(self, work: Awaitable[None], timeout: float, complaint: str) -> None:
        try:
            await asyncio.wait_for(work, max(0.0, timeout))
        except asyncio.TimeoutError:
            _LOG.warning("%s group=%s cause=timeout", complaint, self._settings.group)
        except LogException as failure:
            _LOG.warning("%s group=%s cause=%s", complaint, self._settings.group, failure)

    async def committed(self, partitions: Collection[TopicPartition]) -> dict[TopicPartition, CommittedOffset]:
        self.require_open()
        return await self._starting.offsets.of(partitions)

    # ---- reading

    def subscribe(self, topics: Collection[str], topic_pattern: str | None) -> None:
        self.require_open()
        self._membership.subscribe(subscription(topics, topic_pattern))

    def seek(self, partition: TopicPartition, position: Position) -> None:
        self.require_open()
        if self._taken is not None and self._taken.partition == partition:
            self._taken = None
        self.ready.drop((partition,))
        self.reader.fetcher.seek(partition, position)

    async def position(self, partition: TopicPartition) -> int:
        self.require_open()
        first = self.ready.first_offsets().get(partition)
        return await self.reader.position(partition) if first is None else first

    def lag(self, partition: TopicPartition) -> int | None:
        self.require_open()
        behind = self.reader.lag(partition)
        first = self.ready.first_offsets().get(partition)
        if behind is None or first is None:
            return behind
        return behind + self.reader.fetcher.cursor(partition).position - first

    def pause(self, partitions: Collection[TopicPartition]) -> None:
        """Records that are ready come again when the partition is resumed."""
        self.require_open()
        for partition, offset in self.ready.first_offsets().items():
            if partition in partitions:
                self.seek(partition, AtOffset(offset))
        self.reader.fetcher.pause(partitions)

    # ---- the end

    async def close(self) -> None:
        """Commits, gives everything up and leaves the group, in the request timeout at most."""
        if self._closed:
            return
        self._enter()
        deadline = self._loop.time() + self._client.request_timeout
        try:
            if self._settling is not None:  # of a poll that was given up
                await self._await(self._settle(), deadline - self._loop.time(), "gave up what a poll had begun")
            if self._progress.commits_itself:
                await self._last_commit(self.held, deadline - self._loop.time())
            if self.held:
                await self._listener.on_revoked(frozenset(self.held))
        finally:
            self._closed = True
            left = deadline - self._loop.time()
            try:
                await self._await(self._membership.leave(), left, "could not leave the group in time")
            finally:
                await self.abandon()

    async def abandon(self) -> None:
        """Closes whoever is inside; the group finds out by the session timeout."""
        self._closed = True
        self._membership.abandon()
        if self._settling is not None:
            self._settling.cancel()
        await self.reader.close()
        await self._tasks.close()
