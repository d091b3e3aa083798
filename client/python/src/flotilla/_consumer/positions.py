"""Finds the offsets of cursors that only know a position."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from flotilla._consumer.cursor import Cursor
from flotilla._consumer.failures import CursorFailures
from flotilla._metadata.offset_finder import OffsetFinder
from flotilla.errors import LogException
from flotilla.position import AtOffset
from flotilla.settings import ClientSettings


class PositionLookUp:
    """Confined to its event loop; `changed` hears of offsets that were found."""

    def __init__(
        self,
        client: ClientSettings,
        offsets: OffsetFinder,
        failures: CursorFailures,
        changed: Callable[[], None],
    ) -> None:
        self._client = client
        self._offsets = offsets
        self._failures = failures
        self._changed = changed

    async def look_up(self, cursors: list[Cursor]) -> None:
        """Moves the cursors to the offsets they want; one that has been sought elsewhere meanwhile is left alone."""
        positions = {}
        epochs = {cursor: cursor.epoch for cursor in cursors}
        for cursor in cursors:
            if cursor.wanted is not None:
                cursor.looking_up = True
                positions[cursor.partition] = cursor.wanted
        try:
            found = await self._offsets.find(positions, self._client.request_timeout)
        except LogException as failure:
            concerned = [cursor for cursor, epoch in epochs.items() if cursor.epoch == epoch]
            await self._failed(concerned, failure)
            return
        for cursor, epoch in epochs.items():
            if cursor.epoch == epoch and cursor.partition in found:
                cursor.move_to(AtOffset(found[cursor.partition]))
        self._changed()

    async def _failed(self, concerned: list[Cursor], failure: LogException) -> None:
        if not failure.retriable and len(concerned) > 1:
            # One of them is at fault: ask for each alone.
            await asyncio.gather(*(self.look_up([cursor]) for cursor in concerned))
            return
        for cursor in concerned:
            cursor.looking_up = False
            if failure.retriable:
                self._failures.retry_later(cursor, False)
            else:
                self._failures.failed(cursor, failure)
