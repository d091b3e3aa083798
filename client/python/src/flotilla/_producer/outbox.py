"""One partition's batches between the send and their answer: in the accumulator, in the window, or handed back by it.
Every batch that leaves is settled, once. Time is passed in."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable

from flotilla._producer.accumulator import Accumulator
from flotilla._producer.pending import NOT_APPENDED, PendingBatch, failed_send, outcome_of
from flotilla._producer.window import InFlightWindow, Verdict
from flotilla.errors import ErrorCode, LogException
from flotilla.settings import ProducerSettings
from flotilla.types import TopicPartition

_LOG = logging.getLogger("flotilla.producer")


class Outbox:
    """`settled` takes each batch right before its deliveries complete."""

    def __init__(
        self,
        partition: TopicPartition,
        accumulator: Accumulator,
        settings: ProducerSettings,
        settled: Callable[[PendingBatch], None],
    ) -> None:
        self._partition = partition
        self._accumulator = accumulator
        self.window: InFlightWindow[PendingBatch] = InFlightWindow(settings.in_flight_batches)
        """What has a sequence."""
        self._delivery_timeout = settings.delivery_timeout
        self._settled = settled
        self._handed_back: deque[PendingBatch] = deque()
        """Batches that lost their sequence with an identity given up; they go before the accumulator's."""
        self._last_refusal: LogException | None = None
        """The newest answer, if it was a refusal: why a batch that expires did not get further."""

    def lacks_identity(self, now: float) -> bool:
        """Whether a batch could go now if there were an identity to number it."""
        return self.window.needs_identity and self._has_ready(now)

    def fill(self, now: float) -> None:
        """Numbers what may go, as far as the window has room."""
        while self.window.has_room:
            batch = self._handed_back.popleft() if self._handed_back else self._accumulator.poll_ready(now)
            if batch is None:
                return
            try:
                batch.number(self.window.identity, self.window.next_sequence)
            except LogException as unencodable:  # as one whose codec is not installed any more
                self._fail(batch, self._because(unencodable, NOT_APPENDED))
                continue
            self.window.add(batch, batch.record_count)

    def has_work(self, now: float) -> bool:
        """Whether anything waits to be sent or answered."""
        return not self.window.is_empty or self._has_ready(now)

    def _has_ready(self, now: float) -> bool:
        ready_at = self._accumulator.next_ready_at()
        return bool(self._handed_back) or (ready_at is not None and ready_at <= now)

    def next_deadline(self, now: float) -> float | None:
        """When a batch has lingered or expires next; None if none will."""
        deadlines = []
        ready_at = self._accumulator.next_ready_at()
        if ready_at is not None and ready_at > now and (self.window.needs_identity or self.window.has_room):
            # What is ready already waits for an answer or for a pause to end, not for the clock.
            deadlines.append(ready_at)
        oldest_at = self._accumulator.oldest_at()
        if oldest_at is not None:
            deadlines.append(oldest_at + self._delivery_timeout)
        for oldest in (self.window.oldest(), self._handed_back[0] if self._handed_back else None):
            if oldest is not None:
                deadlines.append(oldest.created_at + self._delivery_timeout)
        return min(deadlines, default=None)

    def acknowledged(self, correlation_id: int, base_offset: int, leader_epoch: int, duplicate: bool) -> None:
        self._last_refusal = None
        batch = self.window.acknowledged(correlation_id)
        if batch is not None:
            self._settled(batch)
            batch.acknowledge(self._partition, base_offset, leader_epoch, duplicate)

    def rejected(self, correlation_id: int, cause: LogException) -> None:
        self._last_refusal = cause
        self._obey(self.window.rejected(correlation_id, cause.code), cause)

    def expire(self, now: float, leader: Callable[[], str]) -> None:
        """Fails what is older than the delivery timeout; `leader`, who should have taken it, is for the message."""
        latest = now - self._delivery_timeout
        verdict = self.window.expire(lambda batch: batch.created_at <= latest)
        self._take_back(verdict.handed_back)
        for failed in verdict.failed:
            self._fail(failed.batch, self._late(outcome_of(failed.outcome_unknown), leader))
        for batch in list(self._handed_back):
            if batch.created_at <= latest:
                self._handed_back.remove(batch)
                self._fail(batch, self._late(NOT_APPENDED, leader))
        while (old := self._accumulator.poll_older_than(latest)) is not None:
            self._fail(old, self._late(NOT_APPENDED, leader))

    def _late(self, outcome: str, leader: Callable[[], str]) -> LogException:
        refusal = self._last_refusal
        return failed_send(
            ErrorCode.TIMEOUT,
            f"{self._partition} did not acknowledge within the delivery timeout of {self._delivery_timeout:g} s; leader "
            f"last known: {leader()}" + (f"; last answer: {refusal}" if refusal else ""),
            outcome,
            refusal,
        )

    def fail_all(self, cause: LogException) -> None:
        """Fails everything; what is added later is not concerned."""
        self._obey(self.window.expire(lambda batch: True), cause)
        unnumbered = [*self._handed_back, *self._accumulator.drain()]
        self._handed_back.clear()
        for batch in unnumbered:
            self._fail(batch, self._because(cause, NOT_APPENDED))

    def _obey(self, verdict: Verdict[PendingBatch], cause: LogException) -> None:
        self._take_back(verdict.handed_back)
        for failed in verdict.failed:
            self._fail(failed.batch, self._because(cause, outcome_of(failed.outcome_unknown)))
        if verdict.failed or verdict.handed_back:
            _LOG.info(
                "sequence begins anew partition=%s failed=%d kept=%d cause=%s",
                self._partition,
                len(verdict.failed),
                len(verdict.handed_back),
                cause.code.name,
            )

    def _because(self, cause: LogException, outcome: str) -> LogException:
        return failed_send(cause.code, f"{self._partition}: {cause.message}", outcome, cause)

    def _take_back(self, batches: list[PendingBatch]) -> None:
        self._handed_back.extendleft(reversed(batches))

    def _fail(self, batch: PendingBatch, failure: LogException) -> None:
        self._settled(batch)
        batch.fail(failure)
