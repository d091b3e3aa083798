"""Zigzag-encoded varints, seven bits a byte and the lowest first: small numbers of either sign take one byte."""

from __future__ import annotations

from flotilla._record import faults

BITS_MAX = 64
BITS_INT = 32


def size_of(value: int) -> int:
    """Bytes that `append` would write, for a signed 64-bit number."""
    return ((_zigzag(value) | 1).bit_length() + 6) // 7


def append(target: bytearray, value: int) -> None:
    """Writes a signed 64-bit number."""
    if 0 <= value <= 0x3F:  # most lengths and deltas
        target.append(value << 1)
        return
    rest = _zigzag(value)
    while rest > 0x7F:
        target.append((rest & 0x7F) | 0x80)
        rest >>= 7
    target.append(rest)


def read(data: bytes, at: int, bits: int) -> tuple[int, int]:
    """Returns the number that begins at index `at`, and the index behind it.

    Raises Refused CORRUPT_BATCH if it does not end within `bits` bits (32 or 64) or within the data.
    """
    try:
        zigzag = data[at]
        at += 1
        if zigzag < 0x80:
            return (zigzag >> 1) ^ -(zigzag & 1), at
        zigzag &= 0x7F
        shift = 7
        while True:
            byte = data[at]
            at += 1
            zigzag |= (byte & 0x7F) << shift
            if byte < 0x80:
                break
            shift += 7
            if shift >= bits:
                raise faults.corrupt(
                    f"varint of more than {bits} bits before byte {at} of the records", "position", at
                )
    except IndexError:
        raise faults.corrupt(
            f"records end after {len(data)} bytes, within a record", "records_bytes", len(data)
        ) from None
    zigzag &= (1 << bits) - 1
    return (zigzag >> 1) ^ -(zigzag & 1), at


def _zigzag(value: int) -> int:
    return (value << 1) ^ (value >> 63) if value < 0 else value << 1
