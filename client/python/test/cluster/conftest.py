"""A cluster of three real brokers for all tests of this folder."""

from __future__ import annotations

import itertools
import sys
import time
from collections.abc import Callable, Iterator

import pytest

from brokers import Brokers
from flotilla import ClientSettings, FlotillaClient, LogException, NewTopic

READY_SECONDS_MAX = 120  # one slow core included
_POLL_SECONDS = 0.05


def await_condition(what: str, condition: Callable[[], bool], seconds: float = 30) -> None:
    """Looks again and again until it holds; a failure that a retry may change is not yet an answer."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            if condition():
                return
            last = "it does not hold"
        except LogException as failure:
            last = str(failure)
        assert time.monotonic() < deadline, f"{what}, after {seconds} s: {last}"
        time.sleep(_POLL_SECONDS)


@pytest.fixture(scope="session")
def brokers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Brokers]:
    with Brokers(tmp_path_factory.mktemp("brokers")) as started:
        try:
            with FlotillaClient(started.bootstrap) as client:
                await_all_in_service(client, READY_SECONDS_MAX)
            yield started
        except BaseException:
            print(started.log_tails(), file=sys.stderr)
            raise


def await_all_in_service(client: FlotillaClient, seconds: float = 60) -> None:
    def all_there() -> bool:
        known = client.admin().describe_cluster().brokers
        return len(known) == 3 and all(broker.availability.is_in_service for broker in known)

    await_condition("three brokers in service", all_there, seconds)


@pytest.fixture(scope="session")
def client(brokers: Brokers) -> Iterator[FlotillaClient]:
    with FlotillaClient(brokers.bootstrap) as connected:
        yield connected


@pytest.fixture
def hasty_client(brokers: Brokers) -> Iterator[FlotillaClient]:
    """Soon believes that a topic does not exist."""
    with FlotillaClient(ClientSettings(brokers.bootstrap, topic_grace=0.3)) as connected:
        yield connected


_POOL = 20
"""Topics of one partition that are made at first, all together: each of them takes a second to elect its leader."""

_numbers = itertools.count(1)


def _await_leaders(client: FlotillaClient, names: list[str]) -> None:
    def all_led() -> bool:
        described = client.admin().describe_topics(names)
        return all(at.leader_broker_id is not None for topic in described for at in topic.partitions)

    await_condition(f"leaders of {names}", all_led)


@pytest.fixture(scope="session")
def topic_pool(client: FlotillaClient) -> list[str]:
    names = [f"pool-{number}" for number in range(_POOL)]
    for name in names:
        client.admin().create_topic(NewTopic(name, 1, 3))
    _await_leaders(client, names)
    return names


@pytest.fixture
def new_topic(client: FlotillaClient, topic_pool: list[str]) -> Callable[..., str]:
    """Gives topics that nobody has used, of three replicas and with leaders."""

    def make(partition_count: int = 1, **config: str) -> str:
        if partition_count == 1 and not config and topic_pool:
            name = topic_pool.pop()
        else:
            name = f"topic-{next(_numbers)}"
            client.admin().create_topic(NewTopic(name, partition_count, 3, config))
        _await_leaders(client, [name])
        return name

    return make
