package io.flotilla.protocol.record;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.protocol.error.LogException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever the bytes, the codec ends in success or in a {@link LogException}; what it accepts, Kafka reads alike. */
class BatchFuzzTest {
    /** Seeds per test and codec; more by {@code -Dflotilla.fuzz.seeds}. */
    private static final int SEEDS = Integer.getInteger("flotilla.fuzz.seeds", 1_500);

    /** Bytes that one batch of a few KiB may make both readers allocate. */
    private static final long ALLOCATED_BYTES_MAX = 8 * 1024 * 1024;

    private static final int MAX_BYTES = 64 * 1024;

    /** The wire's own damage, checksum and all: nearly everything fails, and nothing that Kafka refuses may pass. */
    @ParameterizedTest
    @EnumSource(Compression.class)
    void shouldRefuseCorruptBytesAsKafkaDoes(Compression compression) {
        for (int seed = 0; seed < SEEDS; seed++) {
            Random random = new Random(seed);
            ByteBuffer batch = mutated(validBatch(compression, seed), random);

            Verdict ours = ours(batch, seed);

            if (ours.accepted()) {
                assertThat(kafkas(batch)).as("seed %d", seed).isEqualTo(ours);
            }
        }
    }

    /** A hostile client seals its damage with a right checksum, so that it reaches the records. */
    @ParameterizedTest
    @EnumSource(Compression.class)
    void shouldSurviveDamageUnderARightChecksum(Compression compression) {
        for (int seed = 0; seed < SEEDS; seed++) {
            Random random = new Random(seed);
            ByteBuffer batch = mutated(validBatch(compression, seed), random);
            if (batch.remaining() < RecordBatch.HEADER_BYTES) {
                continue;
            }
            batch.putInt(RecordBatch.LENGTH_AT, batch.limit() - RecordBatch.LENGTH_OVERHEAD_BYTES);
            batch.put(RecordBatch.MAGIC_AT, RecordBatch.MAGIC);
            Batches.resealed(batch);

            Verdict ours = ours(batch, seed);

            if (ours.accepted()) {
                assertThat(kafkas(batch)).as("seed %d", seed).isEqualTo(ours);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Compression.class)
    void shouldSurviveRandomBytes(Compression compression) {
        for (int seed = 0; seed < SEEDS; seed++) {
            Random random = new Random(seed);
            byte[] noise = new byte[random.nextInt(400)];
            random.nextBytes(noise);
            ByteBuffer batch = ByteBuffer.wrap(noise);
            ours(batch, seed);
            if (noise.length < RecordBatch.HEADER_BYTES) {
                continue;
            }
            ByteBuffer header = validBatch(compression, seed);
            batch.put(0, header, 0, RecordBatch.HEADER_BYTES);
            batch.putInt(RecordBatch.LENGTH_AT, noise.length - RecordBatch.LENGTH_OVERHEAD_BYTES);

            ours(Batches.resealed(batch), seed);
        }
    }

    /** Whether a batch is accepted, and with which records. */
    private record Verdict(boolean accepted, List<LogRecord> records) {
        static final Verdict REFUSED = new Verdict(false, List.of());
    }

    private static Verdict ours(ByteBuffer batch, int seed) {
        long before = allocatedBytes();
        // Reading must survive what validation refuses, too: files rot.
        verdict(seed, () -> {
            List<LogRecord> records = new ArrayList<>();
            RecordBatch.in(batch).forEach(each -> records.addAll(each.records()));
            return records;
        });
        Verdict verdict =
                verdict(seed, () -> BatchValidator.validate(batch, MAX_BYTES).records());
        assertThat(allocatedBytes() - before).as("seed %d", seed).isLessThan(ALLOCATED_BYTES_MAX);
        return verdict;
    }

    private static Verdict verdict(int seed, Supplier<List<LogRecord>> reading) {
        try {
            return new Verdict(true, reading.get());
        } catch (LogException refused) {
            assertThat(refused.details()).as("seed %d: %s", seed, refused).isNotEmpty();
            return Verdict.REFUSED;
        } catch (RuntimeException | Error escaped) {
            throw new AssertionError("seed " + seed, escaped);
        }
    }

    private static long allocatedBytes() {
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        return threads.getThreadAllocatedBytes(Thread.currentThread().getId());
    }

    private static Verdict kafkas(ByteBuffer batch) {
        try {
            return new Verdict(true, KafkaBatches.decode(batch));
        } catch (RuntimeException refused) {
            return Verdict.REFUSED;
        }
    }

    private static ByteBuffer validBatch(Compression compression, int seed) {
        List<LogRecord> small = new ArrayList<>();
        for (LogRecord record : new RandomRecords(seed).next(12)) {
            byte[] value = record.value();
            byte[] cut = value == null || value.length < 300 ? value : Arrays.copyOf(value, 300);
            small.add(new LogRecord(record.offset(), record.timestampMillis(), record.key(), cut, record.headers()));
        }
        return Batches.of(compression, small);
    }

    /** Flips bits, sets bytes, cuts, lengthens or blanks at one to three places. */
    private static ByteBuffer mutated(ByteBuffer valid, Random random) {
        byte[] bytes = Batches.bytes(valid);
        for (int left = 1 + random.nextInt(3); left > 0 && bytes.length > 0; left--) {
            int at = random.nextBoolean() ? random.nextInt(bytes.length) : random.nextInt(Math.min(bytes.length, 80));
            switch (random.nextInt(5)) {
                case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> bytes[at] = (byte) random.nextInt();
                case 2 -> bytes = Arrays.copyOf(bytes, at);
                case 3 -> bytes = Arrays.copyOf(bytes, bytes.length + random.nextInt(20));
                default -> Arrays.fill(bytes, at, Math.min(bytes.length, at + 4), (byte) -random.nextInt(2));
            }
        }
        return ByteBuffer.wrap(bytes);
    }
}
