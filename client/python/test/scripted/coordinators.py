"""Brokers in the test's own process, over real gRPC, whose streams to members of groups the test itself answers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import grpc
import grpc.aio

from cluster import Cluster
from flotilla import ErrorCode
from flotilla._transport import methods
from flotilla.v1 import common_pb2
from flotilla.v1 import group_service_pb2 as groups

_STEP_SECONDS_MAX = 10


class Coordinators:
    """Every stream that a member opens comes out of `joined`, whichever of the brokers it is at."""

    def __init__(self, size: int) -> None:
        self._cluster = Cluster(size)
        self._sessions: asyncio.Queue[Session] = asyncio.Queue()

    @property
    def bootstrap(self) -> str:
        return self._cluster.bootstrap

    def refusal(self, code: ErrorCode, leader: int = 0) -> Any:
        """A status as brokers send it; NOT_LEADER names the leader."""
        self._cluster.leader = leader
        return self._cluster.refusal(code)

    def endpoint(self, broker: int) -> common_pb2.BrokerEndpoint:
        return self._cluster.endpoint(broker)

    async def joined(self) -> Session:
        return await asyncio.wait_for(self._sessions.get(), _STEP_SECONDS_MAX)

    async def __aenter__(self) -> Coordinators:
        for broker in self._cluster.brokers:
            await broker.start(self._handler(self._cluster.brokers.index(broker)))
        return self

    def _handler(self, number: int) -> Any:
        async def join(requests: AsyncIterator[Any], context: Any) -> AsyncIterator[Any]:
            first = await anext(aiter(requests))
            session = Session(number, first.open, requests)
            self._sessions.put_nowait(session)
            while (answer := await session.answers.get()) is not None:
                if isinstance(answer, groups.JoinGroupResponse):
                    yield answer
                else:
                    context.set_trailing_metadata((("grpc-status-details-bin", answer.SerializeToString()),))
                    await context.abort(grpc.StatusCode.UNAVAILABLE, answer.message)

        method = methods.JOIN_GROUP
        handler = grpc.stream_stream_rpc_method_handler(
            join, method.request.FromString, method.response.SerializeToString
        )
        return grpc.method_handlers_generic_handler(f"flotilla.v1.{method.service}", {method.name: handler})

    async def __aexit__(self, *_: object) -> None:
        for broker in self._cluster.brokers:
            await broker.stop()


class Session:
    """One stream of a member, at the broker of this number."""

    def __init__(self, broker: int, opening: groups.JoinGroupOpen, requests: AsyncIterator[Any]) -> None:
        self.broker = broker
        self.opening = opening
        self.answers: asyncio.Queue[Any] = asyncio.Queue()
        self.is_lively = False
        """Whether it answers heartbeats, while the test listens."""
        self._requests = requests

    async def said(self, kind: str) -> Any:
        """The next message of this kind; those before are dropped."""

        async def listen() -> Any:
            async for request in self._requests:
                if request.WhichOneof("request") == kind:
                    return getattr(request, kind)
                if self.is_lively and request.HasField("heartbeat"):
                    self.answers.put_nowait(groups.JoinGroupResponse(heartbeat=groups.JoinGroupHeartbeat()))
            raise AssertionError(f"the member ended the stream without {kind}")

        return await asyncio.wait_for(listen(), _STEP_SECONDS_MAX)

    def open(self, member_epoch: int, session_timeout: float = 60, heartbeat_interval: float = 0.2) -> None:
        opened = groups.JoinGroupOpened(member_epoch=member_epoch)
        opened.session_timeout.FromMilliseconds(round(session_timeout * 1000))
        opened.heartbeat_interval.FromMilliseconds(round(heartbeat_interval * 1000))
        self.answers.put_nowait(groups.JoinGroupResponse(opened=opened))

    def assign(self, version: int, member_epoch: int) -> None:
        assignment = groups.GroupAssignment(version=version, member_epoch=member_epoch)
        self.answers.put_nowait(groups.JoinGroupResponse(assignment=assignment))

    def send_away(self, reason: common_pb2.GoAwayReason, leader: common_pb2.BrokerEndpoint | None) -> None:
        self.answers.put_nowait(groups.JoinGroupResponse(go_away=common_pb2.GoAway(reason=reason, leader=leader)))

    def end(self, status: Any = None) -> None:
        """With a failure, or else as a broker does whose member has left."""
        self.answers.put_nowait(status)
