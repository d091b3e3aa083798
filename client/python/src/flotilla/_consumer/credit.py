"""How much a broker may send on one stream. Totals are absolute since the stream was opened, so that a grant lost or
repeated cannot drift: granted = returned + window. Pure."""

from __future__ import annotations

_GRANTS_PER_WINDOW = 4
"""A grant goes out when it adds this share of the window, so that credit is not one message per chunk."""


class CreditAccount:
    """`window_bytes`: bytes that may be on their way or in the buffer at one time, 1 or more."""

    def __init__(self, window_bytes: int) -> None:
        self._window_bytes = window_bytes
        self._granted = 0
        self._received = 0
        self._returned = 0

    def received(self, size: int) -> None:
        self._received += size

    def returned(self, size: int) -> None:
        """What was received has left the buffer."""
        self._returned += size

    @property
    def has_credit(self) -> bool:
        """Whether the broker may send more than it has."""
        return self._received < self._granted

    @property
    def grant_is_due(self) -> bool:
        """Whether a new total is worth a message now."""
        unannounced = self._returned + self._window_bytes - self._granted
        return unannounced > 0 and (
            unannounced >= self._window_bytes // _GRANTS_PER_WINDOW or not self.has_credit
        )

    def grant(self) -> int:
        """Notes that the total is announced, and returns it."""
        self._granted = self._returned + self._window_bytes
        return self._granted
