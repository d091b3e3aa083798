package io.flotilla.client.typed;

import io.flotilla.client.Consumer;
import io.flotilla.client.Position;
import io.flotilla.client.TopicPartition;
import io.flotilla.client.consumer.OneThread;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Consumer} of objects; wraps one of bytes and owns it. Methods without a contract of their own have that of
 * {@link Consumer}.
 *
 * <p>Threading: as {@link Consumer}.
 */
public final class TypedConsumer<K, V> implements AutoCloseable {
    private final Consumer consumer;
    private final DecodedPolls<K, V> polls;
    private final OneThread thread = new OneThread("the consumer");

    /**
     * @param consumer becomes this consumer's own
     */
    public TypedConsumer(Consumer consumer, Deserializer<K> keys, Deserializer<V> values) {
        this.consumer = consumer;
        this.polls = new DecodedPolls<>(new RecordDecoder<>(keys, values), consumer::seek);
    }

    /**
     * As {@link Consumer#poll}.
     *
     * @throws DeserializationException if a record cannot be read, after all records in front of it were returned. The
     *     partition stays in front of it, and the exception comes again, until it is sought elsewhere
     */
    public List<TypedConsumerRecord<K, V>> poll(Duration timeout) {
        return alone(() -> {
            polls.throwFailure();
            return polls.decode(consumer.poll(timeout));
        });
    }

    public void assign(Collection<TopicPartition> partitions, Position start) {
        alone(() -> {
            consumer.assign(partitions, start);
            polls.retain(Set.copyOf(partitions));
            return null;
        });
    }

    public void assign(Collection<TopicPartition> partitions) {
        assign(partitions, Position.beginning());
    }

    public Set<TopicPartition> assignment() {
        return consumer.assignment();
    }

    public void seek(TopicPartition partition, Position position) {
        alone(() -> {
            consumer.seek(partition, position);
            polls.forget(partition);
            return null;
        });
    }

    public long position(TopicPartition partition) {
        return consumer.position(partition);
    }

    public OptionalLong highWatermark(TopicPartition partition) {
        return consumer.highWatermark(partition);
    }

    public OptionalLong lag(TopicPartition partition) {
        return consumer.lag(partition);
    }

    public void pause(Collection<TopicPartition> partitions) {
        consumer.pause(partitions);
    }

    public void resume(Collection<TopicPartition> partitions) {
        consumer.resume(partitions);
    }

    public Set<TopicPartition> paused() {
        return consumer.paused();
    }

    public Map<TopicPartition, Long> endOffsets(Collection<TopicPartition> partitions) {
        return consumer.endOffsets(partitions);
    }

    public Map<TopicPartition, Long> beginningOffsets(Collection<TopicPartition> partitions) {
        return consumer.beginningOffsets(partitions);
    }

    public void wakeup() {
        consumer.wakeup();
    }

    @Override
    public void close() {
        consumer.close();
    }

    private <T extends @Nullable Object> T alone(Supplier<T> action) {
        return thread.alone(action);
    }
}
