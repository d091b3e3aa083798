"""How long to wait before the next attempt. Pure."""

from __future__ import annotations

from random import Random

_DOUBLINGS_MAX = 30


class RetrySchedule:
    """Doubles from the least to the longest pause, each drawn from the upper half of its range so that many clients do
    not return together. The first retry towards a leader that was just named does not wait.

    `least` and `longest` are seconds, more than 0.
    """

    def __init__(self, least: float, longest: float, random: Random | None = None) -> None:
        self._least = least
        self._longest = longest
        self._random = random or Random()
        self._failures = 0

    def next_delay(self, leader_named: bool = False) -> float:
        """Counts a failure and returns the seconds to wait before the next attempt, 0 or more."""
        failures_before = self._failures
        self._failures = min(self._failures + 1, _DOUBLINGS_MAX)
        if leader_named and failures_before == 0:
            return 0.0
        bounded = min(self._least * (1 << failures_before), self._longest)
        return bounded / 2 + self._random.random() * bounded / 2

    def succeeded(self) -> None:
        """Starts over after an attempt that succeeded."""
        self._failures = 0

    @property
    def failures(self) -> int:
        """Failures since the last success."""
        return self._failures
