package io.flotilla.client.typed;

import io.flotilla.client.CommittedOffset;
import io.flotilla.client.GroupConsumer;
import io.flotilla.client.Position;
import io.flotilla.client.TopicPartition;
import io.flotilla.client.consumer.OneThread;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A {@link GroupConsumer} of objects; wraps one of bytes and owns it. Methods without a contract of their own have that of
 * {@link GroupConsumer}; a record that could not be read does not count as processed until it is sought past.
 *
 * <p>Threading: as {@link GroupConsumer}.
 */
public final class TypedGroupConsumer<K, V> implements AutoCloseable {
    private final GroupConsumer consumer;
    private final DecodedPolls<K, V> polls;
    private final OneThread thread = new OneThread("the consumer");

    /**
     * @param consumer becomes this consumer's own
     */
    public TypedGroupConsumer(GroupConsumer consumer, Deserializer<K> keys, Deserializer<V> values) {
        this.consumer = consumer;
        this.polls = new DecodedPolls<>(new RecordDecoder<>(keys, values), consumer::seek);
    }

    /**
     * As {@link GroupConsumer#poll}.
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

    public void subscribe(Collection<String> topics) {
        consumer.subscribe(topics);
    }

    public void subscribePattern(String topicPattern) {
        consumer.subscribePattern(topicPattern);
    }

    public Set<TopicPartition> assignment() {
        return consumer.assignment();
    }

    public void commit() {
        consumer.commit();
    }

    public CompletableFuture<Void> commitAsync() {
        return consumer.commitAsync();
    }

    public void commit(Map<TopicPartition, CommittedOffset> offsets) {
        consumer.commit(offsets);
    }

    public CompletableFuture<Void> commitAsync(Map<TopicPartition, CommittedOffset> offsets) {
        return consumer.commitAsync(offsets);
    }

    public Map<TopicPartition, CommittedOffset> committed(Collection<TopicPartition> partitions) {
        return consumer.committed(partitions);
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
