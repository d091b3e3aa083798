"""Google's error messages: those of the package googleapis-common-protos where it is installed, since a file may be
registered only once, else the copies that the build puts beside this file."""

from __future__ import annotations

try:
    from google.rpc import error_details_pb2, status_pb2
except ImportError:
    from flotilla._rpc import error_details_pb2, status_pb2

__all__ = ["error_details_pb2", "status_pb2"]
