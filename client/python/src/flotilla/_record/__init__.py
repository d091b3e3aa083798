"""The stored form of records, Kafka's RecordBatch v2, as `io.flotilla.protocol.record` has it. Pure, no public API.

`BatchBuilder` makes batches, `RecordBatch` reads them, `key_hash` chooses the partition of a key.
"""
