package io.flotilla.client.consumer;

import io.flotilla.client.Position;
import io.flotilla.client.TopicPartition;
import io.flotilla.client.transport.RetrySchedule;
import io.flotilla.protocol.error.LogException;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Where the consumer is in one assigned partition. Guarded by the {@link Fetcher}'s lock. */
final class Cursor {
    final TopicPartition partition;
    final RetrySchedule retries;

    /** Where to begin, until that is looked up. */
    @Nullable
    Position wanted;

    boolean lookingUp;

    /** Offset of the next record {@code poll} returns; valid once nothing is wanted. */
    long position;

    /** Offset of the next record to come from the broker: behind everything buffered. */
    long fetchOffset;

    /** Grows with each seek and pause, so that chunks from before are told apart. */
    long epoch;

    /** The stream that reads the partition; null while none does. */
    @Nullable
    BrokerStream stream;

    /** Id of the assignment on that stream. */
    long assignmentId;

    /** What becomes complete in front of this offset has been returned already. */
    long returnFrom;

    /** When a broker last said how far the partition is. */
    long heardNanos;

    int chunksBuffered;
    boolean paused;

    /** What {@code poll} is to throw once all that is buffered is returned. */
    @Nullable
    LogException error;

    /** Since when brokers have denied that the partition exists. */
    @Nullable
    Long unknownSinceNanos;

    long retryAtNanos;
    OptionalLong highWatermark = OptionalLong.empty();

    Cursor(TopicPartition partition, Position start, RetrySchedule retries, long nowNanos) {
        this.partition = partition;
        this.retries = retries;
        this.retryAtNanos = nowNanos;
        moveTo(start);
    }

    /** Goes elsewhere and forgets what stood in the way. */
    void moveTo(Position target) {
        epoch++;
        error = null;
        unknownSinceNanos = null;
        lookingUp = false;
        chunksBuffered = 0;
        if (target instanceof Position.AtOffset at) {
            goTo(at.offset(), at.offset());
        } else if (target instanceof Position.AtRecord at) {
            goTo(at.readFrom(), at.returnFrom());
        } else {
            wanted = target;
        }
    }

    private void goTo(long readFrom, long newReturnFrom) {
        wanted = null;
        position = readFrom;
        fetchOffset = readFrom;
        returnFrom = newReturnFrom;
    }

    boolean wantsStream() {
        return stream == null && wanted == null && !paused && error == null;
    }

    /** Committed records in front of the position, as far as known. */
    long lag() {
        return wanted == null && highWatermark.isPresent() ? Math.max(0, highWatermark.getAsLong() - position) : 0;
    }

    void heardOf(long newHighWatermark, long nowNanos) {
        highWatermark = OptionalLong.of(newHighWatermark);
        heardNanos = nowNanos;
        progressed();
    }

    private void progressed() {
        retries.succeeded();
        unknownSinceNanos = null;
    }
}
