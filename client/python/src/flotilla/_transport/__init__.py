"""Connections, calls, errors and retries. No public API.

All of it lives on one asyncio event loop, without locks: the asyncio client on its user's, the blocking client on one
thread of its own (`LoopThread`).
"""
