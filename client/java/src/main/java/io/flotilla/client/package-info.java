/**
 * The Java client of Flotilla.
 *
 * <pre>{@code
 * try (FlotillaClient client = FlotillaClient.connect("broker-1:9094,broker-2:9094")) {
 *     client.admin().createTopic(NewTopic.of("orders", 12, 3));
 *
 *     try (Producer producer = client.producer()) {
 *         producer.send(ProducerRecord.of("orders", key, value)).thenAccept(stored -> log.info("{}", stored));
 *     }
 *     try (Consumer consumer = client.consumer()) {
 *         consumer.assign(List.of(new TopicPartition("orders", 0)), Position.beginning());
 *         consumer.poll(Duration.ofSeconds(1)).forEach(this::handle);
 *     }
 * }
 * }</pre>
 *
 * <p>{@link io.flotilla.client.FlotillaClient} owns the connections and what is known about topics and leaders; from it
 * come a {@link io.flotilla.client.Producer}, a {@link io.flotilla.client.Consumer} and an
 * {@link io.flotilla.client.Admin}. Every failure a caller can act on is an
 * {@link io.flotilla.protocol.error.LogException}, whose code says what happened.
 *
 * <p>Those are of bytes; {@link io.flotilla.client.typed} has the same of objects. {@link
 * io.flotilla.client.tracing} carries trace contexts in headers, {@link io.flotilla.client.metrics} tells what a client does.
 *
 * <p>Other sub-packages are the implementation and no public API: {@code metadata} and {@code transport} (connections, leaders,
 * errors, retries), {@code producer}, {@code consumer}, {@code intercept}, {@code parts} (of large
 * values), {@code group} and {@code admin}.
 */
@NullMarked
package io.flotilla.client;

import org.jspecify.annotations.NullMarked;
