"""One stream of a member to its coordinator."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Protocol

from flotilla._transport import methods
from flotilla._transport.channels import Channels
from flotilla._transport.failure import Failure
from flotilla._transport.streams import Stream
from flotilla._transport.tasks import Tasks
from flotilla.types import BrokerAddress
from flotilla.v1 import common_pb2
from flotilla.v1 import group_service_pb2 as groups


class Member(Protocol):
    """Hears what the coordinator says; after `on_closed` nothing comes."""

    def on_opened(self, stream: GroupStream, opened: groups.JoinGroupOpened) -> None: ...

    def on_assignment(self, stream: GroupStream, assignment: groups.GroupAssignment) -> None: ...

    def on_heartbeat(self, stream: GroupStream) -> None: ...

    def on_go_away(self, stream: GroupStream, go_away: common_pb2.GoAway) -> None: ...

    def on_closed(self, stream: GroupStream, failure: Failure) -> None: ...


class GroupStream:
    """Opens at once, without waiting for it: the member hears how it went. Confined to its event loop; times are of the
    loop's clock."""

    def __init__(
        self,
        channels: Channels,
        broker: BrokerAddress,
        opening: groups.JoinGroupOpen,
        member: Member,
        tasks: Tasks,
    ) -> None:
        self.broker = broker
        self._now: Callable[[], float] = asyncio.get_running_loop().time
        self.since = self.heard_at = self._now()
        self.opened = False
        self._member = member
        self._heartbeats: deque[float] = deque()  # a stream that owes three is left
        first = groups.JoinGroupRequest(open=opening)
        self._stream = Stream(channels, broker, methods.JOIN_GROUP, first, self, tasks)

    def heartbeat(self) -> None:
        self._heartbeats.append(self._now())
        self._stream.send(groups.JoinGroupRequest(heartbeat=groups.JoinGroupHeartbeat()))

    def answered_heartbeat(self) -> float | None:
        """When the heartbeat was sent that is answered now; None if none was."""
        return self._heartbeats.popleft() if self._heartbeats else None

    def acknowledge(self, version: int) -> None:
        acknowledge = groups.JoinGroupAcknowledge(assignment_version=version)
        self._stream.send(groups.JoinGroupRequest(acknowledge=acknowledge))

    def subscribe(self, subscription: groups.GroupSubscription) -> None:
        subscribe = groups.JoinGroupSubscribe(subscription=subscription)
        self._stream.send(groups.JoinGroupRequest(subscribe=subscribe))

    def leave(self, keep_place: bool) -> None:
        """The coordinator ends the stream once the member is out."""
        self._stream.send(groups.JoinGroupRequest(leave=groups.JoinGroupLeave(keep_place=keep_place)))

    def cancel(self) -> None:
        """Ends the stream, not the membership. The member hears nothing more."""
        self._stream.cancel()

    def answered(self, response: groups.JoinGroupResponse) -> None:
        self.heard_at = self._now()
        kind = response.WhichOneof("response")
        if kind == "opened":
            self.opened = True
            self._member.on_opened(self, response.opened)
        elif kind == "assignment":
            self._member.on_assignment(self, response.assignment)
        elif kind == "heartbeat":
            self._member.on_heartbeat(self)
        elif kind == "go_away":  # any other kind is newer than this client, which is free to ignore it
            self._member.on_go_away(self, response.go_away)

    def closed(self, failure: Failure) -> None:
        self._member.on_closed(self, failure)
