/**
 * The producer. No public API.
 *
 * <p>{@code send} runs on callers' threads: {@link io.flotilla.client.producer.Partitioner} chooses the partition,
 * {@link io.flotilla.client.producer.BufferBudget} makes it wait for room, and
 * {@link io.flotilla.client.producer.Accumulator} gathers records into batches. All the rest runs on the producer's one
 * sender thread: {@link io.flotilla.client.producer.PartitionSender} keeps an append stream to the leader and empties the
 * partition's {@link io.flotilla.client.producer.Outbox}, which obeys {@link io.flotilla.client.producer.InFlightWindow},
 * the pure rules of sequences, order and retries.
 */
@NullMarked
package io.flotilla.client.producer;

import org.jspecify.annotations.NullMarked;
