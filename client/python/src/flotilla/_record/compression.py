"""How the records of a batch are compressed, as a whole, with the settings that Kafka's clients default to.

Codecs other than none and gzip need a package of their own; where it is missing, the error names it.
"""

from __future__ import annotations

import importlib
import struct
import zlib
from enum import Enum
from typing import Any

from flotilla._record import faults
from flotilla.errors import ErrorCode, Refused


class Compression(Enum):
    """The codecs, numbered as in bits 0 to 2 of a batch's attributes."""

    NONE = 0
    GZIP = 1
    SNAPPY = 2
    LZ4 = 3
    ZSTD = 4

    def __str__(self) -> str:
        return self.name.lower()

    @classmethod
    def of_id(cls, codec: int) -> Compression:
        """Raises Refused UNSUPPORTED_COMPRESSION if no codec has this number."""
        if 0 <= codec <= cls.ZSTD.value:
            return cls(codec)
        raise _unsupported(f"codec id {codec} is unknown, use one of 0 to 4", str(codec))

    @classmethod
    def of_name(cls, name: str) -> Compression:
        """Raises Refused UNSUPPORTED_COMPRESSION if no codec has this name, in any case."""
        for codec in cls:
            if str(codec) == name.lower():
                return codec
        raise _unsupported(f"codec {name} is unknown, use one of none, gzip, snappy, lz4, zstd", name)

    def require_package(self) -> None:
        """Raises Refused UNSUPPORTED_COMPRESSION if this codec's package is not installed."""
        if self in _PACKAGES:
            _package(self)


INFLATED_BYTES_MAX = 64 * 1024 * 1024
"""Compressed records may inflate to this many bytes, by which a small batch cannot take much memory from its readers."""

# Module, distribution, Debian package.
_PACKAGES = {
    Compression.SNAPPY: ("snappy", "python-snappy", "python3-snappy"),
    Compression.LZ4: ("lz4.frame", "lz4", "python3-lz4"),
    Compression.ZSTD: ("zstandard", "zstandard", "python3-zstandard"),
}

_SNAPPY_MAGIC = b"\x82SNAPPY\x00"
_SNAPPY_HEADER = _SNAPPY_MAGIC + struct.pack(">ii", 1, 1)
_SNAPPY_BLOCK_BYTES = 32 * 1024
_SNAPPY_GROWTH_MAX = 22
"""Raw snappy's densest element copies 64 bytes and takes 3, so a block cannot grow by more than this factor."""

_GZIP_WINDOW = 31  # zlib's number for the largest window inside a gzip member
_ZSTD_LEVEL = 3


def compress(compression: Compression, plain: bytes) -> bytes:
    """Raises Refused UNSUPPORTED_COMPRESSION if the codec's package is not installed."""
    if compression is Compression.NONE:
        return plain
    if compression is Compression.GZIP:
        gzip = zlib.compressobj(wbits=_GZIP_WINDOW)
        return gzip.compress(plain) + gzip.flush()
    package = _package(compression)
    if compression is Compression.SNAPPY:
        return _snappy_blocks(package, plain)
    if compression is Compression.LZ4:
        framed: bytes = package.compress(
            plain, block_size=package.BLOCKSIZE_MAX64KB, block_linked=False, store_size=False
        )
        return framed
    frame: bytes = package.ZstdCompressor(level=_ZSTD_LEVEL).compress(plain)
    return frame


def inflate(compression: Compression, stored: bytes, bytes_max: int = INFLATED_BYTES_MAX) -> bytes:
    """Returns the plain records.

    Raises Refused CORRUPT_BATCH if they are malformed, RECORD_TOO_LARGE if they inflate beyond `bytes_max`,
    UNSUPPORTED_COMPRESSION if the codec's package is not installed.
    """
    if compression is Compression.NONE:
        return stored
    package = _package(compression) if compression in _PACKAGES else None
    try:
        if compression is Compression.GZIP:
            plain = _gunzip(stored, bytes_max)
        elif compression is Compression.SNAPPY:
            plain = _unsnap(package, stored, bytes_max)
        elif compression is Compression.LZ4:
            plain = _unlz4(package, stored, bytes_max)
        else:
            plain = _unzstd(package, stored, bytes_max)
    except Refused:
        raise
    except Exception as malformed:  # each package has exceptions of its own
        raise Refused(
            ErrorCode.CORRUPT_BATCH,
            f"records cannot be inflated with {compression}: {malformed}",
            {"codec": str(compression)},
        ) from malformed
    if len(plain) > bytes_max:
        raise faults.too_large("records inflated so far", len(plain), bytes_max)
    return plain


def _package(compression: Compression) -> Any:
    module, distribution, debian = _PACKAGES[compression]
    try:
        return importlib.import_module(module)
    except ImportError:
        raise _unsupported(
            f"codec {compression} needs the Python package {distribution} (Debian: {debian}), which is not installed",
            str(compression),
        ) from None


def _unsupported(message: str, codec: str) -> Refused:
    return Refused(ErrorCode.UNSUPPORTED_COMPRESSION, message, {"codec": codec})


def _gunzip(stored: bytes, bytes_max: int) -> bytes:
    """Gzip members, back to back."""
    plain = bytearray()
    rest = stored
    while True:
        member = zlib.decompressobj(wbits=_GZIP_WINDOW)
        plain += member.decompress(rest, bytes_max + 1 - len(plain))
        if len(plain) > bytes_max:
            return bytes(plain)
        if not member.eof:
            raise ValueError("ends within a member")
        rest = member.unused_data
        if not rest:
            return bytes(plain)


def _snappy_blocks(package: Any, plain: bytes) -> bytes:
    """The framing of snappy-java, which Kafka's Java clients write and read."""
    framed = bytearray(_SNAPPY_HEADER)
    for start in range(0, len(plain), _SNAPPY_BLOCK_BYTES):
        block = package.compress(plain[start : start + _SNAPPY_BLOCK_BYTES])
        framed += struct.pack(">i", len(block)) + block
    return bytes(framed)


def _unsnap(package: Any, stored: bytes, bytes_max: int) -> bytes:
    """Blocks in the framing of snappy-java, or one raw block, as other clients send it."""
    if not stored.startswith(_SNAPPY_MAGIC):
        return _unsnap_block(package, stored, bytes_max)
    plain = bytearray()
    at = 0
    while at < len(stored):
        if stored.startswith(_SNAPPY_MAGIC, at):  # also where a producer flushed in between
            at += len(_SNAPPY_HEADER)
            continue
        if at + 4 > len(stored):
            raise ValueError("ends within the length of a block")
        (length,) = struct.unpack_from(">i", stored, at)
        at += 4
        if length < 0 or length > len(stored) - at:
            raise ValueError(f"block of {length} bytes where {len(stored) - at} are left")
        plain += _unsnap_block(package, stored[at : at + length], bytes_max - len(plain))
        at += length
    return bytes(plain)


def _unsnap_block(package: Any, block: bytes, bytes_max: int) -> bytes:
    declared = 0
    for index, byte in enumerate(block[:5]):  # a plain varint in front says how long the block gets
        declared |= (byte & 0x7F) << (7 * index)
        if byte < 0x80:
            break
    if declared > len(block) * _SNAPPY_GROWTH_MAX:
        raise ValueError(f"block of {len(block)} bytes declares to inflate to {declared}")
    if declared > bytes_max:
        raise faults.too_large("a snappy block inflated", declared, bytes_max)
    plain: bytes = package.uncompress(block)
    return plain


def _unlz4(package: Any, stored: bytes, bytes_max: int) -> bytes:
    frame = package.LZ4FrameDecompressor()
    plain: bytes = frame.decompress(stored, bytes_max + 1)
    if len(plain) <= bytes_max and not frame.eof:
        raise ValueError("ends within a frame")
    return plain


def _unzstd(package: Any, stored: bytes, bytes_max: int) -> bytes:
    """The package does not tell that a frame is cut off; the batch then has fewer records than its header counts."""
    reader = package.ZstdDecompressor(max_window_size=INFLATED_BYTES_MAX).stream_reader(
        stored, read_across_frames=True
    )
    plain = bytearray()
    while len(plain) <= bytes_max:
        piece = reader.read(bytes_max + 1 - len(plain))
        if not piece:
            break
        plain += piece
    return bytes(plain)
