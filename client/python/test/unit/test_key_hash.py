"""Keys go to the partitions that Java and Kafka choose."""

import pytest

from flotilla._record import key_hash
from vectors import lines


def test_hashes_as_java_does() -> None:
    examples = [line.split() for line in lines("key-hash.txt")]
    assert len(examples) == 64
    for key, murmur2, partition_count, partition in examples:
        plain = bytes.fromhex(key) if key != "-" else b""

        assert key_hash.murmur2(plain) == int(murmur2, 16), key
        assert key_hash.partition_of(plain, int(partition_count)) == int(partition), key


def test_refuses_a_topic_without_partitions() -> None:
    with pytest.raises(ValueError, match="partition count 0"):
        key_hash.partition_of(b"", 0)
