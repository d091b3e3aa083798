"""A cluster and a database for all tests of this folder, which run once for each language."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest

from brokers import Brokers
from flotilla import FlotillaClient
from postgres import Postgres
from waiting import await_condition

READY_SECONDS_MAX = 120  # one slow core included


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--languages", default="python", help="whose examples to run, as 'python java'")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "language" in metafunc.fixturenames:
        metafunc.parametrize("language", metafunc.config.getoption("languages").split())


@pytest.fixture(scope="session")
def brokers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Brokers]:
    with Brokers(tmp_path_factory.mktemp("brokers")) as started:
        try:
            with FlotillaClient(started.bootstrap) as client:
                await_condition(
                    "three brokers in service", lambda: _in_service(client) == 3, READY_SECONDS_MAX
                )
            yield started
        except BaseException:
            print(started.log_tails(), file=sys.stderr)
            raise


def _in_service(client: FlotillaClient) -> int:
    return sum(broker.availability.is_in_service for broker in client.admin().describe_cluster().brokers)


@pytest.fixture(scope="session")
def client(brokers: Brokers) -> Iterator[FlotillaClient]:
    with FlotillaClient(brokers.bootstrap) as connected:
        yield connected


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    with Postgres() as started:
        yield started


@pytest.fixture
def without_topics(client: FlotillaClient) -> Iterator[None]:
    """Each language finds the cluster as the one before did."""
    yield
    for topic in client.admin().list_topics():
        client.admin().delete_topic_now(topic.name)
