"""Bytes of records that may wait for their acknowledgement at one time; whoever wants more waits in line."""

from __future__ import annotations

import threading
from collections import deque
from concurrent.futures import Future


class BufferBudget:
    """Safe for any thread."""

    def __init__(self, bytes_max: int) -> None:
        self.bytes_max = bytes_max
        self._bytes_taken = 0
        self._line: deque[tuple[int, Future[None]]] = deque()
        self._lock = threading.Lock()

    @property
    def bytes_taken(self) -> int:
        return self._bytes_taken

    def take(self, size: int) -> Future[None] | None:
        """Takes room, at most `bytes_max`, and returns None if it was there and nobody waited for it; else a future that
        completes once the room is taken. Who gives up waiting calls `leave`."""
        with self._lock:
            if not self._line and self._bytes_taken + size <= self.bytes_max:
                self._bytes_taken += size
                return None
            ticket: Future[None] = Future()
            self._line.append((size, ticket))
            return ticket

    def leave(self, size: int, ticket: Future[None]) -> None:
        """Gives up waiting; what was taken meanwhile goes back."""
        with self._lock:
            waiting = [place for place in self._line if place[1] is not ticket]
            was_granted = len(waiting) == len(self._line)
            self._line = deque(waiting)
        self.give_back(size if was_granted else 0)

    def give_back(self, size: int) -> None:
        granted = []
        with self._lock:
            self._bytes_taken -= size
            while self._line and self._bytes_taken + self._line[0][0] <= self.bytes_max:
                wanted, ticket = self._line.popleft()
                self._bytes_taken += wanted
                granted.append(ticket)
        for ticket in granted:
            ticket.set_result(None)
