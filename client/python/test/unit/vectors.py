"""Examples that the Java tests read too, from their place beside those."""

from __future__ import annotations

from pathlib import Path

_FOLDER = Path(__file__).parents[3] / "protocol/src/test/resources/io/flotilla/protocol/record"


def lines(name: str) -> list[str]:
    """The file's lines without comments and blank ones."""
    texts = (line.partition("#")[0].strip() for line in (_FOLDER / name).read_text("utf-8").splitlines())
    return [text for text in texts if text]
