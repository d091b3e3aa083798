"""A table fed with changes by programs that die, or are taken for dead: each change has its effect exactly once."""

from __future__ import annotations

import json
import random
import signal
from pathlib import Path
from typing import Any

import pytest

from brokers import Brokers
from flotilla import FlotillaClient, NewTopic, ProducerRecord
from postgres import Postgres
from programs import Programs
from waiting import await_condition

SEED = 20260102
PARTITIONS = 3
PHASE = 2_000
IDS = 300


class Inventory:
    """Makes changes, each of which fits what the table holds after those before, and knows the outcome."""

    def __init__(self, client: FlotillaClient, chance: random.Random) -> None:
        self._client = client
        self._chance = chance
        self.rows: dict[int, tuple[str, int]] = {}
        self.change_count = 0

    def change(self, count: int) -> None:
        with self._client.producer() as producer:
            for _ in range(count):
                change = self._next()
                key = str(change["id"]).encode()
                producer.send(ProducerRecord("inventory-changes", json.dumps(change).encode(), key=key))
        self.change_count += count

    def _next(self) -> dict[str, Any]:
        at = self._chance.randrange(IDS)
        name, quantity = f"part {self._chance.randrange(1000)}", self._chance.randrange(1000)
        if at not in self.rows:
            self.rows[at] = name, quantity
            return {"op": "c", "id": at, "name": name, "quantity": quantity}
        if self._chance.random() < 0.3:
            del self.rows[at]
            return {"op": "d", "id": at}
        self.rows[at] = name, quantity
        return {"op": "u", "id": at, "name": name, "quantity": quantity}


class Database:
    """What the programs have written."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def drop_tables(self) -> None:
        with self._connection.cursor() as cursor:
            cursor.execute("drop table if exists inventory, flotilla_offsets")

    def applied(self) -> int:
        """How many changes."""
        with self._connection.cursor() as cursor:
            cursor.execute("select to_regclass('flotilla_offsets')")
            if cursor.fetchone()[0] is None:
                return 0
            cursor.execute("select coalesce(sum(next_offset), 0) from flotilla_offsets")
            return int(cursor.fetchone()[0])

    def rows(self) -> dict[int, tuple[str, int]]:
        with self._connection.cursor() as cursor:
            cursor.execute("select id, name, quantity from inventory")
            return {row[0]: (row[1], row[2]) for row in cursor.fetchall()}


@pytest.mark.usefixtures("without_topics")
def test_each_change_is_applied_exactly_once(
    language: str, brokers: Brokers, client: FlotillaClient, postgres: Postgres, tmp_path: Path
) -> None:
    client.admin().create_topic(NewTopic("inventory-changes", PARTITIONS, 3))
    inventory = Inventory(client, random.Random(SEED))
    connection = postgres.connect()
    database = Database(connection)
    database.drop_tables()
    environment = postgres.environment
    with Programs(language, "change-feed", brokers.bootstrap, environment, tmp_path / "log") as programs:
        first = programs.start()
        inventory.change(PHASE)
        await_condition("it applies", lambda: database.applied() > 0)
        programs.kill(first)

        stalled, other = programs.start(), programs.start()
        inventory.change(PHASE)
        await_condition("the others take over", lambda: database.applied() > PHASE)
        stalled.send_signal(signal.SIGSTOP)
        inventory.change(PHASE)
        await_condition("one goes on alone", lambda: database.applied() == inventory.change_count)
        assert database.rows() == inventory.rows, f"seed {SEED}"

        inventory.change(PHASE)
        stalled.send_signal(signal.SIGCONT)  # does not know yet that it was taken for dead
        await_condition("all is applied", lambda: database.applied() == inventory.change_count)
        assert database.rows() == inventory.rows, f"seed {SEED}"
        assert other.poll() is None
        # The database may have ended the transaction in which the stalled one stood.
    connection.close()
