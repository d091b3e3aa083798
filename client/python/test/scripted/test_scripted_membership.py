"""What a member does when its coordinator moves, keeps silent, or says that it is no member any more."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from coordinators import Coordinators, Session
from flotilla import ClientSettings, ErrorCode, GroupSettings, LogException
from flotilla._group.coordinator import Coordinator
from flotilla._group.membership import Membership
from flotilla._transport.channels import Channels
from flotilla._transport.directory import BrokerDirectory
from flotilla._transport.tasks import Tasks
from flotilla.v1 import common_pb2

STEP_SECONDS_MAX = 10


class Member:
    """A membership, and what it has called for."""

    def __init__(self, bootstrap: str, settings: GroupSettings) -> None:
        client = ClientSettings(
            bootstrap, leader_check_interval=0.3, retry_backoff_min=0.01, retry_backoff_max=0.05
        )
        self.changed = asyncio.Event()
        self.channels = Channels(client)
        self.tasks = Tasks()
        coordinator = Coordinator(BrokerDirectory(client.addresses))
        self.membership = Membership(
            client, settings, self.channels, coordinator, self.tasks, self.changed.set
        )

    async def until_changed(self) -> None:
        await asyncio.wait_for(self.changed.wait(), STEP_SECONDS_MAX)
        self.changed.clear()

    async def __aenter__(self) -> Member:
        return self

    async def __aexit__(self, *_: object) -> None:
        self.membership.abandon()
        await self.tasks.close()
        await self.channels.close()


@pytest.fixture
async def coordinators() -> AsyncIterator[Coordinators]:
    async with Coordinators(2) as started:
        yield started


@pytest.fixture
async def member(coordinators: Coordinators) -> AsyncIterator[Member]:
    async with Member(coordinators.bootstrap, GroupSettings("billing", "orders", poll_interval_max=3600)) as made:
        yield made


async def in_group(coordinators: Coordinators, member: Member) -> Session:
    """A member of epoch 4 that has acknowledged version 7."""
    session = await coordinators.joined()
    session.open(4)
    session.assign(7, 4)
    await member.until_changed()
    member.membership.acknowledge(member.membership.life, 7)
    assert (await session.said("acknowledge")).assignment_version == 7
    return session


def is_same_member(session: Session, before: Session) -> bool:
    """Whether it comes back, rather than joins anew."""
    return (session.opening.member_id, session.opening.member_epoch, session.opening.assignment_version) == (
        before.opening.member_id,
        4,
        7,
    )


async def test_a_broker_that_does_not_coordinate_names_who_does(coordinators: Coordinators, member: Member) -> None:
    session = await coordinators.joined()
    assert session.broker == 0 and session.opening.member_epoch == 0
    session.end(coordinators.refusal(ErrorCode.NOT_LEADER, leader=1))

    assert (await coordinators.joined()).broker == 1


@pytest.mark.parametrize("end", ["go_away", "breaks", "silent"])
async def test_a_member_comes_back_to_another_coordinator(
    coordinators: Coordinators, member: Member, end: str
) -> None:
    session = await in_group(coordinators, member)
    if end == "go_away":
        session.send_away(common_pb2.GO_AWAY_REASON_LEADER_CHANGED, coordinators.endpoint(1))
    elif end == "breaks":
        session.end(coordinators.refusal(ErrorCode.BROKER_NOT_AVAILABLE))

    following = await coordinators.joined()
    assert following.broker == 1 and is_same_member(following, session)
    following.open(4)
    assert (await following.said("acknowledge")).assignment_version == 7, "it may have been lost"


@pytest.mark.parametrize("end", ["removed", "replaced", "unanswered"])
async def test_a_member_that_is_none_any_more_joins_anew(
    coordinators: Coordinators, member: Member, end: str
) -> None:
    session = await in_group(coordinators, member)
    if end == "removed":
        session.end(coordinators.refusal(ErrorCode.UNKNOWN_MEMBER))
    elif end == "replaced":
        session.send_away(common_pb2.GO_AWAY_REASON_REPLACED, None)
    else:
        session.open(4, session_timeout=0.2)

    await member.until_changed()
    assert member.membership.life.newest.version == 0, "nothing is its own"
    following = await coordinators.joined()
    assert following.opening.member_id != session.opening.member_id
    assert (following.opening.member_epoch, following.opening.assignment_version) == (0, 0)


async def test_a_member_leaves_and_waits_for_that(coordinators: Coordinators, member: Member) -> None:
    session = await in_group(coordinators, member)

    leaving = asyncio.create_task(member.membership.leave())
    assert not (await session.said("leave")).keep_place
    assert not leaving.done()
    session.end()
    await asyncio.wait_for(leaving, STEP_SECONDS_MAX)


async def test_a_member_that_is_not_polled_leaves_until_it_is(coordinators: Coordinators) -> None:
    async with Member(coordinators.bootstrap, GroupSettings("billing", "orders", poll_interval_max=1)) as idle:
        session = await in_group(coordinators, idle)
        session.is_lively = True

        assert not (await session.said("leave")).keep_place
        await idle.until_changed()
        idle.membership.polled()
        following = await coordinators.joined()
        assert following.opening.member_id != session.opening.member_id


async def test_an_instance_in_use_is_waited_for_and_then_told(coordinators: Coordinators) -> None:
    settings = GroupSettings("billing", "orders", instance_id="one", session_timeout=0.2)

    async def refuse() -> None:
        while True:
            (await coordinators.joined()).end(coordinators.refusal(ErrorCode.INSTANCE_IN_USE))

    async with Member(coordinators.bootstrap, settings) as waiting:
        refusing = asyncio.create_task(refuse())
        await waiting.until_changed()
        refusing.cancel()
        with pytest.raises(LogException) as failure:
            waiting.membership.polled()
    assert failure.value.code is ErrorCode.INSTANCE_IN_USE
