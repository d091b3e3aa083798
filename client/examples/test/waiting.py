"""Waits for what programs do in their own time."""

from __future__ import annotations

import time
from collections.abc import Callable

from flotilla import LogException

_POLL_SECONDS = 0.05


def await_condition(what: str, condition: Callable[[], bool], seconds: float = 60) -> None:
    """Looks again and again until it holds; a failure that a retry may change is not yet an answer."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            if condition():
                return
            last = "it does not hold"
        except LogException as failure:
            last = str(failure)
        assert time.monotonic() < deadline, f"{what}, after {seconds} s: {last}"
        time.sleep(_POLL_SECONDS)
