"""The producer. No public API.

A record goes through `ProducerCore`, which finds its topic, `Partitioner` and `Accumulator`, which gathers records into
batches. `PartitionSender` keeps an append stream to the leader and empties the partition's `Outbox`, which obeys
`InFlightWindow`, the pure rules of sequences, order and retries. `BufferBudget` makes senders wait for room.
"""
