"""One channel per broker, opened when it is first needed and kept until the client is closed."""

from __future__ import annotations

import asyncio
from typing import Any

import grpc.aio

from flotilla._transport.tasks import Tasks
from flotilla.errors import ErrorCode, Refused
from flotilla.settings import ClientSettings
from flotilla.types import BrokerAddress

_RECONNECT_PAUSE_MILLIS = 100  # gRPC's least; our own retry schedule paces attempts
_CLOSE_TIMEOUT = 2.0


class Channels:
    """Confined to the event loop it is used on."""

    def __init__(self, settings: ClientSettings) -> None:
        self._settings = settings
        self._channels: dict[BrokerAddress, Any] = {}
        self._renewed_at: dict[BrokerAddress, float] = {}
        self._tasks = Tasks()
        self._closed = False

    def to(self, broker: BrokerAddress) -> Any:
        """The channel to a broker. Raises Refused BROKER_NOT_AVAILABLE if the client is closed."""
        if self._closed:
            raise Refused(ErrorCode.BROKER_NOT_AVAILABLE, f"the client is closed, broker {broker} not called")
        channel = self._channels.get(broker)
        if channel is None:
            channel = self._channels[broker] = self._open(broker)
        return channel

    def renew(self, broker: BrokerAddress) -> None:
        """Lets the next calls to a broker that owes answers use a new connection: the present one may lead nowhere
        without having been closed. More than one request within an attempt's time does nothing."""
        now = asyncio.get_running_loop().time()
        before = self._renewed_at.get(broker)
        if before is None or now - before >= self._settings.attempt_timeout:
            self._renewed_at[broker] = now
            channel = self._channels.pop(broker, None)
            if channel is not None:  # calls under way keep it until their own time is over
                self._tasks.start(channel.close(self._settings.attempt_timeout))

    def _open(self, broker: BrokerAddress) -> Any:
        settings = self._settings
        options = [
            ("grpc.keepalive_time_ms", round(settings.keep_alive_interval * 1000)),
            ("grpc.keepalive_timeout_ms", round(settings.keep_alive_timeout * 1000)),
            ("grpc.keepalive_permit_without_calls", 1),
            ("grpc.http2.max_pings_without_data", 0),
            ("grpc.max_receive_message_length", settings.message_bytes_max),
            ("grpc.max_send_message_length", settings.message_bytes_max),
            ("grpc.min_reconnect_backoff_ms", round(settings.connect_timeout * 1000)),  # how long connecting may take
            ("grpc.initial_reconnect_backoff_ms", _RECONNECT_PAUSE_MILLIS),
            ("grpc.max_reconnect_backoff_ms", max(_RECONNECT_PAUSE_MILLIS, round(settings.retry_backoff_max * 1000))),
            ("grpc.enable_retries", 0),  # our own retries know leaders and sequences
            ("grpc.use_local_subchannel_pool", 1),  # a renewed channel shall not get the old connection
        ]
        return grpc.aio.insecure_channel(str(broker), options=options)

    async def close(self) -> None:
        """Breaks every call that is still open."""
        self._closed = True
        channels = list(self._channels.values())
        self._channels.clear()
        closing = [asyncio.ensure_future(channel.close()) for channel in channels]
        if closing:
            await asyncio.wait(closing, timeout=_CLOSE_TIMEOUT)
        await self._tasks.close()
