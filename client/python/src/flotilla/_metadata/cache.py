"""Topics and leaders as far as known, filled by asking any broker and by the hints of those that do not lead."""

from __future__ import annotations

import asyncio
import logging

from flotilla._metadata.topic_view import PartitionLeader, TopicView
from flotilla._transport import methods
from flotilla._transport.calls import BrokerCalls
from flotilla._transport.failure import FailedCall, Failure, LeaderHint, address_of
from flotilla._transport.tasks import Tasks
from flotilla.errors import ErrorCode, LogException, Refused
from flotilla.settings import ClientSettings
from flotilla.types import BrokerAddress, TopicPartition
from flotilla.v1 import topic_service_pb2

_LOG = logging.getLogger("flotilla.metadata")


class MetadataCache:
    """Confined to its event loop."""

    def __init__(self, settings: ClientSettings, calls: BrokerCalls) -> None:
        self._settings = settings
        self._calls = calls
        self._topics: dict[str, TopicView] = {}
        self._refreshes: dict[str, asyncio.Task[TopicView]] = {}
        self._refresh_at: dict[str, float] = {}
        self._tellers: dict[str, BrokerAddress] = {}
        """Who described a topic last."""
        self._tasks = Tasks()

    def topic(self, name: str) -> TopicView | None:
        """The topic as last heard of; None if it was never looked up, or was not found."""
        return self._topics.get(name)

    def leader(self, partition: TopicPartition) -> BrokerAddress | None:
        topic = self._topics.get(partition.topic)
        return topic.leader_of(partition.partition) if topic else None

    def refresh_if_old(self, name: str) -> None:
        """Asks anew in the background if what is known of the topic is older than `metadata_max_age`."""
        now = asyncio.get_running_loop().time()
        refresh_at = self._refresh_at.get(name)
        if refresh_at is not None and now >= refresh_at:
            self._refresh_at[name] = now + self._settings.metadata_max_age
            self._tasks.start(self._refresh_quietly(name))

    def expire(self, name: str) -> None:
        """What is known of a topic is old from now on."""
        if name in self._refresh_at:
            self._refresh_at[name] = asyncio.get_running_loop().time()

    def forget(self, name: str) -> None:
        """Forgets a topic that its brokers no longer know."""
        self._refresh_at.pop(name, None)
        self._tellers.pop(name, None)
        if self._topics.pop(name, None) is not None:
            _LOG.info("topic is gone topic=%s", name)

    def hear(self, hint: LeaderHint) -> None:
        """Takes what a broker said about a leader."""
        topic = self._topics.get(hint.partition.topic)
        if topic is not None:
            heard = PartitionLeader(hint.leader_epoch, hint.leader)
            self._topics[topic.name] = topic.hear(hint.partition.partition, heard)

    def leader_failed(self, partition: TopicPartition, broker: BrokerAddress, failure: Failure) -> None:
        """Learns from a failed call to a partition's supposed leader. A broker that is cut off from the others may go on
        naming itself while it denies to lead: that is no hint, and whoever told of it is asked last from now on."""
        # First forget, then hear: a hint that names somebody counts even if its epoch is the one we knew.
        topic = self._topics.get(partition.topic)
        if topic is not None:
            self._topics[topic.name] = topic.distrust(partition.partition, broker)
        hint = failure.leader_hint
        if hint is not None and hint.leader != broker:
            self.hear(hint)
        teller = self._tellers.get(partition.topic)
        if teller is not None and failure.leader_other_than(broker) is None:
            self._calls.brokers.failed(teller)

    async def look_up(self, name: str, timeout: float) -> TopicView:
        """The topic, from the cache or else asked for until `timeout` seconds are over.

        Raises LogException UNKNOWN_TOPIC when brokers have said for `topic_grace` that there is none, and TIMEOUT.
        """
        known = self._topics.get(name)
        if known is not None:
            return known
        now = asyncio.get_running_loop().time
        start = now()
        schedule = self._calls.schedule()
        while True:
            try:
                return await self.refresh(name)
            except LogException as failure:
                elapsed = now() - start
                unknown = failure.code is ErrorCode.UNKNOWN_TOPIC
                if unknown and elapsed >= min(self._settings.topic_grace, timeout):
                    raise
                if not unknown and not failure.code.retriable:
                    raise
                if elapsed >= timeout:
                    raise self._not_found(name, timeout, failure) from failure
            await asyncio.sleep(min(schedule.next_delay(), max(0.0, timeout - elapsed)))

    def _not_found(self, name: str, timeout: float, last: LogException) -> LogException:
        tried = ", ".join(map(str, self._calls.brokers.in_order()))
        return Refused(
            ErrorCode.TIMEOUT,
            f"no broker of {tried} described topic {name} within {timeout:g} s; last: {last.message}",
            {"topic": name},
        )

    async def refresh(self, name: str) -> TopicView:
        """Asks anew about a topic, once for all who ask at the same time: each known broker until one answers. Raises
        the last broker's failure."""
        running = self._refreshes.get(name)
        if running is None:
            running = self._tasks.start(self._ask(name))
            self._refreshes[name] = running
        # One who gives up waiting must not end the others' call.
        return await asyncio.shield(running)

    async def _refresh_quietly(self, name: str) -> None:
        try:
            await self.refresh(name)
        except LogException as failure:  # tried again at the next age
            _LOG.debug("refresh failed topic=%s cause=%s", name, failure)

    async def _ask(self, name: str) -> TopicView:
        try:
            request = topic_service_pb2.DescribeTopicsRequest(names=[name])
            last: LogException | None = None
            for broker in self._calls.brokers.in_order():
                try:
                    # Answered from memory, so a broker that takes longer than this is not the one to wait for.
                    answer = await self._calls.at(
                        broker, methods.DESCRIBE_TOPICS, request, self._settings.leader_check_interval
                    )
                    return self._heard(name, broker, answer)
                except FailedCall as failed:
                    last = failed.failure.cause
                    if not last.code.retriable:
                        break
                    self._calls.brokers.failed(broker)
            assert last is not None
            raise last
        finally:
            self._refreshes.pop(name, None)

    def _heard(
        self, name: str, broker: BrokerAddress, answer: topic_service_pb2.DescribeTopicsResponse
    ) -> TopicView:
        brokers: dict[int, BrokerAddress] = {}
        for endpoint in answer.brokers:
            address = address_of(endpoint)
            if address is not None:
                brokers[endpoint.broker_id] = address
        self._calls.brokers.learn(brokers.values())
        for description in answer.topics:
            if description.name == name:
                heard = _view_of(description, brokers)
                known = self._topics.get(name)
                view = known.merge(heard) if known else heard
                self._topics[name] = view
                self._tellers[name] = broker
                self._refresh_at[name] = asyncio.get_running_loop().time() + self._settings.metadata_max_age
                return view
        raise Refused(ErrorCode.UNKNOWN_TOPIC, f"broker {broker} knows no topic {name}")

    async def close(self) -> None:
        await self._tasks.close()


def _view_of(
    description: topic_service_pb2.TopicDescription, brokers: dict[int, BrokerAddress]
) -> TopicView:
    leaders = tuple(
        PartitionLeader(
            partition.leader_epoch,
            brokers.get(partition.leader_broker_id) if partition.HasField("leader_broker_id") else None,
        )
        for partition in description.partitions
    )
    return TopicView(description.name, description.topic_id, dict(description.config), leaders)
