package io.flotilla.raftlog.partition;

import io.flotilla.protocol.record.BatchBuilder;
import io.flotilla.protocol.record.Compression;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;

/** Batches as producers send them. */
public final class TestBatches {
    private static final int BATCH_BYTES_MAX = 1 << 20;

    private TestBatches() {}

    /** A batch without a producer, one record for each value, all of one time. */
    public static ByteBuffer of(long timestampMillis, String... values) {
        return numbered(-1, (short) -1, -1, timestampMillis, values);
    }

    public static ByteBuffer numbered(
            long producerId, short producerEpoch, int baseSequence, long timestampMillis, String... values) {
        BatchBuilder batch = new BatchBuilder(Compression.NONE, BATCH_BYTES_MAX);
        for (String value : values) {
            append(batch, timestampMillis, value.getBytes(StandardCharsets.UTF_8));
        }
        return batch.build(producerId, producerEpoch, baseSequence);
    }

    /** A batch of 1 to 10 records of up to 2000 bytes, compressed in one of all ways, times falling now and then. */
    public static ByteBuffer random(Random random, long aboutMillis) {
        Compression[] all = Compression.values();
        BatchBuilder batch = new BatchBuilder(all[random.nextInt(all.length)], BATCH_BYTES_MAX);
        for (int left = 1 + random.nextInt(10); left > 0; left--) {
            byte[] value = new byte[random.nextInt(10) == 0 ? random.nextInt(2_000) : random.nextInt(50)];
            random.nextBytes(value);
            append(batch, Math.max(0, aboutMillis + random.nextInt(200) - 100), value);
        }
        return batch.build(-1, (short) -1, -1);
    }

    private static void append(BatchBuilder batch, long timestampMillis, byte[] value) {
        if (!batch.tryAppend(timestampMillis, null, value, List.of())) {
            throw new AssertionError("test batch is larger than " + BATCH_BYTES_MAX);
        }
    }
}
