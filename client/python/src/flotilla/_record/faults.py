"""What can be wrong with a batch, as the exceptions that say so."""

from __future__ import annotations

from flotilla.errors import ErrorCode, Refused


def corrupt(message: str, name: str, value: int) -> Refused:
    """The bytes are not what their sender made."""
    return Refused(ErrorCode.CORRUPT_BATCH, message, {name: str(value)})


def invalid(message: str, name: str, value: int) -> Refused:
    """The record breaks a rule of the format."""
    return Refused(ErrorCode.INVALID_RECORD, message, {name: str(value)})


def too_large(what: str, size: int, max_bytes: int) -> Refused:
    return Refused(
        ErrorCode.RECORD_TOO_LARGE,
        f"{what} takes {size} bytes, {max_bytes} are allowed",
        {"size_bytes": str(size), "max_bytes": str(max_bytes)},
    )
