"""Why a call failed, as the broker meant it: rebuilt from the `google.rpc.Status` that came with it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import grpc

from flotilla._rpc import error_details_pb2, status_pb2
from flotilla.errors import ErrorCode, LogException, NotLeader, OffsetOutOfRange, Refused
from flotilla.types import BrokerAddress, TopicPartition
from flotilla.v1 import common_pb2, error_pb2

DOMAIN = "flotilla"
REASON_PREFIX = "ERROR_REASON_"
STATUS_KEY = "grpc-status-details-bin"
"""Metadata in which gRPC carries the status with its details."""

# A status without our detail comes from the transport, or from a broker too new or too broken to say more. A connection
# that breaks in the middle of a call shows as any of those that are missing here.
_WITHOUT_DETAIL = {
    grpc.StatusCode.DEADLINE_EXCEEDED: ErrorCode.TIMEOUT,
    grpc.StatusCode.RESOURCE_EXHAUSTED: ErrorCode.OVERLOADED,
    grpc.StatusCode.UNIMPLEMENTED: ErrorCode.UNSUPPORTED_VERSION,
    grpc.StatusCode.INVALID_ARGUMENT: ErrorCode.INVALID_REQUEST,
    grpc.StatusCode.FAILED_PRECONDITION: ErrorCode.INVALID_REQUEST,
    grpc.StatusCode.OUT_OF_RANGE: ErrorCode.INVALID_REQUEST,
}
_STATUS_CODES = {code.value[0]: code for code in grpc.StatusCode}


@dataclass(frozen=True)
class LeaderHint:
    """What a broker that does not lead a partition knows about who does; `leader` is None while nobody is known to."""

    partition: TopicPartition
    leader_epoch: int
    leader: BrokerAddress | None


@dataclass(frozen=True)
class Failure:
    """`cause` is what the caller can act on; `leader_hint` is there where a broker said who leads instead."""

    cause: LogException
    leader_hint: LeaderHint | None = None

    @classmethod
    def of(cls, code: ErrorCode, message: str) -> Failure:
        return cls(Refused(code, message))

    @property
    def code(self) -> ErrorCode:
        return self.cause.code

    def leader_other_than(self, failed: BrokerAddress) -> BrokerAddress | None:
        """The leader the hint names, unless it is the broker that failed."""
        leader = self.leader_hint.leader if self.leader_hint else None
        return leader if leader != failed else None


class FailedCall(Exception):
    """A failed attempt with all that its broker told."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.cause.message)
        self.failure = failure


def address_of(endpoint: common_pb2.BrokerEndpoint) -> BrokerAddress | None:
    """The address of an endpoint; None where it was left unset."""
    if not endpoint.host.strip() or endpoint.port < 1:
        return None
    return BrokerAddress(endpoint.host, endpoint.port)


def of_call(error: grpc.RpcError, broker: BrokerAddress) -> Failure:
    """The failure of a call to `broker`."""
    # grpc.aio's metadata is neither a mapping nor a sequence, but yields pairs.
    packed = next((value for key, value in error.trailing_metadata() or () if key == STATUS_KEY), None)
    if packed is not None:
        status = status_pb2.Status()
        try:
            status.ParseFromString(packed)
        except Exception:  # whatever it is, it is no status: go by what gRPC itself says
            status.Clear()
        if status.details:
            return of_status(status, broker)
    code = error.code()
    description = error.details() or "no further detail"
    return Failure(
        Refused(
            _WITHOUT_DETAIL.get(code, ErrorCode.BROKER_NOT_AVAILABLE),
            f"broker {broker} failed the call with {code.name}: {description}",
            {"broker": str(broker)},
        )
    )


def of_status(status: Any, broker: BrokerAddress) -> Failure:
    """The failure that `broker` reported as a google.rpc.Status."""
    info = error_details_pb2.ErrorInfo()
    not_leader = error_pb2.NotLeader()
    code: ErrorCode | None = None
    details: dict[str, str] = {}
    hint: LeaderHint | None = None
    for detail in status.details:
        if detail.Is(info.DESCRIPTOR) and detail.Unpack(info) and info.domain == DOMAIN:
            code = _code_of(info.reason)
            details.update(info.metadata)
        elif detail.Is(not_leader.DESCRIPTOR) and detail.Unpack(not_leader):
            hint = LeaderHint(
                TopicPartition(not_leader.partition.topic, not_leader.partition.partition),
                not_leader.leader_epoch,
                address_of(not_leader.leader) if not_leader.HasField("leader") else None,
            )
    if code is None:
        grpc_code = _STATUS_CODES.get(status.code, grpc.StatusCode.UNKNOWN)
        code = _WITHOUT_DETAIL.get(grpc_code, ErrorCode.BROKER_NOT_AVAILABLE)
    details["broker"] = str(broker)
    return Failure(_exception(code, status.message, details, hint), hint)


def _code_of(reason: str) -> ErrorCode | None:
    return ErrorCode.__members__.get(reason.removeprefix(REASON_PREFIX))


def _exception(code: ErrorCode, message: str, details: dict[str, str], hint: LeaderHint | None) -> LogException:
    if code is ErrorCode.NOT_LEADER:
        return NotLeader(message, hint.leader_epoch if hint else -1, hint.leader if hint else None)
    if code is ErrorCode.OFFSET_OUT_OF_RANGE:
        try:
            return OffsetOutOfRange(
                message,
                int(details["offset"]),
                int(details["log_start_offset"]),
                int(details["high_watermark"]),
            )
        except (KeyError, ValueError):
            pass  # a broker that told less
    return Refused(code, message, details)
