package io.flotilla.protocol.record;

import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Gathers records into one batch of a producer, bounded in bytes. */
@SuppressWarnings("DoNotCallSuggester")
public final class BatchBuilder {
    /**
     * @param maxBytes limit of {@link #estimatedBytes}
     */
    public BatchBuilder(Compression compression, int maxBytes) {}

    public boolean tryAppend(
            long timestampMillis, byte @Nullable [] key, byte @Nullable [] value, List<RecordHeader> headers) {
        throw new UnsupportedOperationException();
    }

    public int recordCount() {
        throw new UnsupportedOperationException();
    }

    public int estimatedBytes() {
        throw new UnsupportedOperationException();
    }

    public ByteBuffer build(long producerId, short producerEpoch, int baseSequence) {
        throw new UnsupportedOperationException();
    }
}
