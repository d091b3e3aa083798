"""The batches of one partition that carry a sequence number and are not yet settled, and the rules by which they are
sent, sent again and given up, so that the partition gets each once and in order. The same rules as Java's InFlightWindow.

- A batch keeps its sequence over all attempts. The partition takes it only directly behind its predecessor, and answers
  one it already has as a duplicate.
- After a retriable rejection nothing is sent until every batch on the stream is answered (those behind it are rejected as
  out of order); then all that remain go out again, in order. A lost stream answers all at once.
- A batch that fails for good leaves a gap that no later one can cross, so the identity is given up: the window takes
  nothing new, and once it is empty it wants a fresh identity, whose sequences begin at 0. Batches behind the gap that are
  certainly not appended are handed back, to be numbered anew; those whose outcome is unknown are first tried to the end
  under the old identity, since numbering them anew could store them twice.

Pure: no clock, task or network.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, NamedTuple, TypeVar

from flotilla.errors import ErrorCode

B = TypeVar("B")

SEQUENCE_MASK = 0x7FFFFFFF
"""After sequence 2^31 - 1 comes 0."""


class ProducerIdentity(NamedTuple):
    """Under which id a producer numbers its batches of a partition; ids are unique over the cluster, for ever."""

    producer_id: int
    producer_epoch: int


class Entry(Generic[B]):
    """A batch with its sequence. Compared by identity."""

    __slots__ = ("base_sequence", "batch", "correlation_id", "number", "outcome_unknown")

    def __init__(self, batch: B, base_sequence: int, number: int) -> None:
        self.batch = batch
        self.base_sequence = base_sequence
        self.number = number
        self.correlation_id: int | None = None
        self.outcome_unknown = False


@dataclass(frozen=True)
class Failed(Generic[B]):
    """A batch given up; if `outcome_unknown`, the partition may have it all the same."""

    batch: B
    outcome_unknown: bool


@dataclass
class Verdict(Generic[B]):
    """What a rejection or the end of a deadline means: `failed` to report to their senders; `handed_back`, certainly not
    appended, to be added again in this order and before all others under the next identity."""

    failed: list[Failed[B]] = field(default_factory=list)
    handed_back: list[B] = field(default_factory=list)


class InFlightWindow(Generic[B]):
    """`batches_max` is 1 to 5: a partition remembers the last five batches of each producer."""

    def __init__(self, batches_max: int) -> None:
        self._batches_max = batches_max
        self._entries: list[Entry[B]] = []
        self._outstanding: dict[int, Entry[B]] = {}
        self._identity: ProducerIdentity | None = None
        self._next_sequence = 0
        self._next_number = 0
        self._next_correlation_id = 1
        self._rewinding = False
        self._abandoning = False

    @property
    def needs_identity(self) -> bool:
        return self._identity is None

    def begin(self, fresh: ProducerIdentity) -> None:
        """Numbers batches from 0 under this identity."""
        if self._identity is not None or self._entries:
            raise RuntimeError("the window still has an identity")
        self._identity = fresh
        self._next_sequence = 0

    @property
    def identity(self) -> ProducerIdentity:
        """The identity for the next batch."""
        if self._identity is None:
            raise RuntimeError("the window has no identity")
        return self._identity

    @property
    def next_sequence(self) -> int:
        return self._next_sequence

    @property
    def is_empty(self) -> bool:
        return not self._entries

    @property
    def has_room(self) -> bool:
        # Counted from the oldest, also over those acknowledged since: the partition must still remember it.
        if self._identity is None or self._abandoning:
            return False
        return not self._entries or self._next_number - self._entries[0].number < self._batches_max

    def add(self, batch: B, record_count: int) -> None:
        """Gives the next sequence to a batch built with it."""
        if not self.has_room:
            raise RuntimeError("the window has no room")
        self._entries.append(Entry(batch, self._next_sequence, self._next_number))
        self._next_number += 1
        self._next_sequence = (self._next_sequence + record_count) & SEQUENCE_MASK

    def next_to_send(self) -> Entry[B] | None:
        """The first batch that is to go out now; None while answers must be awaited first."""
        if self._rewinding:
            if self._outstanding:
                return None
            self._rewinding = False
        return next((entry for entry in self._entries if entry.correlation_id is None), None)

    def sent(self, entry: Entry[B]) -> int:
        """Notes that a batch goes out, and returns the correlation id to send with it."""
        entry.correlation_id = self._next_correlation_id
        self._outstanding[entry.correlation_id] = entry
        self._next_correlation_id += 1
        return entry.correlation_id

    @property
    def awaits_answer(self) -> bool:
        """Whether the broker owes an answer."""
        return bool(self._outstanding)

    def acknowledged(self, correlation_id: int) -> B | None:
        """The batch, which is appended; None if it was given up before."""
        entry = self._answered(correlation_id)
        if entry is None:
            return None
        self._entries.remove(entry)
        self._give_up_identity_if_done()
        return entry.batch

    def rejected(self, correlation_id: int, code: ErrorCode) -> Verdict[B]:
        """The batch was not taken, or, for some codes, perhaps it was."""
        entry = self._answered(correlation_id)
        if entry is None:
            return Verdict()
        lost_track = code in (ErrorCode.OUT_OF_ORDER_SEQUENCE, ErrorCode.UNKNOWN_PRODUCER)
        if code.retriable or (lost_track and self._entries[0] is not entry):
            self._rewinding = True
            entry.outcome_unknown |= not lost_track and _leaves_outcome_open(code)
            return Verdict()
        if lost_track and not entry.outcome_unknown:
            return self._hand_back_from(entry)
        return self._give_up(entry)

    def stream_lost(self) -> None:
        """Nothing that was sent will be answered: all of it is to go out again."""
        for entry in self._outstanding.values():
            entry.correlation_id = None
            entry.outcome_unknown = True
        self._outstanding.clear()
        self._rewinding = False

    def expire(self, is_over: Callable[[B], bool]) -> Verdict[B]:
        """Gives up the batches whose time is over."""
        total: Verdict[B] = Verdict()
        for entry in list(self._entries):
            if entry in self._entries and is_over(entry.batch):
                entry.outcome_unknown |= entry.correlation_id is not None
                verdict = self._give_up(entry)
                total.failed += verdict.failed
                total.handed_back[:0] = verdict.handed_back
        return total

    def oldest(self) -> B | None:
        """The batch that has waited longest, and will be the first to expire."""
        return self._entries[0].batch if self._entries else None

    def _answered(self, correlation_id: int) -> Entry[B] | None:
        """The entry of an answer, if it was not given up before."""
        entry = self._outstanding.pop(correlation_id, None)
        if entry is None:
            return None
        entry.correlation_id = None
        return entry if entry in self._entries else None

    def _give_up(self, entry: Entry[B]) -> Verdict[B]:
        handed_back = [] if entry.outcome_unknown else self._remove_behind(entry)
        self._abandon(entry)
        return Verdict([Failed(entry.batch, entry.outcome_unknown)], handed_back)

    def _hand_back_from(self, entry: Entry[B]) -> Verdict[B]:
        """The partition lost track of this producer before it appended the entry."""
        handed_back = [entry.batch, *self._remove_behind(entry)]
        self._abandon(entry)
        return Verdict([], handed_back)

    def _remove_behind(self, entry: Entry[B]) -> list[B]:
        """What lies behind a batch that is certainly not appended, and will never be, cannot be appended either under
        this identity, whatever attempts are still under way."""
        index = self._entries.index(entry)
        behind = self._entries[index + 1 :]
        del self._entries[index + 1 :]
        return [last.batch for last in behind]

    def _abandon(self, entry: Entry[B]) -> None:
        self._entries.remove(entry)
        self._abandoning = True
        self._give_up_identity_if_done()

    def _give_up_identity_if_done(self) -> None:
        if self._abandoning and not self._entries:
            self._identity = None
            self._abandoning = False
            self._rewinding = False
            self._outstanding.clear()  # late answers concern batches that are already settled


def _leaves_outcome_open(code: ErrorCode) -> bool:
    """A leader that is deposed answers NOT_LEADER for what it had proposed, and its successor may yet commit that: only
    these two are certain."""
    return code not in (ErrorCode.OVERLOADED, ErrorCode.LEADER_NOT_READY)
