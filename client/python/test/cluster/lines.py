"""Records as lines of text, which JavaRecords reads and writes too: time, key, value and headers, in hexadecimal."""

from __future__ import annotations

import random

from flotilla import ConsumerRecord, ProducerRecord

NULL = "~"


def of(record: ConsumerRecord | ProducerRecord) -> str:
    headers = "".join(f" {_text(key.encode())}={_text(value)}" for key, value in record.headers)
    return f"{record.timestamp_millis} {_text(record.key)} {_text(record.value)}{headers}"


def _text(content: bytes | None) -> str:
    return NULL if content is None else "x" + content.hex()


def examples(topic: str) -> list[ProducerRecord]:
    """Records with everything that the format tells apart: null and empty, repeated and odd headers, any time."""
    chance = random.Random(17)
    records = []
    for number in range(400):
        headers = [
            (chance.choice(["trace", "", "ключ", "𝄞"]), chance.choice([None, b"", chance.randbytes(5)]))
            for _ in range(chance.choice([0, 0, 1, 3]))
        ]
        records.append(
            ProducerRecord(
                topic,
                chance.choice([None, b"", b"value " * chance.randrange(1, 40), chance.randbytes(300)]),
                key=chance.choice([None, b"", b"key-%d" % number, chance.randbytes(20)]),
                headers=headers,
                partition=0,
                timestamp_millis=chance.choice([0, 1, 1_790_000_000_000 + number, 253_402_300_799_999]),
            )
        )
    return records
