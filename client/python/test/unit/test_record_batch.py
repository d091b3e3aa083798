"""The stored form of records, held to the examples that Java's tests pin, and to itself for what is random."""

import random
import sys

import pytest

from flotilla._record import compression as codecs
from flotilla._record import varint
from flotilla._record.batch import RecordBatch
from flotilla._record.builder import BatchBuilder
from flotilla._record.compression import Compression
from flotilla._record.records import LogRecord, RecordHeader
from flotilla.errors import ErrorCode, LogException
from vectors import lines

RECORDS = [
    LogRecord(
        42,
        1_790_000_000_000,
        b"order-1",
        b"placed",
        (RecordHeader("trace", b"\x0a\x1b"), RecordHeader("empty", None)),
    ),
    LogRecord(43, 1_790_000_000_250, None, b"", ()),
    LogRecord(44, 1_789_999_999_900, b"", None, ()),
    LogRecord(45, 1_790_000_000_251, b"order-1", b"shipped " * 16, ()),
]
STORED = bytes.fromhex("".join(lines("record-batch-v2.hex")).replace(" ", ""))


def built(records: list[LogRecord], compression: Compression, max_bytes: int = 1 << 20) -> bytes:
    builder = BatchBuilder(compression, max_bytes)
    for record in records:
        assert builder.try_append(record.timestamp_millis, record.key, record.value, record.headers)
    return builder.build(4711, 3, 1234)


def refused(code: ErrorCode, batch: bytes) -> None:
    with pytest.raises(LogException) as failure:
        view = RecordBatch.at(batch, 0)
        view.check_crc()
        view.records()
    assert failure.value.code is code, failure.value


def test_reads_the_stored_example() -> None:
    batch = RecordBatch.at(STORED, 0)

    batch.check_crc()
    assert (batch.base_offset, batch.last_offset, batch.record_count) == (42, 45, 4)
    assert (batch.producer_id, batch.producer_epoch, batch.base_sequence) == (4711, 3, 1234)
    assert (batch.partition_leader_epoch, batch.size_in_bytes) == (7, 258)
    assert (batch.base_timestamp, batch.max_timestamp) == (1_790_000_000_000, 1_790_000_000_251)
    assert batch.records() == RECORDS


def test_writes_the_stored_example() -> None:
    written = built(RECORDS, Compression.NONE)

    placed = (42).to_bytes(8, "big") + written[8:12] + (7).to_bytes(4, "big") + written[16:]
    assert placed == STORED


def test_reads_the_stored_example_of_every_codec() -> None:
    examples = [line.split() for line in lines("record-batch-v2-compressed.hex")]
    assert len(examples) == len(Compression) - 1
    for name, stored in examples:
        batch = RecordBatch.at(bytes.fromhex(stored), 0)

        batch.check_crc()
        assert batch.compression is Compression.of_name(name)
        assert batch.records() == RECORDS, name


@pytest.mark.parametrize("compression", Compression)
def test_reads_back_what_it_wrote(compression: Compression) -> None:
    chance = random.Random(11)
    for seed in range(50):
        records = [
            LogRecord(
                number,
                chance.choice([-1, 0, chance.randrange(1 << 42)]),
                chance.choice([None, b"", chance.randbytes(9)]),
                chance.choice([None, b"", chance.randbytes(chance.randrange(70_000))]),
                tuple(RecordHeader("ä" * n, chance.choice([None, b"x"])) for n in range(chance.randrange(3))),
            )
            for number in range(chance.randrange(1, 12))
        ]
        batch = RecordBatch.at(built(records, compression), 0)

        batch.check_crc()
        assert batch.records() == records, seed


def test_numbers_a_batch_anew_with_the_same_records() -> None:
    builder = BatchBuilder(Compression.GZIP, 1 << 20)
    builder.try_append(5, b"k", b"v", ())

    first = RecordBatch.at(builder.build(1, 0, 7), 0)
    second = RecordBatch.at(builder.build(2, 0, 0), 0)

    second.check_crc()
    assert (second.producer_id, second.base_sequence) == (2, 0)
    assert first.records() == second.records()


def test_a_batch_takes_no_more_than_its_limit() -> None:
    builder = BatchBuilder(Compression.LZ4, 400)
    assert builder.try_append(0, None, random.Random(2).randbytes(300), ())
    assert not builder.try_append(0, None, bytes(100), ())

    batch = RecordBatch.at(builder.build(-1, -1, -1), 0)

    assert batch.size_in_bytes <= 400
    assert batch.record_count == 1
    with pytest.raises(LogException) as failure:
        BatchBuilder(Compression.LZ4, 100).try_append(0, None, bytes(100), ())
    assert failure.value.code is ErrorCode.RECORD_TOO_LARGE


def test_refuses_bytes_that_changed() -> None:
    chance = random.Random(3)
    for _ in range(300):
        damaged = bytearray(STORED)
        at = chance.randrange(21, len(damaged))
        damaged[at] ^= 1 << chance.randrange(8)

        refused(ErrorCode.CORRUPT_BATCH, bytes(damaged))


def test_reads_records_whose_checksum_nobody_asked_for_without_harm() -> None:
    chance = random.Random(4)
    for seed in range(2_000):
        damaged = bytearray(STORED)
        for _ in range(chance.randrange(1, 4)):
            damaged[chance.randrange(61, len(damaged))] = chance.randrange(256)
        try:
            RecordBatch.at(bytes(damaged), 0).records()
        except LogException as failure:
            assert failure.code is ErrorCode.CORRUPT_BATCH, seed


def test_refuses_what_is_cut_off() -> None:
    for size in range(len(STORED)):
        refused(ErrorCode.CORRUPT_BATCH, STORED[:size])


@pytest.mark.parametrize("compression", [codec for codec in Compression if codec is not Compression.NONE])
def test_inflates_no_further_than_the_limit(compression: Compression) -> None:
    bomb = codecs.compress(compression, bytes(2_000_000))

    with pytest.raises(LogException) as failure:
        codecs.inflate(compression, bomb, 1_000_000)

    assert failure.value.code is ErrorCode.RECORD_TOO_LARGE
    assert codecs.inflate(compression, bomb, 2_000_000) == bytes(2_000_000)


@pytest.mark.parametrize("compression", Compression)
def test_refuses_records_that_end_early(compression: Compression) -> None:
    value = random.Random(5).randbytes(5_000)
    whole = built([LogRecord(0, 0, None, value, ())], compression)

    for size in (62, len(whole) // 2, len(whole) - 10):
        cut = bytearray(whole[:size])
        cut[8:12] = (size - 12).to_bytes(4, "big")
        with pytest.raises(LogException) as failure:
            RecordBatch.at(bytes(cut), 0).records()
        assert failure.value.code is ErrorCode.CORRUPT_BATCH


@pytest.mark.parametrize(
    "compression, module, debian",
    [
        (Compression.SNAPPY, "snappy", "python3-snappy"),
        (Compression.LZ4, "lz4.frame", "python3-lz4"),
        (Compression.ZSTD, "zstandard", "python3-zstandard"),
    ],
)
def test_names_the_package_that_a_codec_needs(
    monkeypatch: pytest.MonkeyPatch, compression: Compression, module: str, debian: str
) -> None:
    monkeypatch.setitem(sys.modules, module, None)  # type: ignore[misc]

    with pytest.raises(LogException, match=debian) as failure:
        compression.require_package()

    assert failure.value.code is ErrorCode.UNSUPPORTED_COMPRESSION


def test_varints_keep_their_number_and_size() -> None:
    for magnitude in range(64):
        for value in {(1 << magnitude) - 1, -(1 << magnitude), 1 << max(0, magnitude - 1)}:
            written = bytearray()
            varint.append(written, value)

            assert len(written) == varint.size_of(value)
            assert varint.read(bytes(written), 0, varint.BITS_MAX) == (value, len(written))


