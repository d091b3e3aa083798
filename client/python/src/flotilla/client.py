"""A connection to a cluster, for code that blocks."""

from __future__ import annotations

from types import TracebackType

from flotilla import aio
from flotilla._group.errands import Errands
from flotilla._transport.loop_thread import LoopThread
from flotilla.admin import Admin
from flotilla.consumer import Consumer
from flotilla.consumer_loop import ConsumerLoop, RecordHandler
from flotilla.group_consumer import GroupConsumer, ListenerOnItsThread, RebalanceListener
from flotilla.group_settings import GroupSettings
from flotilla.producer import Producer
from flotilla.settings import ClientSettings, ConsumerSettings, ProducerSettings


class FlotillaClient:
    """Owns the connections and what is known about topics and leaders, shared by all the producers, consumers and admins
    made from it. An application needs one. Connecting is lazy: a cluster that does not answer shows in the first call.

    `settings` is a text as `broker-1:9094,broker-2:9094`, brokers to ask first, or ClientSettings. Raises ValueError if
    an address is malformed.

    Every method may be called by any thread, but not in a callback of a future. The work is done by one thread for all
    clients of the process, so a process must fork before its first client, not after.
    """

    def __init__(self, settings: str | ClientSettings) -> None:
        self._client = aio.FlotillaClient(settings)
        self._thread = LoopThread.shared()
        self._admin = Admin(self._client.admin(), self._thread)

    @property
    def settings(self) -> ClientSettings:
        return self._client.settings

    def producer(self, settings: ProducerSettings | None = None) -> Producer:
        """The caller closes the producer. Raises LogException UNSUPPORTED_COMPRESSION if its codec is not installed."""
        used = settings or ProducerSettings()
        return Producer(self._thread.call(lambda: self._client.producer(used)), used, self._thread)

    def consumer(self, settings: ConsumerSettings | None = None) -> Consumer:
        """The caller closes the consumer."""
        return Consumer(self._thread.call(lambda: self._client.consumer(settings)), self._thread)

    def group_consumer(self, settings: GroupSettings, listener: RebalanceListener | None = None) -> GroupConsumer:
        """A member of a group, which joins at once. The caller closes the consumer."""
        errands = Errands(self._thread)
        hearing = None if listener is None else ListenerOnItsThread(listener, errands)
        consumer = self._thread.call(lambda: self._client.group_consumer(settings, hearing))
        return GroupConsumer(consumer, errands, self._thread)

    def consume(self, settings: GroupSettings, handler: RecordHandler) -> ConsumerLoop:
        """Starts a thread on which the handler processes the records of a group. The caller closes the loop."""
        return ConsumerLoop(self.group_consumer(settings), settings.group, handler)

    def admin(self) -> Admin:
        """Lives as long as this client."""
        return self._admin

    def close(self) -> None:
        """Closes what was made from it, producers without waiting and members of groups without leaving them, then the
        connections. Closing twice does no harm."""
        self._thread.run(self._client.close())

    def __enter__(self) -> FlotillaClient:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, failure: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
