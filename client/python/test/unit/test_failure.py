"""Errors as the broker meant them, and the public lists of errors and calls."""

import grpc
from google.protobuf import any_pb2
from google.protobuf.message import Message

from flotilla import BrokerAddress, ErrorCode, NotLeader, OffsetOutOfRange, TopicPartition
from flotilla._rpc import error_details_pb2, status_pb2
from flotilla._transport import failure, methods
from flotilla._transport.methods import Method
from flotilla.v1 import common_pb2, error_pb2

BROKER = BrokerAddress("one", 1)


def status(code: grpc.StatusCode, *details: Message) -> Message:
    packed = []
    for detail in details:
        packed.append(any_pb2.Any())
        packed[-1].Pack(detail)
    return status_pb2.Status(code=code.value[0], message="as the broker says", details=packed)


def info(reason: str, **metadata: str) -> Message:
    return error_details_pb2.ErrorInfo(reason=f"ERROR_REASON_{reason}", domain="flotilla", metadata=metadata)


def test_an_error_has_its_reason_and_details() -> None:
    failed = failure.of_status(
        status(grpc.StatusCode.INVALID_ARGUMENT, info("RECORD_TOO_LARGE", size_bytes="5", max_bytes="4")), BROKER
    )

    assert failed.code is ErrorCode.RECORD_TOO_LARGE
    assert failed.cause.details == {"size_bytes": "5", "max_bytes": "4", "broker": "one:1"}
    assert str(failed.cause) == "RECORD_TOO_LARGE: as the broker says"


def test_not_leader_names_the_leader() -> None:
    detail = error_pb2.NotLeader(
        partition=common_pb2.TopicPartition(topic="orders", partition=3),
        leader_epoch=7,
        leader=common_pb2.BrokerEndpoint(broker_id=2, host="two", port=2),
    )

    failed = failure.of_status(status(grpc.StatusCode.UNAVAILABLE, info("NOT_LEADER"), detail), BROKER)

    assert failed.leader_hint == failure.LeaderHint(TopicPartition("orders", 3), 7, BrokerAddress("two", 2))
    assert failed.leader_other_than(BROKER) == BrokerAddress("two", 2)
    assert failed.leader_other_than(BrokerAddress("two", 2)) is None
    assert isinstance(failed.cause, NotLeader) and failed.cause.leader_epoch == 7


def test_an_offset_out_of_range_tells_the_range() -> None:
    metadata = {"offset": "5", "log_start_offset": "20", "high_watermark": "117"}

    whole = failure.of_status(status(grpc.StatusCode.OUT_OF_RANGE, info("OFFSET_OUT_OF_RANGE", **metadata)), BROKER)
    bare = failure.of_status(status(grpc.StatusCode.OUT_OF_RANGE, info("OFFSET_OUT_OF_RANGE")), BROKER)

    assert isinstance(whole.cause, OffsetOutOfRange)
    assert (whole.cause.offset, whole.cause.log_start_offset, whole.cause.high_watermark) == (5, 20, 117)
    assert bare.code is ErrorCode.OFFSET_OUT_OF_RANGE and not isinstance(bare.cause, OffsetOutOfRange)


def test_a_status_without_our_detail_goes_by_its_code() -> None:
    expected = {
        grpc.StatusCode.DEADLINE_EXCEEDED: ErrorCode.TIMEOUT,
        grpc.StatusCode.RESOURCE_EXHAUSTED: ErrorCode.OVERLOADED,
        grpc.StatusCode.UNIMPLEMENTED: ErrorCode.UNSUPPORTED_VERSION,
        grpc.StatusCode.UNAVAILABLE: ErrorCode.BROKER_NOT_AVAILABLE,
        grpc.StatusCode.CANCELLED: ErrorCode.BROKER_NOT_AVAILABLE,
    }
    for code, meant in expected.items():
        assert failure.of_status(status(code), BROKER).code is meant
    newer = failure.of_status(status(grpc.StatusCode.INVALID_ARGUMENT, info("OF_A_NEWER_BROKER")), BROKER)
    assert newer.code is ErrorCode.INVALID_REQUEST


def test_codes_are_those_of_the_api() -> None:
    api = {
        name.removeprefix("ERROR_REASON_"): number
        for name, number in error_pb2.ErrorReason.items()
        if number != error_pb2.ERROR_REASON_UNSPECIFIED
    }

    assert {code.name: code.number for code in ErrorCode} == api


def test_calls_are_those_of_the_api() -> None:
    for name, method in vars(methods).items():
        if isinstance(method, Method):
            service = method.request.DESCRIPTOR.file.services_by_name[method.service]
            described = service.methods_by_name[method.name]

            assert method.path == f"/{service.full_name}/{described.name}", name
            assert method.request.DESCRIPTOR is described.input_type, name
            assert method.response.DESCRIPTOR is described.output_type, name
