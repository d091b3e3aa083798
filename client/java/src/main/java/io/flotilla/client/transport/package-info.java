/**
 * How the client talks to brokers; the only place, with the converters of {@code metadata} and {@code admin}, that knows
 * gRPC. No public API.
 *
 * <p>{@link io.flotilla.client.transport.Channels} holds one channel per broker.
 * {@link io.flotilla.client.transport.BrokerCalls} makes unary calls, at one broker or at any, with
 * {@link io.flotilla.client.transport.RetrySchedule} between attempts. {@link io.flotilla.client.transport.AppendStream}
 * and {@link io.flotilla.client.transport.ReadStream} are the two streaming calls.
 * {@link io.flotilla.client.transport.Failure} turns every failed call back into the error the broker meant.
 *
 * <p>Threading: callbacks run on network threads and only hand over to the thread of whoever asked.
 */
@NullMarked
package io.flotilla.client.transport;

import org.jspecify.annotations.NullMarked;
