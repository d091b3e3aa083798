#!/usr/bin/python3
"""Applies a feed of changes to a table in PostgreSQL, each change exactly once: reads `inventory-changes`, writes the table
`inventory`.

A change and the offset behind it are written in one transaction, so the database itself knows how far it has come, whatever
dies when. The group only shares the partitions out; nothing is committed there. Whoever is given a partition asks the
database where to begin.

A member that was taken for dead, and is not, may still hold records that another has applied meanwhile. Therefore a
transaction moves a partition's offset only from where this member believes it to be; if it is elsewhere, all of it is rolled
back and the member goes on from what the database says. One that stands still in the middle of a transaction holds a lock
that the next owner waits for, so the database ends such a transaction after LOCK_MILLIS, and the member's connection with it.
This program then ends, as after any other failure that it cannot mend: let something start it again.

The records are JSON, with the row's id as their key, so that changes of one row stay in order:
{"op": "c|u|d", "id": 1, "name": "bolt", "quantity": 7}. Which database is the matter of PGHOST, PGPORT, PGDATABASE, PGUSER and
the other variables of PostgreSQL's own programs.

    client/examples/python/run change-feed 127.0.0.1:9094
"""

from __future__ import annotations

import argparse
import json
import logging
import sys
from itertools import groupby
from typing import Any

import psycopg2

from flotilla import (
    ConsumerRecord,
    FlotillaClient,
    GroupConsumer,
    GroupSettings,
    Position,
    RebalanceListener,
    TopicPartition,
)

LOG = logging.getLogger("change_feed")

LOCK_MILLIS = 5_000

TABLES = """
    create table if not exists inventory (id bigint primary key, name text, quantity bigint);
    create table if not exists flotilla_offsets (
        topic text, partition int, next_offset bigint, primary key (topic, partition)
    );
"""
STATEMENTS = {
    "c": "insert into inventory (id, name, quantity) values (%(id)s, %(name)s, %(quantity)s)",
    "u": "update inventory set name = %(name)s, quantity = %(quantity)s where id = %(id)s",
    "d": "delete from inventory where id = %(id)s",
}


class ChangeFeed(RebalanceListener):
    """Applies the changes of whatever partitions it is given."""

    def __init__(self, client: FlotillaClient, database: Any) -> None:
        self._database = database
        self._next_offsets: dict[TopicPartition, int] = {}
        settings = GroupSettings("inventory", "inventory-changes", auto_commit_interval=0)
        self.consumer: GroupConsumer = client.group_consumer(settings, self)

    def on_assigned(self, partitions: frozenset[TopicPartition]) -> None:
        for partition in partitions:
            self._go_on_from_database(partition)

    def _go_on_from_database(self, partition: TopicPartition) -> None:
        stored = self._stored_offset(partition)
        if stored is None:  # the first time: a row to be moved from
            self.consumer.seek(partition, Position.beginning())
            with self._database, self._database.cursor() as cursor:
                cursor.execute(
                    "insert into flotilla_offsets values (%s, %s, %s) on conflict do nothing",
                    (partition.topic, partition.partition, self.consumer.position(partition)),
                )
            stored = self._stored_offset(partition)
            assert stored is not None
        self.consumer.seek(partition, Position.offset(stored))
        self._next_offsets[partition] = stored

    def _stored_offset(self, partition: TopicPartition) -> int | None:
        with self._database, self._database.cursor() as cursor:
            cursor.execute("select next_offset from flotilla_offsets where topic = %s and partition = %s", partition)
            row = cursor.fetchone()
        return None if row is None else int(row[0])

    def run(self) -> None:
        while True:
            records = self.consumer.poll(timeout=1)
            for partition, of_partition in groupby(records, key=lambda record: record.partition):
                if not self._apply(partition, list(of_partition)):
                    self.on_assigned(self.consumer.assignment)  # all that was polled is read again from there
                    break

    def _apply(self, partition: TopicPartition, records: list[ConsumerRecord]) -> bool:
        """Writes all of these records and the offset behind them; or nothing, if another member has gone on."""
        before, after = self._next_offsets[partition], records[-1].offset + 1
        with self._database.cursor() as cursor:
            cursor.execute(
                "update flotilla_offsets set next_offset = %s where topic = %s and partition = %s and next_offset = %s",
                (after, *partition, before),
            )
            if cursor.rowcount != 1:
                self._database.rollback()
                LOG.warning("another member has gone on partition=%s offset=%d", partition, before)
                return False
            for record in records:
                change = json.loads(record.value or b"")
                cursor.execute(STATEMENTS[change["op"]], change)
                if cursor.rowcount != 1:
                    raise RuntimeError(f"{record!r} does not fit the table: {change}")
            self._database.commit()
        self._next_offsets[partition] = after
        return True


def main() -> None:
    arguments = argparse.ArgumentParser(description="applies changes to a table; the topic must exist, tables are made")
    arguments.add_argument("bootstrap", metavar="HOST:PORT,...", help="brokers to ask first")
    chosen = arguments.parse_args()
    logging.basicConfig(level=logging.INFO)
    database = psycopg2.connect("", options=f"-c idle_in_transaction_session_timeout={LOCK_MILLIS}")
    with database, database.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(1)")  # "if not exists" is not safe against another member's
        cursor.execute(TABLES)
    with FlotillaClient(chosen.bootstrap) as client:
        feed = ChangeFeed(client, database)
        with feed.consumer:
            feed.run()


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
