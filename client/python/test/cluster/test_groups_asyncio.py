"""The same for asyncio, in the test's own event loop."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable

import pytest

from brokers import Brokers
from flotilla import CommittedOffset, FlotillaClient, GroupSettings, GroupState, LogException, Position, TopicPartition
from flotilla import aio
from groups import SESSION, fill

COUNT = 100


def settings(topic: str, **others: object) -> GroupSettings:
    return GroupSettings(f"group-{topic}", topic, session_timeout=SESSION, **others)  # type: ignore[arg-type]


class Member(aio.RebalanceListener):
    """Processes records in a task of its own, and commits by hand what it gives up."""

    def __init__(self, client: aio.FlotillaClient, settings: GroupSettings) -> None:
        self.processed: Counter[tuple[TopicPartition, int]] = Counter()
        self.heard: list[str] = []
        self.changed = asyncio.Condition()
        self.consumer = client.group_consumer(settings, self)
        self._task = asyncio.create_task(self._process())

    async def _process(self) -> None:
        async for record in self.consumer:
            self.processed[(record.partition, record.offset)] += 1
            async with self.changed:
                self.changed.notify_all()

    async def on_assigned(self, partitions: frozenset[TopicPartition]) -> None:
        self.heard.append("assigned")
        async with self.changed:
            self.changed.notify_all()

    async def on_revoked(self, partitions: frozenset[TopicPartition]) -> None:
        self.heard.append("revoked")
        await self.consumer.commit()

    async def until(self, condition: Callable[[], bool]) -> None:
        async with self.changed:
            await asyncio.wait_for(self.changed.wait_for(condition), 60)

    async def close(self) -> None:
        self.consumer.wakeup()
        await self._task
        await self.consumer.close()


async def test_members_share_and_hand_over(
    brokers: Brokers, client: FlotillaClient, new_topic: Callable[..., str]
) -> None:
    topic = new_topic(partition_count=2)
    await asyncio.to_thread(fill, client, topic, 2, COUNT)
    by_hand = settings(topic, auto_commit_interval=0)
    async with aio.FlotillaClient(brokers.bootstrap) as connected:
        one = Member(connected, by_hand)
        await one.until(lambda: len(one.processed) == 2 * COUNT)
        two = Member(connected, by_hand)
        await two.until(lambda: len(two.consumer.assignment) == 1)
        await asyncio.to_thread(fill, client, topic, 2, COUNT)
        await two.until(lambda: len(two.processed) == COUNT)
        await one.until(lambda: len(one.processed) == 3 * COUNT)
        await two.close()
        await asyncio.to_thread(fill, client, topic, 2, COUNT)
        await one.until(lambda: len(one.processed) == 5 * COUNT)
        await one.close()

        assert (one.processed + two.processed).most_common(1)[0][1] == 1, "none came twice"
        assert (one.heard, two.heard) == (["assigned", "revoked", "assigned", "revoked"], ["assigned", "revoked"])
        admin = connected.admin().groups()
        assert (await admin.describe(f"group-{topic}")).state is GroupState.EMPTY
        assert {at.offset for at in (await admin.committed(f"group-{topic}")).values()} == {3 * COUNT}
        await admin.reset(f"group-{topic}", {TopicPartition(topic, 0): 5})
        await admin.delete(f"group-{topic}")
        assert f"group-{topic}" not in [each.group for each in await admin.list_groups()]


async def test_a_poll_that_is_given_up_loses_nothing(
    brokers: Brokers, client: FlotillaClient, new_topic: Callable[..., str]
) -> None:
    topic = new_topic()
    partition = TopicPartition(topic, 0)
    hesitant = asyncio.Event()

    class Slow(aio.RebalanceListener):
        """Takes longer than the polls."""

        calls = 0

        async def on_assigned(self, partitions: frozenset[TopicPartition]) -> None:
            self.calls += 1
            await hesitant.wait()

    listener = Slow()
    async with aio.FlotillaClient(brokers.bootstrap) as connected:
        async with connected.group_consumer(settings(topic), listener) as consumer:
            while listener.calls == 0:
                with pytest.raises(asyncio.TimeoutError):
                    await asyncio.wait_for(consumer.poll(30), 0.1)
            with pytest.raises(asyncio.TimeoutError):
                await asyncio.wait_for(consumer.poll(30), 0.1)
            hesitant.set()
            await asyncio.to_thread(fill, client, topic, 1, COUNT)
            assert [record.offset for record in await consumer.poll(30)] == list(range(COUNT))
            assert listener.calls == 1

            waiting = asyncio.create_task(consumer.poll(30))
            await asyncio.sleep(0)
            with pytest.raises(RuntimeError, match="in use"):
                await consumer.poll(0)
            consumer.wakeup()
            with pytest.raises(Exception, match="woken"):
                await waiting
            assert (await consumer.position(partition), consumer.lag(partition)) == (COUNT, 0)
            consumer.seek(partition, Position.offset(90))
            assert (await anext(consumer)).offset == 90
            committed = consumer.commit_async()
            await consumer.commit({partition: CommittedOffset(95)})
            assert committed.done()
            assert await consumer.committed([partition]) == {partition: CommittedOffset(95)}


async def test_a_client_that_is_closed_ends_its_members(brokers: Brokers, new_topic: Callable[..., str]) -> None:
    topic = new_topic()
    async with aio.FlotillaClient(brokers.bootstrap) as connected:
        consumer = connected.group_consumer(settings(topic))
        waiting = asyncio.create_task(consumer.poll(60))
        async with asyncio.timeout(30):
            while not consumer.assignment:
                await asyncio.sleep(0.01)
    with pytest.raises((RuntimeError, LogException)):
        await asyncio.wait_for(waiting, 10)
