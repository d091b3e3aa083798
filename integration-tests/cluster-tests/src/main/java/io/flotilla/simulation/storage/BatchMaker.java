package io.flotilla.simulation.storage;

import io.flotilla.protocol.record.BatchBuilder;
import io.flotilla.protocol.record.Compression;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * What producers send: batches with and without numbers, small and large, now and then one again, one too early or one
 * of a producer that started over.
 */
final class BatchMaker {
    static final int BATCH_BYTES_MAX = 32 << 10;

    private static final int PRODUCERS = 3;

    private final SplittableRandom random;
    private final int[] sequences = new int[PRODUCERS];
    private final short[] epochs = new short[PRODUCERS];
    private final List<ByteBuffer> recent = new ArrayList<>();
    private long millis = 1_000_000;

    BatchMaker(SplittableRandom random) {
        this.random = random;
    }

    /** Wall clock of the leader; it goes on with each entry. */
    long nextMillis() {
        millis += random.nextInt(50);
        return millis;
    }

    /** The batches of one entry. */
    List<ByteBuffer> next() {
        List<ByteBuffer> batches = new ArrayList<>();
        for (int left = 1 + random.nextInt(3); left > 0; left--) {
            batches.add(nextBatch());
        }
        return batches;
    }

    private ByteBuffer nextBatch() {
        int what = random.nextInt(20);
        if (what < 3 && !recent.isEmpty()) {
            return recent.get(random.nextInt(recent.size()));
        }
        BatchBuilder batch = new BatchBuilder(Compression.NONE, BATCH_BYTES_MAX);
        int count = 1 + random.nextInt(4);
        for (int left = count; left > 0; left--) {
            byte[] value = new byte[valueBytes() / count];
            random.nextBytes(value);
            batch.tryAppend(Math.max(0, millis + random.nextInt(400) - 200), null, value, List.of());
        }
        if (what < 8) {
            return batch.build(-1, (short) -1, -1);
        }
        int producer = random.nextInt(PRODUCERS);
        if (what == 8) {
            epochs[producer]++;
            sequences[producer] = 0;
        }
        int gap = what == 9 ? 7 : 0;
        ByteBuffer built = batch.build(producer, epochs[producer], sequences[producer] + gap);
        if (gap == 0) {
            sequences[producer] += count;
            recent.add(built);
            if (recent.size() > 6) {
                recent.remove(0);
            }
        }
        return built;
    }

    private int valueBytes() {
        int kind = random.nextInt(20);
        return kind < 14 ? random.nextInt(600) : kind < 18 ? random.nextInt(6_000) : random.nextInt(30_000);
    }
}
