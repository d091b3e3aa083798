"""Unary calls, at one broker or at any that answers."""

from __future__ import annotations

import asyncio
from typing import TypeVar

import grpc
from google.protobuf.message import Message

from flotilla._transport import failure
from flotilla._transport.channels import Channels
from flotilla._transport.directory import BrokerDirectory
from flotilla._transport.failure import FailedCall, Failure
from flotilla._transport.methods import Method
from flotilla._transport.retries import RetrySchedule
from flotilla.errors import ErrorCode, LogException, Refused
from flotilla.settings import ClientSettings
from flotilla.types import BrokerAddress

Q = TypeVar("Q", bound=Message)
R = TypeVar("R", bound=Message)


def was_retried(failed: LogException) -> bool:
    """Whether this client or a broker made other attempts before, so that an earlier one may have had its effect."""
    return Refused.ATTEMPTS in failed.details


class BrokerCalls:
    """Confined to its event loop."""

    def __init__(self, settings: ClientSettings, channels: Channels) -> None:
        self._settings = settings
        self._channels = channels
        self.brokers = BrokerDirectory(settings.addresses)

    def schedule(self) -> RetrySchedule:
        """A schedule of retries by the client's settings."""
        return RetrySchedule(self._settings.retry_backoff_min, self._settings.retry_backoff_max)

    async def at(self, broker: BrokerAddress, method: Method[Q, R], request: Q, timeout: float) -> R:
        """One attempt at one broker. Raises FailedCall."""
        try:
            answer: R = await method.unary(self._channels.to(broker))(request, timeout=timeout)
            return answer
        except grpc.RpcError as error:
            raise FailedCall(failure.of_call(error, broker)) from error
        except LogException as closed:
            raise FailedCall(Failure(closed)) from closed
        except asyncio.CancelledError as cancelled:
            task = asyncio.current_task()
            if task is None or task.cancelling():
                raise
            # The channel was closed below us, which grpc.aio shows as a cancellation.
            closed_below = Failure.of(ErrorCode.BROKER_NOT_AVAILABLE, f"the connection to broker {broker} was closed")
            raise FailedCall(closed_below) from cancelled

    async def at_any(self, method: Method[Q, R], request: Q, timeout: float) -> R:
        """Asks one broker after the other, with pauses once all have failed, until one gives an answer or a failure
        that no retry can change, or `timeout` seconds are over. Raises LogException, at last TIMEOUT."""
        now = asyncio.get_running_loop().time
        deadline = now() + timeout
        schedule = self.schedule()
        attempts = 0
        last: Failure | None = None
        while True:
            for broker in self.brokers.in_order():
                left = deadline - now()
                if left <= 0:
                    raise self._expired(method, attempts, last)
                attempts += 1
                try:
                    return await self.at(broker, method, request, min(left, self._settings.attempt_timeout))
                except FailedCall as failed:
                    # An attempt cut short by the end of the call tells less than what failed before.
                    if last is None or failed.failure.code is not ErrorCode.TIMEOUT:
                        last = failed.failure
                    if not failed.failure.code.retriable:
                        raise _with_attempts(failed.failure.cause, attempts) from None
                    self.brokers.failed(broker)
            await asyncio.sleep(max(0.0, min(deadline - now(), schedule.next_delay())))

    def _expired(self, method: Method[Q, R], attempts: int, last: Failure | None) -> LogException:
        tried = ", ".join(map(str, self.brokers.in_order()))
        return Refused(
            ErrorCode.TIMEOUT,
            f"{method.name} got no answer in time after {attempts} attempts at {tried}"
            + (f"; last: {last.cause.message}" if last else ""),
            {Refused.ATTEMPTS: str(attempts)},
        )


def _with_attempts(cause: LogException, attempts: int) -> LogException:
    """Lets the caller see whether an earlier attempt may have had an effect."""
    if attempts > 1:
        cause.details[Refused.ATTEMPTS] = str(attempts)
    return cause
