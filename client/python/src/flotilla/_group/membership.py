"""Keeps a consumer in its group: opens the stream to the coordinator again whenever it breaks, sends heartbeats, and keeps
the newest assignment for polls to carry out. Each time the membership is lost it begins another, under a new member id."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from uuid import uuid4

from flotilla._group.assignment import Assignment
from flotilla._group.coordinator import Coordinator
from flotilla._group.stream import GroupStream
from flotilla._group.wire import subscription as wire_subscription
from flotilla._transport.channels import Channels
from flotilla._transport.failure import Failure, address_of
from flotilla._transport.retries import RetrySchedule
from flotilla._transport.tasks import Tasks
from flotilla.errors import ErrorCode, LogException
from flotilla.group_settings import GroupSettings
from flotilla.settings import ClientSettings
from flotilla.v1 import common_pb2
from flotilla.v1 import group_service_pb2 as groups

_LOG = logging.getLogger("flotilla.group")

_HEARTBEATS_MISSED_MAX = 3
"""A coordinator that leaves this many heartbeats unanswered is left, long before the session is over."""

_TICK = 0.5
"""How often the clocks are looked at until the coordinator has said how often it wants heartbeats, in seconds."""


class Life:
    """One membership from joining to its end."""

    def __init__(self, now: float) -> None:
        self.member_id = str(uuid4())
        self.member_epoch = 0
        self.acknowledged = 0
        """The last version of its assignment that is carried out."""
        self.answered_at = now
        """When the last sign of life was sent that the coordinator has answered: it counts from then, or later."""
        self.newest = Assignment()

    @property
    def joined(self) -> bool:
        """Whether the coordinator has confirmed it."""
        return self.member_epoch > 0


class Membership:
    """Confined to its event loop; `changed` hears that polls have something to do."""

    def __init__(
        self,
        client: ClientSettings,
        settings: GroupSettings,
        channels: Channels,
        coordinator: Coordinator,
        tasks: Tasks,
        changed: Callable[[], None],
    ) -> None:
        self._client = client
        self._settings = settings
        self._channels = channels
        self._coordinator = coordinator
        self._tasks = tasks
        self._changed = changed
        self._loop = asyncio.get_running_loop()
        self._schedule = RetrySchedule(client.retry_backoff_min, client.retry_backoff_max)
        self._subscription = wire_subscription(settings.topics, settings.topic_pattern)
        self._heartbeat_interval = _TICK
        self._session_timeout = settings.session_timeout
        self._stream: GroupStream | None = None
        self._connect_timer: asyncio.TimerHandle | None = None
        self._polled_at = self._loop.time()
        self._in_use_since: float | None = None
        self._parked = False
        self._fatal: LogException | None = None
        self._left: asyncio.Future[None] | None = None
        self._closed = False
        self.life = Life(self._loop.time())
        self._connect()
        self._ticking = self._tasks.start(self._tick())

    # ---- the user's side

    def polled(self) -> None:
        """The user polls. Raises LogException if the group does not take this member."""
        if self._fatal is not None:
            raise self._fatal
        self.seen_alive()
        if self._parked:
            self._parked = False
            self._connect()

    def seen_alive(self) -> None:
        """The user takes records. Any thread may call it."""
        self._polled_at = self._loop.time()

    def acknowledge(self, life: Life, version: int) -> None:
        """Nothing is read but what an assignment of that life gives."""
        if life is not self.life or version <= life.acknowledged:
            return
        life.acknowledged = version
        if self._stream is not None and self._stream.opened:
            self._stream.acknowledge(version)

    def subscribe(self, subscription: groups.GroupSubscription) -> None:
        self._subscription = subscription
        if self._stream is not None and self._stream.opened:
            self._stream.subscribe(subscription)

    async def leave(self) -> None:
        """Ends the membership; returns when the coordinator has confirmed that, or cannot. A static member keeps its
        place."""
        self._end()
        if self._stream is not None and self._stream.opened:
            self._left = self._loop.create_future()
            self._stream.leave(keep_place=self._settings.instance_id is not None)
            await self._left

    def abandon(self) -> None:
        """Ends the stream and leaves the membership to its timeout."""
        self._end()
        self._drop_stream()

    def _end(self) -> None:
        self._closed = True
        self._ticking.cancel()
        if self._connect_timer is not None:
            self._connect_timer.cancel()

    # ---- the stream

    def _connect_in(self, seconds: float) -> None:
        if self._connect_timer is not None:
            self._connect_timer.cancel()
        self._connect_timer = self._loop.call_later(seconds, self._connect)

    def _connect(self) -> None:
        if not self._closed and not self._parked and self._fatal is None and self._stream is None:
            self._stream = GroupStream(self._channels, self._coordinator.broker, self._opening(), self, self._tasks)

    def _opening(self) -> groups.JoinGroupOpen:
        opening = groups.JoinGroupOpen(
            group=self._settings.group,
            member_id=self.life.member_id,
            member_epoch=self.life.member_epoch,
            assignment_version=self.life.acknowledged,
            instance_id=self._settings.instance_id or "",
            client_id=self._settings.client_id,
            subscription=self._subscription,
            assignor=groups.GroupAssignor.Name(self._settings.assignor.value),
        )
        opening.session_timeout.FromMicroseconds(round(self._settings.session_timeout * 1e6))
        opening.revocation_timeout.FromMicroseconds(round(self._settings.revocation_timeout * 1e6))
        return opening

    def _drop_stream(self) -> None:
        stream, self._stream = self._stream, None
        if stream is not None:
            stream.cancel()

    async def _tick(self) -> None:
        while True:
            self._look(self._loop.time())
            await asyncio.sleep(self._heartbeat_interval)

    def _look(self, now: float) -> None:
        if not self._parked and now - self._polled_at > self._settings.poll_interval_max:
            self._park(now)
        if self.life.joined and now - self.life.answered_at > self._session_timeout:
            self._lose("no coordinator has answered for the session timeout")
        stream = self._stream
        if stream is None:
            return
        if not stream.opened:
            if now - stream.since > self._client.attempt_timeout:
                self._silent(stream)
        elif now - stream.heard_at > max(
            self._heartbeat_interval * _HEARTBEATS_MISSED_MAX, self._client.leader_check_interval
        ):
            self._silent(stream)
        else:
            stream.heartbeat()

    def _silent(self, stream: GroupStream) -> None:
        _LOG.info("coordinator went silent group=%s broker=%s", self._settings.group, stream.broker)
        self._drop_stream()
        self._channels.renew(stream.broker)
        failure = Failure.of(ErrorCode.TIMEOUT, f"broker {stream.broker} went silent")
        self._coordinator.failed(stream.broker, failure)
        self._connect_in(self._schedule.next_delay())

    def _park(self, now: float) -> None:
        """A consumer that is not polled must not keep its partitions from the others."""
        _LOG.warning(
            "left the group, since the consumer was not polled group=%s member=%s poll_interval_max=%g s",
            self._settings.group,
            self.life.member_id,
            self._settings.poll_interval_max,
        )
        if self._stream is not None and self._stream.opened:
            self._stream.leave(keep_place=False)
        self._parked = True
        self._stream = None  # the coordinator ends it
        self._begin_anew(now)

    def _lose(self, reason: str) -> None:
        _LOG.warning(
            "lost the membership group=%s member=%s reason=%s", self._settings.group, self.life.member_id, reason
        )
        self._drop_stream()
        self._begin_anew(self._loop.time())
        self._connect_in(self._schedule.next_delay(True))

    def _begin_anew(self, now: float) -> None:
        self.life = Life(now)
        self._changed()

    # ---- what the coordinator says

    def on_opened(self, stream: GroupStream, opened: groups.JoinGroupOpened) -> None:
        if stream is not self._stream:
            return
        self._in_use_since = None
        self._schedule.succeeded()
        self._coordinator.is_at(stream.broker)
        self.life.answered_at = stream.since
        self.life.member_epoch = max(self.life.member_epoch, opened.member_epoch)
        self._heartbeat_interval = opened.heartbeat_interval.ToTimedelta().total_seconds()
        self._session_timeout = opened.session_timeout.ToTimedelta().total_seconds()
        _LOG.debug(
            "in the group group=%s member=%s coordinator=%s",
            self._settings.group,
            self.life.member_id,
            stream.broker,
        )
        # What was said while the stream was being opened is not in its first message.
        stream.subscribe(self._subscription)
        if self.life.acknowledged > 0:
            stream.acknowledge(self.life.acknowledged)

    def on_heartbeat(self, stream: GroupStream) -> None:
        sent_at = stream.answered_heartbeat()
        if stream is self._stream and sent_at is not None:
            self.life.answered_at = sent_at

    def on_assignment(self, stream: GroupStream, assignment: groups.GroupAssignment) -> None:
        if stream is self._stream:
            newest = Assignment.of(assignment, self._loop.time())
            self.life.member_epoch = max(self.life.member_epoch, newest.member_epoch)
            self.life.newest = newest
            self._changed()

    def on_go_away(self, stream: GroupStream, go_away: common_pb2.GoAway) -> None:
        if stream is not self._stream:
            return
        _LOG.debug(
            "told to go away group=%s broker=%s reason=%s", self._settings.group, stream.broker, go_away.reason
        )
        if self._is_left():
            self._drop_stream()
        elif go_away.reason == common_pb2.GO_AWAY_REASON_REPLACED:
            self._lose("another stream has taken its place")
        else:
            self._drop_stream()
            leader = address_of(go_away.leader) if go_away.HasField("leader") else None
            named = leader is not None and leader != stream.broker
            if leader is not None and named:
                self._coordinator.is_at(leader)
            else:
                self._coordinator.failed(stream.broker, Failure.of(ErrorCode.NOT_LEADER, go_away.message))
            self._connect_in(self._schedule.next_delay(named))

    def on_closed(self, stream: GroupStream, failure: Failure) -> None:
        if stream is not self._stream:
            return
        self._stream = None
        if self._is_left():
            return
        if failure.code is ErrorCode.UNKNOWN_MEMBER:
            self._lose(failure.cause.message)
        elif failure.code is ErrorCode.INSTANCE_IN_USE:
            self._await_instance(stream, failure)
        elif failure.code.retriable:
            _LOG.debug(
                "group stream lost group=%s broker=%s cause=%s", self._settings.group, stream.broker, failure.cause
            )
            named = self._coordinator.failed(stream.broker, failure)
            self._connect_in(self._schedule.next_delay(named))
        else:
            self._refused(failure)

    def _is_left(self) -> bool:
        """Whether the stream's end is what a leaving member waits for."""
        if self._left is not None and not self._left.done():
            self._left.set_result(None)
        return self._left is not None

    def _await_instance(self, stream: GroupStream, failure: Failure) -> None:
        """The process before this one may have died without leaving: then it is taken for gone after its session
        timeout."""
        now = self._loop.time()
        if self._in_use_since is None:
            self._in_use_since = now
        self._coordinator.is_at(stream.broker)
        if now - self._in_use_since > 2 * self._session_timeout:
            self._refused(failure)
        else:
            self._connect_in(self._schedule.next_delay())

    def _refused(self, failure: Failure) -> None:
        self._fatal = failure.cause
        self._changed()
