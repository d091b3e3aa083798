"""Members and brokers that die: no record is lost, and what was committed does not come again."""

from __future__ import annotations

import signal
from collections import Counter
from collections.abc import Callable

from brokers import Brokers
from conftest import await_all_in_service, await_condition
from flotilla import FlotillaClient, GroupSettings, GroupState, TopicPartition
from groups import SESSION, Member, MemberProcess, fill, poll_until

COUNT = 200


def settings(topic: str, session_timeout: float = SESSION) -> GroupSettings:
    return GroupSettings(f"group-{topic}", topic, session_timeout=session_timeout, auto_commit_interval=0.2)


def test_a_member_that_is_killed_is_replaced(
    brokers: Brokers, client: FlotillaClient, new_topic: Callable[..., str]
) -> None:
    topic = new_topic(partition_count=2)
    group = f"group-{topic}"
    fill(client, topic, 2, COUNT)
    with MemberProcess(brokers.bootstrap, group, topic, "each") as victim:
        await_condition("it commits", lambda: len(victim.records(topic, "committed")) > 20)
        victim.end(signal.SIGKILL)

        with Member(client, settings(topic)) as heir:
            every = {(TopicPartition(topic, number), offset) for number in range(2) for offset in range(COUNT)}
            processed = victim.records(topic, "processed")
            poll_until("all is read", lambda: every == set(processed) | heir.processed.keys(), heir)

    committed = victim.records(topic, "committed")
    assert not set(committed) & heir.processed.keys(), "what was committed does not come again"
    again = Counter(processed) + heir.processed
    assert sum(count > 1 for count in again.values()) <= 1, "but what was in hand when it died"


def test_ctrl_c_commits_what_is_processed_and_leaves_at_once(
    brokers: Brokers, client: FlotillaClient, new_topic: Callable[..., str]
) -> None:
    topic = new_topic()
    group = f"group-{topic}"
    fill(client, topic, 1, COUNT)
    with MemberProcess(brokers.bootstrap, group, topic, "auto") as member:
        await_condition("it has read all", lambda: len(member.records(topic, "processed")) == COUNT)
        member.end(signal.SIGINT)

        assert member.lines[-1] == "end"
        assert client.admin().groups().describe(group).state is GroupState.EMPTY
        committed = client.admin().groups().committed(group)
        assert committed[TopicPartition(topic, 0)].offset == COUNT


def test_the_coordinator_dies_and_nobody_loses_a_partition(
    brokers: Brokers, client: FlotillaClient, new_topic: Callable[..., str]
) -> None:
    topic = new_topic(partition_count=2)
    group = f"group-{topic}"
    fill(client, topic, 2, COUNT)
    patient = settings(topic, session_timeout=30)  # longer than it takes to elect another coordinator
    with Member(client, patient) as one, Member(client, patient) as two:
        poll_until(
            "they share and have read all",
            lambda: len(one.processed | two.processed) == 2 * COUNT and len(two.consumer.assignment) == 1,
            one,
            two,
        )
        before = one.consumer.assignment, two.consumer.assignment, list(one.heard), list(two.heard)
        epoch = client.admin().groups().describe(group).epoch
        coordinator = client.admin().describe_cluster().metadata_leader_broker_id
        assert coordinator is not None

        brokers.kill(coordinator)
        try:
            poll_until(
                "there is another", lambda: client.admin().groups().describe(group).epoch == epoch, one, two
            )
            one.consumer.commit()
            fill(client, topic, 2, COUNT)
            poll_until("they read on", lambda: len(one.processed | two.processed) == 4 * COUNT, one, two)
        finally:
            brokers.start(coordinator)

        assert before == (one.consumer.assignment, two.consumer.assignment, list(one.heard), list(two.heard))
        assert (one.processed + two.processed).most_common(1)[0][1] == 1, "none came twice"
        assert client.admin().groups().describe(group).epoch == epoch
        poll_until("all brokers are back", lambda: _all_in_service(client), one, two)


def _all_in_service(client: FlotillaClient) -> bool:
    return sum(each.availability.is_in_service for each in client.admin().describe_cluster().brokers) == 3


def test_commits_outlive_a_restart_of_all_brokers(
    brokers: Brokers, client: FlotillaClient, new_topic: Callable[..., str]
) -> None:
    topic = new_topic()
    partition = TopicPartition(topic, 0)
    fill(client, topic, 1, COUNT)
    with Member(client, settings(topic)) as member:
        poll_until("it reads", lambda: len(member.processed) == COUNT, member)
        member.consumer.commit()
        for number in (1, 2, 3):
            brokers.kill(number)
        brokers.start_all()
        await_all_in_service(client, 120)

        committed = client.admin().groups().committed(f"group-{topic}")
        assert committed[partition].offset == COUNT
        fill(client, topic, 1, COUNT)
        poll_until("it reads on", lambda: len(member.processed) == 2 * COUNT, member)
        member.consumer.commit()
        assert member.consumer.committed([partition])[partition].offset == 2 * COUNT
