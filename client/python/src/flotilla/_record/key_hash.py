"""The partition of a key, the same that Kafka's clients choose, so that records of one key meet in one partition
whatever client wrote them."""

from __future__ import annotations

import struct

_SEED = 0x9747B28C
_MULTIPLIER = 0x5BD1E995
_SHIFT = 24
_MASK = 0xFFFFFFFF


def partition_of(key: bytes, partition_count: int) -> int:
    """Returns a partition from 0 to `partition_count - 1`."""
    if partition_count < 1:
        raise ValueError(f"partition count {partition_count} is below 1")
    return (murmur2(key) & 0x7FFFFFFF) % partition_count


def murmur2(data: bytes) -> int:
    """Austin Appleby's MurmurHash2, 32 bits, over little-endian words, with the seed that Kafka's clients share.

    Returns an unsigned number; Java's has the same bits.
    """
    multiplier = _MULTIPLIER
    mask = _MASK
    length = len(data)
    words = length // 4
    result = _SEED ^ length
    for word in struct.unpack_from(f"<{words}I", data):
        word = (word * multiplier) & mask
        word = ((word ^ (word >> _SHIFT)) * multiplier) & mask
        result = ((result * multiplier) & mask) ^ word
    tail = data[words * 4 :]
    if tail:
        result = ((result ^ int.from_bytes(tail, "little")) * multiplier) & mask
    result = ((result ^ (result >> 13)) * multiplier) & mask
    return result ^ (result >> 15)
