"""A member in a process of its own, for tests to kill: prints a line for each record it has processed, `offset` of which
it commits one by one, and `end` when it was interrupted and has left."""

from __future__ import annotations

import signal
import sys

from flotilla import CommittedOffset, FlotillaClient, GroupSettings, RebalanceListener, TopicPartition


class Announcing(RebalanceListener):
    """Tells the test what this member reads."""

    def on_assigned(self, partitions: frozenset[TopicPartition]) -> None:
        for partition in sorted(partitions):
            print("assigned", partition.partition, flush=True)


def main(bootstrap: str, group: str, topic: str, pace: str) -> None:
    """`pace` says who commits: `each` commits each record by itself, `auto` leaves it to the consumer."""
    settings = GroupSettings(
        group, topic, session_timeout=1.5, auto_commit_interval=0 if pace == "each" else 3600, client_id="python"
    )
    with FlotillaClient(bootstrap) as client:
        try:
            with client.group_consumer(settings, Announcing()) as consumer:
                for record in consumer:
                    print("processed", record.partition.partition, record.offset, flush=True)
                    if pace == "each":
                        consumer.commit({record.partition: CommittedOffset(record.offset + 1)})
                        print("committed", record.partition.partition, record.offset, flush=True)
        except KeyboardInterrupt:
            print("end", flush=True)


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.default_int_handler)  # which what a shell runs in the background lacks
    main(*sys.argv[1:])
