"""A connection to a cluster, on an event loop."""

from __future__ import annotations

import asyncio
from types import TracebackType

from flotilla._consumer.core import ConsumerCore
from flotilla._consumer.fetcher import Fetcher
from flotilla._group.coordinator import Coordinator, CoordinatorCalls
from flotilla._group.core import GroupCore
from flotilla._metadata.cache import MetadataCache
from flotilla._metadata.offset_finder import OffsetFinder
from flotilla._producer.core import ProducerCore
from flotilla._transport.calls import BrokerCalls
from flotilla._transport.channels import Channels
from flotilla.aio.admin import Admin
from flotilla.aio.consumer import Consumer
from flotilla.aio.group_admin import GroupAdmin
from flotilla.aio.group_consumer import GroupConsumer, RebalanceListener
from flotilla.aio.producer import Producer
from flotilla.group_settings import GroupSettings
from flotilla.settings import ClientSettings, ConsumerSettings, ProducerSettings


class FlotillaClient:
    """Owns one channel per broker and what is known about topics and leaders, shared by all the producers, consumers and
    admins made from it. An application needs one. Connecting is lazy: a cluster that does not answer shows in the first
    call.

    `settings` is a text as `broker-1:9094,broker-2:9094`, brokers to ask first, or ClientSettings. Raises ValueError if
    an address is malformed.
    """

    def __init__(self, settings: str | ClientSettings) -> None:
        self.settings = ClientSettings(settings) if isinstance(settings, str) else settings
        self._channels = Channels(self.settings)
        self._calls = BrokerCalls(self.settings, self._channels)
        self._metadata = MetadataCache(self.settings, self._calls)
        self._offsets = OffsetFinder(self.settings, self._calls, self._metadata)
        coordinator = Coordinator(self._calls.brokers)
        self._coordinator_calls = CoordinatorCalls(self.settings, self._calls, coordinator)
        groups = GroupAdmin(self._coordinator_calls)
        self._admin = Admin(self.settings, self._calls, self._metadata, self._offsets, groups)
        self._members: set[Producer | Consumer | GroupConsumer] = set()
        self._closed = False

    def producer(self, settings: ProducerSettings | None = None) -> Producer:
        """The caller closes the producer. Raises LogException UNSUPPORTED_COMPRESSION if its codec is not installed."""
        self._require_open()
        core = ProducerCore(
            self.settings, settings or ProducerSettings(), self._channels, self._calls, self._metadata
        )
        producer = Producer(core, settings or ProducerSettings(), lambda: self._members.discard(producer))
        self._members.add(producer)
        return producer

    def consumer(self, settings: ConsumerSettings | None = None) -> Consumer:
        """The caller closes the consumer."""
        core = self._reader(settings or ConsumerSettings())
        consumer = Consumer(core, lambda: self._members.discard(consumer))
        self._members.add(consumer)
        return consumer

    def _reader(self, settings: ConsumerSettings) -> ConsumerCore:
        self._require_open()
        fetcher = Fetcher(self.settings, settings, self._channels, self._calls, self._metadata, self._offsets)
        return ConsumerCore(self.settings, settings, fetcher, self._offsets)

    def group_consumer(self, settings: GroupSettings, listener: RebalanceListener | None = None) -> GroupConsumer:
        """A member of a group, which joins at once. The caller closes the consumer."""
        reader = self._reader(settings.reading)
        core = GroupCore(
            self.settings,
            settings,
            reader,
            self._channels,
            self._coordinator_calls,
            listener or RebalanceListener(),
        )
        consumer = GroupConsumer(core, lambda: self._members.discard(consumer))
        self._members.add(consumer)
        return consumer

    def admin(self) -> Admin:
        """Lives as long as this client."""
        return self._admin

    def _require_open(self) -> None:
        if self._closed:
            raise RuntimeError("the client is closed")
        asyncio.get_running_loop()  # what is made here runs there

    async def close(self) -> None:
        """Closes what was made from it, producers without waiting and members of groups without leaving them, then the
        channels. Closing twice does no harm."""
        if self._closed:
            return
        self._closed = True
        for member in list(self._members):
            if isinstance(member, Producer):
                await member.close(timeout=0)
            elif isinstance(member, GroupConsumer):
                await member._core.abandon()
            else:
                await member.close()
        await self._metadata.close()
        await self._channels.close()

    async def __aenter__(self) -> FlotillaClient:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, failure: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()
