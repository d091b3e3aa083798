"""The brokers a call that any of them can answer may go to. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from flotilla.types import BrokerAddress


class BrokerDirectory:
    """Those the cluster named last, and the bootstrap addresses."""

    def __init__(self, bootstrap: Iterable[BrokerAddress]) -> None:
        self._bootstrap = tuple(bootstrap)
        self._named: tuple[BrokerAddress, ...] = ()
        self._start = 0

    def learn(self, brokers: Iterable[BrokerAddress]) -> None:
        """Replaces what the cluster named before; no broker at all is ignored."""
        named = tuple(brokers)
        if named:
            self._named = named

    def in_order(self) -> list[BrokerAddress]:
        """Every known broker once, in the order in which to try them: those that failed last come last."""
        brokers = self._all()
        start = self._start % len(brokers)
        return brokers[start:] + brokers[:start]

    def failed(self, broker: BrokerAddress) -> None:
        """Lets later calls begin behind this broker, if they would begin with it."""
        brokers = self._all()
        if brokers[self._start % len(brokers)] == broker:
            self._start = (self._start + 1) % len(brokers)

    def _all(self) -> list[BrokerAddress]:
        return list(dict.fromkeys(self._named + self._bootstrap))
