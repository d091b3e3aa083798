/**
 * Producers and consumers of objects instead of bytes. Public API.
 *
 * <pre>{@code
 * try (TypedProducer<String, Order> producer = client.producer(Serdes.string(), Serdes.json(Order.class))) {
 *     producer.send("orders", order.customer(), order);
 * }
 * try (TypedGroupConsumer<String, Order> consumer =
 *         client.groupConsumer(GroupSettings.of("billing", "orders"), Serdes.string(), Serdes.json(Order.class))) {
 *     consumer.poll(Duration.ofSeconds(1)).forEach(record -> bill(record.value()));
 * }
 * }</pre>
 *
 * <p>Each wraps the producer or consumer of bytes and adds nothing but a {@link io.flotilla.client.typed.Serializer} or
 * {@link io.flotilla.client.typed.Deserializer} for keys and for values; {@link io.flotilla.client.typed.Serdes} has those
 * for bytes, text, numbers, JSON and protobuf. An absent key or value is null on both sides and meets no serializer.
 *
 * <p>What cannot be written throws {@link io.flotilla.client.typed.SerializationException} before anything is sent. What
 * cannot be read throws {@link io.flotilla.client.typed.DeserializationException} from {@code poll}, which names the
 * record and holds its bytes; it is thrown again until the consumer is sought behind it, and records of other partitions
 * are not lost meanwhile. A loop has {@link io.flotilla.client.typed.UnreadableRecords} instead.
 */
@NullMarked
package io.flotilla.client.typed;

import org.jspecify.annotations.NullMarked;
