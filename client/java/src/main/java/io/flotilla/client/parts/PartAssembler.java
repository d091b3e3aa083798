package io.flotilla.client.parts;

import io.flotilla.client.ConsumerRecord;
import io.flotilla.client.TopicPartition;
import io.flotilla.protocol.error.ErrorCode;
import io.flotilla.protocol.error.Refused;
import io.flotilla.protocol.record.LogRecord;
import io.flotilla.protocol.record.RecordHeader;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Puts the values of one consumer's partitions together again. A value comes with its last part; parts of others may lie
 * in between. What is never complete is given up: when its partition shows nothing new of it for long, when it takes too
 * much room, or when its first part is in front of what is read.
 *
 * <p>Pure: time is passed in. Confined to the thread that is inside the consumer.
 */
public final class PartAssembler {
    private final long bytesMax;
    private final long timeoutNanos;
    private final GivenUp givenUp;
    private final Map<TopicPartition, LinkedHashMap<UUID, Series>> open = new HashMap<>();
    private long bytesHeld;

    /** Hears of values that are left out. */
    @FunctionalInterface
    public interface GivenUp {
        /**
         * @param offset of the value's first part, or of its last one if the first was never seen
         */
        void leftOut(TopicPartition partition, long offset, String why);
    }

    /** A value of which parts are missing. */
    private static final class Series {
        private final PartHeader header;
        private final long firstOffset;
        private final byte @Nullable [] key;
        private final List<RecordHeader> headers;
        private final byte[] value;
        private int filled;
        private int nextIndex;
        private boolean lacksPart;
        private long heardNanos;

        Series(PartHeader header, LogRecord first) {
            this.header = header;
            this.firstOffset = first.offset();
            this.key = first.key();
            this.headers = first.headers().stream()
                    .filter(one -> !one.key().equals(PartHeader.KEY))
                    .toList();
            this.value = new byte[header.valueBytes()];
        }

        /** Takes the next part; false if it does not fit what was announced. */
        boolean append(byte @Nullable [] part, long nowNanos) {
            if (part == null || part.length > value.length - filled) {
                return false;
            }
            System.arraycopy(part, 0, value, filled, part.length);
            filled += part.length;
            nextIndex++;
            heardNanos = nowNanos;
            return true;
        }

        boolean isIntact() {
            CRC32C crc = new CRC32C();
            crc.update(value);
            return filled == value.length && (int) crc.getValue() == header.crc();
        }
    }

    /**
     * @param bytesMax     most bytes of values that are not complete, over all partitions
     * @param timeoutNanos after which a value goes that gets no more parts, while its partition has no more to give
     */
    public PartAssembler(long bytesMax, long timeoutNanos, GivenUp givenUp) {
        this.bytesMax = bytesMax;
        this.timeoutNanos = timeoutNanos;
        this.givenUp = givenUp;
    }

    /**
     * Takes the next record of a partition.
     *
     * @return a record to return: this one if it is no part, the whole one if this is its last part, else null
     * @throws Refused RECORD_TOO_LARGE if it begins a value that this consumer has no room for; CORRUPT_BATCH if a value is
     *     not what its producer sent; UNSUPPORTED_VERSION
     */
    public @Nullable ConsumerRecord take(TopicPartition partition, LogRecord record, long nowNanos) {
        PartHeader header = record.headers().isEmpty()
                ? null
                : PartHeader.in(record.headers()).orElse(null);
        return header == null ? plain(partition, record) : takePart(partition, record, header, nowNanos);
    }

    private static ConsumerRecord plain(TopicPartition partition, LogRecord record) {
        return new ConsumerRecord(
                partition, record.offset(), record.timestampMillis(), record.key(), record.value(), record.headers());
    }

    private @Nullable ConsumerRecord takePart(
            TopicPartition partition, LogRecord record, PartHeader header, long nowNanos) {
        if (header.index() == 0) {
            begin(partition, record, header);
        }
        Series series = find(partition, header.series());
        if (series == null) {
            if (header.isLast()) {
                givenUp.leftOut(partition, record.offset(), "its first part was not read");
            }
            return null;
        }
        if (header.index() < series.nextIndex) {
            return null; // read again after a move back
        }
        series.lacksPart |= header.index() > series.nextIndex; // its producer gave one up, and so the value
        if (!series.lacksPart && (!header.isOfTheSame(series.header) || !series.append(record.value(), nowNanos))) {
            remove(partition, header.series());
            throw damaged(series, "part " + header.index() + " at offset " + record.offset() + " does not fit");
        }
        if (!header.isLast()) {
            return null;
        }
        remove(partition, header.series());
        if (series.lacksPart) {
            givenUp.leftOut(partition, series.firstOffset, "a part of it was never sent");
            return null;
        }
        if (!series.isIntact()) {
            throw damaged(series, "its checksum or length is another one");
        }
        return new ConsumerRecord(
                partition,
                record.offset(),
                record.timestampMillis(),
                series.key,
                series.value,
                series.headers,
                series.firstOffset);
    }

    private static Refused damaged(Series series, String how) {
        return new Refused(
                ErrorCode.CORRUPT_BATCH,
                "the value in parts from offset " + series.firstOffset + " is not what was sent: " + how);
    }

    private void begin(TopicPartition partition, LogRecord record, PartHeader header) {
        remove(partition, header.series());
        if (header.valueBytes() > bytesMax) {
            throw new Refused(
                    ErrorCode.RECORD_TOO_LARGE,
                    "a value of " + header.valueBytes() + " bytes is larger than this consumer's largeValueBytesMax "
                            + bytesMax + "; raise that, or seek behind offset " + record.offset());
        }
        while (bytesHeld + header.valueBytes() > bytesMax) {
            giveUpOldest();
        }
        open.computeIfAbsent(partition, first -> new LinkedHashMap<>())
                .put(header.series(), new Series(header, record));
        bytesHeld += header.valueBytes();
    }

    private void giveUpOldest() {
        TopicPartition place = null;
        Series oldest = null;
        for (Map.Entry<TopicPartition, LinkedHashMap<UUID, Series>> entry : open.entrySet()) {
            for (Series series : entry.getValue().values()) {
                if (oldest == null || series.heardNanos - oldest.heardNanos < 0) {
                    place = entry.getKey();
                    oldest = series;
                }
            }
        }
        if (place == null || oldest == null) {
            throw new IllegalStateException(bytesHeld + " bytes are held of no value");
        }
        remove(place, oldest.header.series());
        givenUp.leftOut(place, oldest.firstOffset, "largeValueBytesMax " + bytesMax + " is in use by later ones");
    }

    private @Nullable Series find(TopicPartition partition, UUID series) {
        Map<UUID, Series> ofPartition = open.get(partition);
        return ofPartition == null ? null : ofPartition.get(series);
    }

    private void remove(TopicPartition partition, UUID series) {
        Map<UUID, Series> ofPartition = open.get(partition);
        Series removed = ofPartition == null ? null : ofPartition.remove(series);
        if (removed != null && ofPartition != null) {
            bytesHeld -= removed.value.length;
            if (ofPartition.isEmpty()) {
                open.remove(partition);
            }
        }
    }

    /** Where to begin in order to read everything that is not complete; empty if all is. */
    public OptionalLong firstOffset(TopicPartition partition) {
        Map<UUID, Series> ofPartition = open.get(partition);
        return ofPartition == null
                ? OptionalLong.empty()
                : ofPartition.values().stream()
                        .mapToLong(series -> series.firstOffset)
                        .min();
    }

    /**
     * Gives up what gets no more parts.
     *
     * @param readToItsEnd whether a partition has nothing committed that was not read, as its leader has just said
     */
    public void expire(long nowNanos, Predicate<TopicPartition> readToItsEnd) {
        if (open.isEmpty()) {
            return;
        }
        for (TopicPartition partition : Set.copyOf(open.keySet())) {
            if (!readToItsEnd.test(partition)) {
                continue;
            }
            for (Series series : List.copyOf(
                    open.getOrDefault(partition, new LinkedHashMap<>()).values())) {
                if (nowNanos - series.heardNanos >= timeoutNanos) {
                    remove(partition, series.header.series());
                    givenUp.leftOut(
                            partition,
                            series.firstOffset,
                            "no part came for " + timeoutNanos / 1_000_000 + " ms, its producer has failed");
                }
            }
        }
    }

    /** The partition is read from elsewhere. */
    public void forget(TopicPartition partition) {
        Map<UUID, Series> forgotten = open.remove(partition);
        if (forgotten != null) {
            forgotten.values().forEach(series -> bytesHeld -= series.value.length);
        }
    }

    /** Forgets all partitions but these. */
    public void retain(Set<TopicPartition> partitions) {
        Iterator<TopicPartition> all = Set.copyOf(open.keySet()).iterator();
        while (all.hasNext()) {
            TopicPartition partition = all.next();
            if (!partitions.contains(partition)) {
                forget(partition);
            }
        }
    }

    /** Bytes of values that are not complete. */
    long bytesHeld() {
        return bytesHeld;
    }
}
