"""Which broker to ask about groups, and unary calls to it."""

from __future__ import annotations

import asyncio
from typing import TypeVar

from google.protobuf.message import Message

from flotilla._transport.calls import BrokerCalls
from flotilla._transport.directory import BrokerDirectory
from flotilla._transport.failure import FailedCall, Failure
from flotilla._transport.methods import Method
from flotilla.errors import ErrorCode, LogException, Refused
from flotilla.settings import ClientSettings
from flotilla.types import BrokerAddress

Q = TypeVar("Q", bound=Message)
R = TypeVar("R", bound=Message)


class Coordinator:
    """The broker that was named or answered last, and while none is known one after the other. Pure."""

    def __init__(self, brokers: BrokerDirectory) -> None:
        self._brokers = brokers
        self._known: BrokerAddress | None = None

    @property
    def broker(self) -> BrokerAddress:
        """The broker to try next."""
        return self._known or self._brokers.in_order()[0]

    def is_at(self, broker: BrokerAddress) -> None:
        """That broker did what only a coordinator does, or another one named it."""
        self._known = broker

    def failed(self, broker: BrokerAddress, failure: Failure) -> bool:
        """Returns whether the failed broker named another one, which is to be asked at once."""
        other = failure.leader_other_than(broker)
        if other is not None:
            self._known = other
            return True
        if self._known == broker:
            self._known = None
        self._brokers.failed(broker)
        return False


class CoordinatorCalls:
    """Unary calls that the coordinator answers, with retries. Only calls that may be repeated belong here. Confined to its
    event loop."""

    def __init__(self, settings: ClientSettings, calls: BrokerCalls, coordinator: Coordinator) -> None:
        self._settings = settings
        self._calls = calls
        self.coordinator = coordinator

    async def ask(self, method: Method[Q, R], request: Q) -> R:
        """Raises the first LogException that no retry can change, or TIMEOUT after the request timeout."""
        now = asyncio.get_running_loop().time
        deadline = now() + self._settings.request_timeout
        schedule = self._calls.schedule()
        last: LogException | None = None
        while (left := deadline - now()) > 0:
            broker = self.coordinator.broker
            try:
                answer = await self._calls.at(broker, method, request, min(left, self._settings.attempt_timeout))
            except FailedCall as failed:
                last = failed.failure.cause
                if not last.retriable:
                    raise last from None
                named = self.coordinator.failed(broker, failed.failure)
                await asyncio.sleep(max(0.0, min(schedule.next_delay(named), deadline - now())))
            else:
                self.coordinator.is_at(broker)
                return answer
        raise Refused(
            ErrorCode.TIMEOUT,
            f"{method.name} got no answer within {self._settings.request_timeout:g} s from the coordinator of groups"
            + (f"; last: {last.message}" if last else ""),
        )
