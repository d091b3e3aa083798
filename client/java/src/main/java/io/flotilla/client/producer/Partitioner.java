package io.flotilla.client.producer;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.flotilla.client.ProducerRecord;
import io.flotilla.client.metadata.TopicView;
import io.flotilla.protocol.error.ErrorCode;
import io.flotilla.protocol.error.Refused;
import io.flotilla.protocol.record.KeyHash;
import java.util.HashMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Chooses a record's partition: the one it names, else by its key, else the topic's current one, which changes after a
 * batch's worth of bytes so that batches get full and partitions get equal shares.
 *
 * <p>Threading: safe.
 */
final class Partitioner {
    private final int stickyBytes;

    @GuardedBy("this")
    private final RandomGenerator random;

    @GuardedBy("this")
    private final Map<String, Sticky> stickyByTopic = new HashMap<>();

    /**
     * @param stickyBytes bytes of records without key after which a topic's partition changes
     */
    Partitioner(int stickyBytes, RandomGenerator random) {
        this.stickyBytes = stickyBytes;
        this.random = random;
    }

    /**
     * @param sizeBytes size of the record
     * @throws Refused UNKNOWN_PARTITION if the record names one that the topic does not have
     */
    int partitionOf(ProducerRecord record, TopicView topic, int sizeBytes) {
        if (record.partition().isPresent()) {
            int partition = record.partition().getAsInt();
            if (partition >= topic.partitionCount()) {
                throw new Refused(
                        ErrorCode.UNKNOWN_PARTITION,
                        "topic " + topic.name() + " has partitions 0 to " + (topic.partitionCount() - 1)
                                + ", the record names partition " + partition,
                        Map.of("partition_count", Integer.toString(topic.partitionCount())));
            }
            return partition;
        }
        byte[] key = record.key();
        return key != null ? KeyHash.partitionOf(key, topic.partitionCount()) : sticky(topic, sizeBytes);
    }

    private synchronized int sticky(TopicView topic, int sizeBytes) {
        Sticky sticky = stickyByTopic.get(topic.name());
        if (sticky == null || sticky.bytesLeft <= 0 || sticky.partition >= topic.partitionCount()) {
            sticky = new Sticky(choose(topic), stickyBytes);
            stickyByTopic.put(topic.name(), sticky);
        }
        sticky.bytesLeft -= sizeBytes;
        return sticky.partition;
    }

    /** Any partition that has a leader; any at all while none has. */
    @GuardedBy("this")
    private int choose(TopicView topic) {
        int[] led = IntStream.range(0, topic.partitionCount())
                .filter(partition -> topic.leaderOf(partition).isPresent())
                .toArray();
        return led.length == 0 ? random.nextInt(topic.partitionCount()) : led[random.nextInt(led.length)];
    }

    private static final class Sticky {
        private final int partition;
        private long bytesLeft;

        Sticky(int partition, long bytesLeft) {
            this.partition = partition;
            this.bytesLeft = bytesLeft;
        }
    }
}
