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
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SegmentedLogTest {
    private static final int SEGMENT_BYTES_MAX = 64 << 10;

    private final Path folder;

    private final LogIndex index = new InMemoryIndexStore().of(new GroupId(new UUID(1, 1)));

    SegmentedLogTest(@TempDir Path folder) {
        this.folder = folder;
    }

    private SegmentedLog open(LogEnd end) throws IOException {
        return SegmentedLog.open(folder, SEGMENT_BYTES_MAX, index, 0, end);
    }

    private static void append(SegmentedLog log, int batches, int valueBytes) throws IOException {
        for (int i = 0; i < batches; i++) {
            log.append(RecordBatch.at(TestBatches.of(1_000 + i, "x".repeat(valueBytes)), 0), 4);
        }
    }

    @Test
    void shouldShowNothingBeforeItIsPublished() throws IOException {
        try (SegmentedLog log = open(LogEnd.EMPTY)) {
            append(log, 1, 10);

            assertThat(log.read(0, 1).bytes().remaining()).isZero();
            assertThatThrownBy(() -> log.read(1, 1)).isInstanceOf(OffsetOutOfRange.class);
            assertThat(log.firstAtOrAfter(0)).isEmpty();
            log.publish();
            assertThat(log.read(0, 1).nextOffset()).isEqualTo(1);
        }
    }

    @Test
    void shouldLeaveTheGivenBatchAsItIs() throws IOException {
        try (SegmentedLog log = open(LogEnd.EMPTY)) {
            append(log, 3, 10);
            ByteBuffer given = TestBatches.of(1_000, "mine");
            ByteBuffer before = ByteBuffer.allocate(given.remaining())
                    .put(given.duplicate())
                    .flip();

            log.append(RecordBatch.at(given.asReadOnlyBuffer(), 0), 4);
            log.publish();

            assertThat(given).isEqualTo(before);
            RecordBatch stored = RecordBatch.at(log.read(3, 1).bytes(), 0);
            stored.checkCrc();
            assertThat(stored.baseOffset()).isEqualTo(3);
            assertThat(stored.partitionLeaderEpoch()).isEqualTo(4);
        }
    }

    @Test
    void shouldBeginASegmentWithTheBatchThatWouldNotFit() throws IOException {
        try (SegmentedLog log = open(LogEnd.EMPTY)) {
            append(log, 7, 20_000);
            log.publish();
        }

        assertThat(folder.toFile().list())
                .containsExactlyInAnyOrder(
                        "00000000000000000000.log", "00000000000000000003.log", "00000000000000000006.log");
    }

    @Test
    void shouldRefuseToOpenWhenASegmentIsMissingOrShort() throws IOException {
        LogEnd end;
        try (SegmentedLog log = open(LogEnd.EMPTY)) {
            append(log, 7, 20_000);
            log.publish();
            end = log.end();
            log.markIndexed(end);
        }
        Path middle = folder.resolve(Segment.nameOf(3));
        byte[] whole = Files.readAllBytes(middle);

        cut(middle, whole.length - 1);
        assertThatThrownBy(() -> open(end)).isInstanceOf(IOException.class).hasMessageContaining("corrupt");
        cut(middle, 0);
        assertThatThrownBy(() -> open(end)).isInstanceOf(IOException.class).hasMessageContaining("corrupt");
        Files.delete(middle);
        assertThatThrownBy(() -> open(end)).isInstanceOf(IOException.class).hasMessageContaining("expected 6");
        Files.write(middle, whole);
        cut(folder.resolve(Segment.nameOf(6)), end.activeBytes() - 1);
        assertThatThrownBy(() -> open(end)).isInstanceOf(IOException.class).hasMessageContaining("fewer");
        Files.delete(folder.resolve(Segment.nameOf(6)));
        assertThatThrownBy(() -> open(end)).isInstanceOf(IOException.class).hasMessageContaining("missing");
    }

    private static void cut(Path file, long size) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(size);
        }
    }

    @Test
    void shouldGoOnReadingAndWritingWhenItsThreadsAreInterrupted() throws IOException {
        try (SegmentedLog log = open(LogEnd.EMPTY)) {
            append(log, 10, 1_000);
            log.publish();

            Thread.currentThread().interrupt();
            append(log, 10, 1_000);
            log.publish();
            assertThat(log.read(5, 5_000).nextOffset()).isGreaterThan(5);
            log.makeDurable(log.end());
            assertThat(Thread.interrupted()).isTrue();

            assertThat(log.read(15, 1).nextOffset()).isEqualTo(16);
        }
    }

    @Test
    void shouldServeReadersWhileAnotherReaderIsInterruptedOverAndOver() throws Exception {
        try (SegmentedLog log = open(LogEnd.EMPTY)) {
            append(log, 100, 1_000);
            log.publish();
            AtomicBoolean stop = new AtomicBoolean();
            AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
            Thread victim = new Thread(() -> {
                while (!stop.get()) {
                    readAll(log, failure);
                }
            });
            victim.start();

            for (int i = 0; i < 300; i++) {
                victim.interrupt();
                readAll(log, failure);
            }
            stop.set(true);
            victim.join();

            assertThat(failure.get()).isNull();
        }
    }

    private static void readAll(SegmentedLog log, AtomicReference<@Nullable Throwable> failure) {
        try {
            for (long offset = 0; offset < 100; ) {
                offset = log.read(offset, 10_000).nextOffset();
            }
        } catch (IOException | RuntimeException failed) {
            failure.compareAndSet(null, failed);
        }
    }

    @Test
    void shouldHideTrimmedRecordsAtOnceAndDeleteTheirFilesWhenTold() throws IOException {
        try (SegmentedLog log = open(LogEnd.EMPTY)) {
            append(log, 7, 20_000);
            log.publish();

            log.advanceStart(4);

            assertThatThrownBy(() -> log.read(3, 1))
                    .isInstanceOf(OffsetOutOfRange.class)
                    .hasMessageContaining("[4, 7]");
            assertThat(log.firstAtOrAfter(0)).map(LogRecord::offset).hasValue(4L);
            assertThat(log.batchTimestamp(0)).hasValue(1_004);
            assertThat(files()).hasSize(3);
            log.deleteBefore(3);
            assertThat(files()).containsExactly("00000000000000000003.log", "00000000000000000006.log");
            assertThat(index.atOrBefore(2)).isEmpty();
            assertThat(log.read(4, 1).nextOffset()).isEqualTo(5);
            log.deleteBefore(Long.MAX_VALUE); // no more than lies before the log's start
            assertThat(files()).hasSize(2);
        }
    }

    @Test
    void shouldBeginAnotherSegmentWhenNothingIsLeftAndGoOnWithTheNextOffset() throws IOException {
        LogEnd end;
        try (SegmentedLog log = open(LogEnd.EMPTY)) {
            append(log, 4, 20_000);
            log.publish();

            log.advanceStart(4);
            log.advanceStart(4);
            log.deleteBefore(4);

            assertThat(files()).containsExactly("00000000000000000004.log");
            assertThat(log.read(4, 1).bytes().remaining()).isZero();
            assertThat(log.firstAtOrAfter(0)).isEmpty();
            assertThat(log.batchTimestamp(0)).isEmpty();
            end = log.end();
            log.makeDurable(end);
        }
        try (SegmentedLog again = SegmentedLog.open(folder, SEGMENT_BYTES_MAX, index, 4, end)) {
            append(again, 1, 10);
            again.publish();

            assertThat(RecordBatch.at(again.read(4, 1).bytes(), 0).baseOffset()).isEqualTo(4);
            assertThat(again.end().endOffset()).isEqualTo(5);
        }
    }

    @Test
    void shouldDeleteAtItsOpeningWhatLiesBeforeItsStart() throws IOException {
        LogEnd end;
        try (SegmentedLog log = open(LogEnd.EMPTY)) {
            append(log, 7, 20_000);
            log.publish();
            log.makeDurable(log.end());
            end = log.end();
        }

        SegmentedLog.open(folder, SEGMENT_BYTES_MAX, index, 5, end).close();

        assertThat(files()).containsExactly("00000000000000000003.log", "00000000000000000006.log");
        assertThatThrownBy(() -> SegmentedLog.open(folder, SEGMENT_BYTES_MAX, index, 2, end))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("segment with offset 2 is missing");
    }

    @Test
    void shouldKnowEachSegmentsNewestTimeAlsoAfterItWasOpenedAgain() throws IOException {
        LogEnd end;
        int size = TestBatches.of(5, "x".repeat(30_000)).remaining();
        try (SegmentedLog log = open(LogEnd.EMPTY)) {
            for (long time : new long[] {5, 3, 9, 70, 60, 50, 40}) {
                log.append(RecordBatch.at(TestBatches.of(time, "x".repeat(30_000)), 0), 4);
            }
            log.publish();
            assertThat(log.segments())
                    .containsExactly(
                            new SegmentDescription(0, 2, 2 * size, OptionalLong.of(5)),
                            new SegmentDescription(2, 4, 2 * size, OptionalLong.of(70)),
                            new SegmentDescription(4, 6, 2 * size, OptionalLong.of(60)),
                            new SegmentDescription(6, 7, size, OptionalLong.of(40)));
            log.advanceStart(1);
            log.makeDurable(log.end());
            end = log.end();
            log.markIndexed(end);
        }
        try (SegmentedLog again = SegmentedLog.open(folder, SEGMENT_BYTES_MAX, index, 1, end)) {
            assertThat(timesOf(again)).containsExactly(5L, 70L, null, null); // all before are as new
            again.learnMaxTimestamp(4);
            again.learnMaxTimestamp(6); // is being written to
            again.learnMaxTimestamp(5); // begins nowhere
            assertThat(timesOf(again)).containsExactly(5L, 70L, 60L, null);
        }
        index.clear();
        try (SegmentedLog rebuilt = SegmentedLog.open(folder, SEGMENT_BYTES_MAX, index, 2, end)) {
            assertThat(timesOf(rebuilt)).containsExactly(70L, 60L, 40L);
        }
    }

    private static List<@Nullable Long> timesOf(SegmentedLog log) {
        List<@Nullable Long> times = new ArrayList<>();
        for (SegmentDescription segment : log.segments()) {
            OptionalLong time = segment.maxTimestamp();
            times.add(time.isPresent() ? time.getAsLong() : null);
        }
        return times;
    }

    @Test
    void shouldServeReadersWhileSegmentsAreDeleted() throws Exception {
        try (SegmentedLog log = open(LogEnd.EMPTY)) {
            append(log, 300, 2_000);
            log.publish();
            AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
            Thread reader = new Thread(() -> {
                try {
                    for (long offset = 0; offset < 300; ) {
                        offset = readOrSkip(log, offset);
                    }
                } catch (IOException | RuntimeException failed) {
                    failure.set(failed);
                }
            });
            reader.start();

            for (long start = 1; start <= 290; start++) {
                log.advanceStart(start);
                log.deleteBefore(start);
            }
            reader.join();

            assertThat(failure.get()).isNull();
            assertThat(files()).hasSizeLessThan(3);
        }
    }

    /** Reads a batch that must hold the offset, or returns the log's start if it is gone. */
    private static long readOrSkip(SegmentedLog log, long offset) throws IOException {
        try {
            RecordBatch read = RecordBatch.at(log.read(offset, 1).bytes(), 0);
            read.checkCrc();
            assertThat(read.baseOffset()).isEqualTo(offset);
            return offset + 1;
        } catch (OffsetOutOfRange gone) {
            assertThat(gone.logStartOffset()).isGreaterThan(offset);
            return gone.logStartOffset();
        }
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void shouldRefuseReadsOnceClosed() throws IOException {
        SegmentedLog log = open(LogEnd.EMPTY);
        append(log, 1, 10);
        log.publish();

        log.close();
        log.close();

        assertThatThrownBy(() -> log.read(0, 1)).isInstanceOf(IOException.class).hasMessageContaining("closed");
    }
}
