"""The checksum of batches, with and without a package in C."""

import random

from flotilla._record import crc32c


def test_knows_the_values_of_rfc_3720() -> None:
    examples = {bytes(32): 0x8A9136AA, b"\xff" * 32: 0x62A8AB43, bytes(range(32)): 0x46DD794E, b"123456789": 0xE3069283}
    for data, expected in examples.items():
        assert crc32c.by_table(data) == expected
        assert crc32c.crc32c(data) == expected


def test_table_and_package_agree() -> None:
    data = random.Random(1)
    for size in range(0, 300, 7):
        block = data.randbytes(size)
        assert crc32c.by_table(block) == crc32c.crc32c(block), size
