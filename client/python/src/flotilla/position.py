"""Where to begin to read a partition."""

from __future__ import annotations

from dataclasses import dataclass


class Position:
    """Where to begin to read; made by the functions below."""

    @staticmethod
    def beginning() -> Position:
        """The first record still readable."""
        return Beginning()

    @staticmethod
    def end() -> Position:
        """Behind the last committed record: only records yet to come."""
        return End()

    @staticmethod
    def offset(offset: int) -> Position:
        """The record with this offset, 0 or more."""
        return AtOffset(offset)

    @staticmethod
    def timestamp(epoch_millis: int) -> Position:
        """The first record whose timestamp is this or later; the end where there is none."""
        return AtTimestamp(epoch_millis)


@dataclass(frozen=True)
class Beginning(Position):
    """See `Position.beginning`."""


@dataclass(frozen=True)
class End(Position):
    """See `Position.end`."""


@dataclass(frozen=True)
class AtOffset(Position):
    """See `Position.offset`."""

    value: int

    def __post_init__(self) -> None:
        if self.value < 0:
            raise ValueError(f"offset {self.value} is negative")


@dataclass(frozen=True)
class AtTimestamp(Position):
    """See `Position.timestamp`."""

    epoch_millis: int

    def __post_init__(self) -> None:
        if self.epoch_millis < 0:
            raise ValueError(f"timestamp {self.epoch_millis} ms is negative")
