"""Answers about the cluster, from the wire to the API. No public API."""
