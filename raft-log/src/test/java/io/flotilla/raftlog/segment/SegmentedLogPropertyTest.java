package io.flotilla.raftlog.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flotilla.protocol.error.OffsetOutOfRange;
import io.flotilla.protocol.record.LogRecord;
import io.flotilla.protocol.record.RecordBatch;
import io.flotilla.raftlog.index.InMemoryIndexStore;
import io.flotilla.raftlog.index.LogIndex;
import io.flotilla.raftlog.partition.TestBatches;
import io.flotilla.raftlog.raft.GroupId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SegmentedLogPropertyTest {
    private static final int SEGMENT_BYTES_MAX = 64 << 10;
    private static final int STEPS = 900;

    private final Path folder;

    private final LogModel model = new LogModel();
    private final LogIndex index = new InMemoryIndexStore().of(new GroupId(new UUID(1, 1)));
    private LogEnd durable = LogEnd.EMPTY;
    private long durableStart;
    private int durableBatches;

    SegmentedLogPropertyTest(@TempDir Path folder) {
        this.folder = folder;
    }

    private SegmentedLog open() throws IOException {
        return SegmentedLog.open(folder, SEGMENT_BYTES_MAX, index, durableStart, durable);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void shouldReadWhatTheModelHoldsThroughCrashesAndLostIndexes(long seed) throws IOException {
        Random random = new Random(seed);
        SegmentedLog log = open();
        for (int step = 0; step < STEPS; step++) {
            append(log, random, step);
            switch (random.nextInt(12)) {
                case 0 -> makeDurable(log, random.nextBoolean());
                case 2 -> advanceStart(log, random, step < STEPS / 2);
                case 1 -> {
                    log.close();
                    crash(random);
                    log = open();
                }
                default -> checkReads(log, random, seed, step);
            }
        }
        makeDurable(log, true);
        checkReads(log, random, seed, STEPS);
        log.close();

        long base = Segment.baseOffsetOf(segments().get(0)).orElseThrow();
        assertThat(filesBytes()).as("seed %d", seed).isEqualTo(model.bytesFrom(base));
        assertThat(segments()).as("seed %d", seed).hasSizeGreaterThan(2);
        assertThat(base).as("seed %d", seed).isPositive().isLessThanOrEqualTo(model.startOffset());
        long second = Segment.baseOffsetOf(segments().get(1)).orElseThrow();
        assertThat(second).as("seed %d", seed).isGreaterThan(model.startOffset());
    }

    private void append(SegmentedLog log, Random random, int step) throws IOException {
        for (int left = random.nextInt(4); left > 0; left--) {
            RecordBatch batch = RecordBatch.at(TestBatches.random(random, 1_000 + step * 10L), 0);
            int leaderEpoch = step / 50;
            log.append(batch, leaderEpoch);
            model.append(batch, leaderEpoch);
        }
        log.publish();
    }

    /** Mostly by a few records, now and then by all if that is allowed. */
    private void advanceStart(SegmentedLog log, Random random, boolean allAllowed) throws IOException {
        long left = model.endOffset() - model.startOffset();
        long by = allAllowed && random.nextInt(4) == 0 ? left : Math.min(left, random.nextInt(40));
        log.advanceStart(model.startOffset() + by);
        model.advanceStart(model.startOffset() + by);
    }

    /** @param delete false for a crash between the checkpoint and the deletions it allows */
    private void makeDurable(SegmentedLog log, boolean delete) throws IOException {
        log.makeDurable(log.end());
        log.markIndexed(log.end());
        durable = log.end();
        durableStart = log.startOffset();
        durableBatches = model.batchCount();
        if (delete) {
            log.deleteBefore(durableStart);
        }
    }

    /** Everything behind the last durable place is lost or damaged; now and then the index is, too. */
    private void crash(Random random) throws IOException {
        model.cutTo(durableBatches);
        model.advanceStart(durableStart);
        if (random.nextInt(3) == 0) {
            index.clear();
        }
        Path active = folder.resolve(Segment.nameOf(durable.activeBase()));
        byte[] garbage = new byte[random.nextInt(2_000)];
        random.nextBytes(garbage);
        if (random.nextBoolean()) {
            Files.write(active, garbage, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        }
        Files.write(folder.resolve(Segment.nameOf(durable.endOffset() + 1 + random.nextInt(100))), garbage);
    }

    private void checkReads(SegmentedLog log, Random random, long seed, int step) throws IOException {
        assertThat(log.end().endOffset()).isEqualTo(model.endOffset());
        assertThat(log.startOffset()).isEqualTo(model.startOffset());
        if (model.startOffset() > 0) {
            long gone = random.nextLong(model.startOffset());
            assertThatThrownBy(() -> log.read(gone, 1)).isInstanceOf(OffsetOutOfRange.class);
        }
        long offset = random.nextLong(model.startOffset(), model.endOffset() + 1);
        int maxBytes = 1 + random.nextInt(20_000);
        for (int reads = 0; reads < 3; reads++) { // the second and third go on where the one before ended
            BatchSlice slice = log.read(offset, maxBytes);
            List<RecordBatch> expected = model.batchesFrom(offset);
            int count = 0;
            int bytes = 0;
            long next = offset;
            for (RecordBatch batch : RecordBatch.in(slice.bytes())) {
                assertThat(batch.buffer())
                        .as("seed %d step %d offset %d", seed, step, next)
                        .isEqualTo(expected.get(count++).buffer());
                bytes += batch.sizeInBytes();
                next = batch.lastOffset() + 1;
            }
            assertThat(slice.nextOffset()).isEqualTo(next);
            assertThat(bytes <= maxBytes || count == 1)
                    .as("seed %d step %d", seed, step)
                    .isTrue();
            assertThat(bytes == 0).as("seed %d step %d", seed, step).isEqualTo(offset == model.endOffset());
            offset = next;
        }
        assertThat(log.batchTimestamp(offset))
                .as("seed %d step %d offset %d", seed, step, offset)
                .isEqualTo(model.batchTimestamp(offset));
        long time = 900 + random.nextLong(step * 10L + 300);
        Optional<LogRecord> found = log.firstAtOrAfter(time);
        assertThat(found.map(LogRecord::offset))
                .as("seed %d step %d time %d", seed, step, time)
                .isEqualTo(model.firstAtOrAfter(time).map(LogRecord::offset));
    }

    private List<Path> segments() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }

    private ByteBuffer filesBytes() throws IOException {
        ByteBuffer all = ByteBuffer.allocate(model.bytesFrom(0).remaining() + 1);
        for (Path segment : segments()) {
            assertThat(Files.size(segment)).isLessThanOrEqualTo(SEGMENT_BYTES_MAX);
            all.put(Files.readAllBytes(segment));
        }
        return all.flip();
    }
}
