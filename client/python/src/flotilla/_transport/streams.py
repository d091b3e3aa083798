"""A stream of requests and responses to one broker."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any, Generic, Protocol, TypeVar

import grpc
from google.protobuf.message import Message

from flotilla._transport import failure
from flotilla._transport.channels import Channels
from flotilla._transport.failure import Failure
from flotilla._transport.methods import Method
from flotilla._transport.tasks import Tasks
from flotilla.errors import ErrorCode, LogException
from flotilla.types import BrokerAddress

Q = TypeVar("Q", bound=Message)
R = TypeVar("R", bound=Message)
R_contra = TypeVar("R_contra", bound=Message, contravariant=True)


class Listener(Protocol[R_contra]):
    """Hears what the broker answers; after `closed` nothing comes. Called on the event loop."""

    def answered(self, response: R_contra) -> None: ...

    def closed(self, failure: Failure) -> None: ...


class Stream(Generic[Q, R]):
    """Opens at once, without waiting for it: the listener hears how it went. Confined to its event loop."""

    def __init__(
        self,
        channels: Channels,
        broker: BrokerAddress,
        method: Method[Q, R],
        first: Q,
        listener: Listener[R],
        tasks: Tasks,
    ) -> None:
        self.broker = broker
        self._method = method
        self._listener = listener
        self._requests: asyncio.Queue[Q | None] = asyncio.Queue()  # bounded by what the protocol lets its users send
        self._requests.put_nowait(first)
        self._left = False
        self._task = tasks.start(self._run(channels))

    def send(self, request: Q) -> None:
        self._requests.put_nowait(request)

    def cancel(self) -> None:
        """Leaves the stream; its listener hears nothing more."""
        self._left = True
        self._task.cancel()

    async def _outgoing(self) -> AsyncIterator[Q]:
        while (request := await self._requests.get()) is not None:
            yield request

    async def _run(self, channels: Channels) -> None:
        ended = await self._listen(channels)
        if not self._left:
            self._left = True
            self._listener.closed(ended)

    async def _listen(self, channels: Channels) -> Failure:
        """Passes responses on; returns why there are no more."""
        call: Any = None
        try:
            call = self._method.stream(channels.to(self.broker))(self._outgoing())
            async for response in call:
                if not self._left:
                    self._listener.answered(response)
            return Failure.of(
                ErrorCode.BROKER_NOT_AVAILABLE, f"broker {self.broker} ended the {self._method.name} stream"
            )
        except grpc.RpcError as error:
            return failure.of_call(error, self.broker)
        except LogException as closed:
            return Failure(closed)
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if self._left or (task is not None and task.cancelling()):
                raise
            # The channel was closed below us, which grpc.aio shows as a cancellation.
            return Failure.of(ErrorCode.BROKER_NOT_AVAILABLE, f"the connection to broker {self.broker} was closed")
        finally:
            self._requests.put_nowait(None)  # gRPC's task that takes requests would wait for ever
            if call is not None:
                call.cancel()
