package io.flotilla.raftlog.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.protocol.record.RecordBatch;
import io.flotilla.raftlog.index.InMemoryIndexStore;
import io.flotilla.raftlog.index.LogIndex;
import io.flotilla.raftlog.raft.Leadership;
import io.flotilla.raftlog.raft.LogPosition;
import io.flotilla.raftlog.segment.SegmentedLog;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Replicas that applied the same entries are equal byte by byte, whatever else happened to them. */
class PartitionStatePropertyTest {
    private static final PartitionId ID = new PartitionId(new UUID(1, 2), 0);
    private static final int ENTRIES = 250;

    private final Path root;

    PartitionStatePropertyTest(@TempDir Path root) {
        this.root = root;
    }

    /** One replica and the crashes it lives through. Checkpoints happen when it is told, as the flusher's pause is long. */
    private static final class Replica implements PartitionState.Owner, AutoCloseable {
        private final Path root;
        private final LogIndex index = new InMemoryIndexStore().of(ID.groupId());
        private final BackgroundFlusher flusher = new BackgroundFlusher(1, Duration.ofMinutes(1));
        private int lives;
        private Path folder;
        private PartitionState state;
        private @Nullable Throwable failure;

        Replica(Path root) throws IOException {
            this.root = root;
            this.folder = Files.createDirectories(root.resolve("life-0"));
            CheckpointFile.write(folder, Checkpoint.initial(ID, new PartitionSettings(64 << 10, 64 << 10)));
            this.state = newState();
            assertThat(state.open().isNone()).isTrue();
        }

        private PartitionState newState() {
            return new PartitionState(ID, folder, index, StorageSettings.DEFAULT, flusher, System::nanoTime, this);
        }

        void checkpoint(LogPosition applied) {
            Awaitility.await().pollInterval(Duration.ofMillis(5)).until(() -> state.checkpoint()
                    .equals(applied));
        }

        /** Goes on with a copy of the files in which what lies behind the checkpoint is torn. Returns the next index. */
        int crash(Random random) throws IOException {
            awaitBackground();
            Path copy = Files.createDirectories(root.resolve("life-" + ++lives));
            Checkpoint checkpoint = CheckpointFile.read(folder, ID);
            for (Path file : filesOf(folder)) {
                Files.copy(file, copy.resolve(file.getFileName()));
            }
            state.close();
            for (Path file : filesOf(copy)) {
                if (file.endsWith(String.format("%020d.log", checkpoint.end().activeBase())) && random.nextBoolean()) {
                    byte[] durable = new byte[checkpoint.end().activeBytes()];
                    ByteBuffer.wrap(Files.readAllBytes(file)).get(durable);
                    Files.write(file, durable);
                    Files.write(file, new byte[random.nextInt(500)], StandardOpenOption.APPEND);
                }
            }
            if (random.nextBoolean()) {
                index.clear();
            }
            folder = copy;
            state = newState();
            return (int) state.open().index() + 1;
        }

        /** Checkpoints that were asked for must not go on while files are copied. */
        private void awaitBackground() {
            AtomicBoolean idle = new AtomicBoolean();
            flusher.soon(() -> idle.set(true));
            Awaitility.await().pollInterval(Duration.ofMillis(5)).untilTrue(idle);
        }

        Map<String, ByteBuffer> segments() throws IOException {
            Map<String, ByteBuffer> segments = new TreeMap<>();
            for (Path file : filesOf(folder)) {
                if (file.toString().endsWith(".log")) {
                    segments.put(file.getFileName().toString(), ByteBuffer.wrap(Files.readAllBytes(file)));
                }
            }
            return segments;
        }

        private static List<Path> filesOf(Path folder) throws IOException {
            try (Stream<Path> files = Files.list(folder)) {
                return files.toList();
            }
        }

        @Override
        public void close() throws IOException {
            state.close();
            flusher.close();
            assertThat(failure).isNull();
        }

        @Override
        public void opened(SegmentedLog log, LogPosition position) {}

        @Override
        public void advanced(LogPosition position) {}

        @Override
        public void leadershipChanged(Leadership leadership) {}

        @Override
        public void failed(Throwable cause) {
            failure = cause;
        }

        @Override
        public boolean hasFailed() {
            return failure != null;
        }

        @Override
        public void closed() {}
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void shouldEndWithTheSameBytesAndAnswersAfterAnyHistory(long seed) throws IOException {
        Random random = new Random(seed);
        List<ByteBuffer> entries = randomEntries(random);
        List<ByteBuffer> answers = new ArrayList<>();
        try (Replica steady = new Replica(root.resolve("steady"));
                Replica troubled = new Replica(root.resolve("troubled"))) {
            for (int index = 0; index < ENTRIES; index++) {
                answers.add(steady.state.apply(positionOf(index), entries.get(index)));
            }

            int crashes = 0;
            for (int index = 0; index < ENTRIES; ) {
                assertThat(troubled.state.apply(positionOf(index), entries.get(index)))
                        .as("seed %d index %d", seed, index)
                        .isEqualTo(answers.get(index));
                int next = index + 1;
                switch (random.nextInt(crashes < 20 ? 15 : 1_000_000)) {
                    case 0, 1 -> troubled.checkpoint(positionOf(index));
                    case 2 -> {
                        next = troubled.crash(random);
                        crashes++;
                    }
                    default -> {}
                }
                index = next;
            }

            steady.state.close();
            troubled.state.close();
            assertThat(troubled.segments()).as("seed %d", seed).isEqualTo(steady.segments());
            assertThat(steady.segments()).as("seed %d", seed).hasSizeGreaterThan(2);
            assertThat(steady.segments()).as("seed %d", seed).doesNotContainKey("00000000000000000000.log");
            assertThat(crashes).as("seed %d", seed).isPositive();
        }
    }

    private static LogPosition positionOf(int index) {
        return new LogPosition(1 + index / 40, index);
    }

    private static List<ByteBuffer> randomEntries(Random random) {
        int[] sequences = new int[3];
        List<ByteBuffer> entries = new ArrayList<>();
        long offsetsMax = 0;
        for (int index = 0; index < ENTRIES; index++) {
            if (random.nextInt(12) == 0) {
                boolean all = index < ENTRIES / 2 && random.nextInt(5) == 0;
                long target = all ? offsetsMax : random.nextLong(offsetsMax / 3 + 1);
                entries.add(
                        new AdvanceLogStart(ID, 5_000 + index, target).encode().asReadOnlyBuffer());
                continue;
            }
            List<ByteBuffer> batches = new ArrayList<>();
            for (int left = 1 + random.nextInt(5); left > 0; left--) {
                if (random.nextBoolean()) {
                    batches.add(TestBatches.random(random, 1_000 + index));
                } else {
                    int producer = random.nextInt(sequences.length);
                    int back = random.nextInt(4) == 0 ? random.nextInt(8) : 0;
                    int sequence = Math.max(0, sequences[producer] - back);
                    batches.add(TestBatches.numbered(producer, (short) 0, sequence, 1_000 + index, "v" + sequence));
                    sequences[producer] = Math.max(sequences[producer], sequence + 1);
                }
            }
            for (ByteBuffer batch : batches) {
                offsetsMax += RecordBatch.at(batch, 0).lastOffsetDelta() + 1;
            }
            assertThat(batches).allSatisfy(batch -> RecordBatch.at(batch, 0).checkCrc());
            entries.add(AppendEntry.encode(ID, 5_000 + index, batches).asReadOnlyBuffer());
        }
        return entries;
    }
}
