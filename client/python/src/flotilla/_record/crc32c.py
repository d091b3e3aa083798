"""CRC-32C (Castagnoli), the checksum of batches: by a package in C where one is installed, else by a table, which takes
about a second for 5 MB."""

from __future__ import annotations

from collections.abc import Callable

_POLYNOMIAL = 0x82F63B78  # reflected


def _table() -> tuple[int, ...]:
    entries = []
    for byte in range(256):
        entry = byte
        for _ in range(8):
            entry = (entry >> 1) ^ (_POLYNOMIAL if entry & 1 else 0)
        entries.append(entry)
    return tuple(entries)


_TABLE = _table()


def by_table(data: bytes) -> int:
    """The checksum without help; the same numbers as the packages' functions."""
    table = _TABLE
    crc = 0xFFFFFFFF
    for byte in data:
        crc = table[(crc ^ byte) & 0xFF] ^ (crc >> 8)
    return crc ^ 0xFFFFFFFF


def _fastest() -> tuple[str, Callable[[bytes], int]]:
    try:
        import crc32c as package

        return "crc32c", package.crc32c
    except ImportError:
        pass
    try:
        import google_crc32c

        return "google_crc32c", google_crc32c.value
    except ImportError:
        return "table", by_table


IMPLEMENTATION, crc32c = _fastest()
"""Which one is used, `crc32c`, `google_crc32c` or `table`; and the function, from bytes to an unsigned number."""
