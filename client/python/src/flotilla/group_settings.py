"""How a consumer takes part in a group."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from enum import Enum

from flotilla.position import Position
from flotilla.settings import ConsumerSettings, _at_least


class GroupAssignor(Enum):
    """How the partitions of a group's topics are shared out among its members."""

    UNIFORM = 1
    """The same number of partitions for each member, and as few as it takes change hands."""
    RANGE = 2
    """Each topic is cut into ranges in the order of the members' ids: partitions of one number, in which the same keys
    are, go to the same member."""


@dataclass(frozen=True)
class GroupSettings:
    """How a consumer takes part in a group. Times are seconds.

    - `group`: its name, 1 to 249 characters
    - `topics`: what it reads, one name or several, which need not exist yet; at least one, or a pattern
    - `instance_id`: makes it a static member: when its process is replaced by one with the same id within the session
      timeout, no partition moves to another member
    - `client_id`: as operators see it, at most 249 characters; may be empty
    - `assignor`: how it wants partitions shared out; the group goes by what most of its members want
    - `start`: where to begin with a partition for which nothing is committed
    - `auto_commit_interval`: how often what has been processed is committed while polling; 0 means never, then only
      `commit` commits
    - `session_timeout`: after how long a silence the group takes it for gone; 0.1 or more, within the broker's limits
    - `revocation_timeout`: how long it may go on with records of a partition that others wait for; 1 or more
    - `poll_interval_max`: how long it may go without a poll before it leaves the group, so that a consumer that hangs does
      not keep its partitions from the others; 1 or more
    - `reading`: how it reads ahead
    - `topic_pattern`: what it reads too: topics whose whole name matches this regular expression, in the syntax of RE2, those
      that come later included. The coordinator matches; what it refuses, `poll` raises as INVALID_REQUEST
    """

    group: str
    topics: str | Collection[str] = ()
    instance_id: str | None = None
    client_id: str = ""
    assignor: GroupAssignor = GroupAssignor.UNIFORM
    start: Position = field(default_factory=Position.beginning)
    auto_commit_interval: float = 1.0
    session_timeout: float = 10.0
    revocation_timeout: float = 300.0
    poll_interval_max: float = 300.0
    reading: ConsumerSettings = field(default_factory=ConsumerSettings)
    topic_pattern: str | None = None

    def __post_init__(self) -> None:
        if not self.group.strip():
            raise ValueError("group is blank, expected a name")
        if self.topic_pattern == "":
            raise ValueError("topic_pattern is empty, expected a regular expression, or None for none")
        by_name = self.topics or self.topic_pattern is None
        object.__setattr__(self, "topics", topic_names(self.topics) if by_name else ())
        if self.instance_id == "":
            raise ValueError("instance_id is empty, expected a text, or None for a dynamic member")
        _at_least("auto_commit_interval", self.auto_commit_interval, 0)
        _at_least("session_timeout", self.session_timeout, 0.1)
        _at_least("revocation_timeout", self.revocation_timeout, 1)
        _at_least("poll_interval_max", self.poll_interval_max, 1)


def topic_names(topics: str | Collection[str]) -> tuple[str, ...]:
    """One name or several, each once and in order. Raises ValueError if there is none."""
    names = tuple(sorted({topics} if isinstance(topics, str) else set(topics)))
    if not names or not all(names):
        raise ValueError(f"topics are {names}, expected at least one name")
    return names
