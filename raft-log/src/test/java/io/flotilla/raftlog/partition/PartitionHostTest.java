package io.flotilla.raftlog.partition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flotilla.protocol.error.ErrorCode;
import io.flotilla.protocol.error.LogException;
import io.flotilla.protocol.error.NotLeader;
import io.flotilla.protocol.error.OffsetOutOfRange;
import io.flotilla.protocol.error.Refused;
import io.flotilla.protocol.record.LogRecord;
import io.flotilla.protocol.record.RecordBatch;
import io.flotilla.raftlog.partition.rules.LeaderEpochs;
import io.flotilla.raftlog.partition.rules.RetentionSettings;
import io.flotilla.raftlog.raft.Leadership;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PartitionHostTest {
    private static final PartitionId ID = new PartitionId(new UUID(7, 8), 3);
    private static final PartitionSettings SETTINGS = new PartitionSettings(64 << 10, 32 << 10);

    private Path data;
    private PartitionHost host;
    private FakeRaftHost raft;

    @BeforeEach
    void openBroker(@TempDir Path folder) throws IOException {
        data = folder;
        host = PartitionHost.open(data, StorageSettings.DEFAULT);
        raft = new FakeRaftHost(host::stateOf);
        raft.start();
        host.attach(raft);
    }

    @AfterEach
    void closeBroker() throws IOException {
        raft.close();
        host.close();
    }

    private void restart() throws IOException {
        closeBroker();
        host = PartitionHost.open(data, StorageSettings.DEFAULT);
        raft = raft.restarted(host::stateOf);
        raft.start();
        host.attach(raft);
    }

    private Partition partition() {
        return host.find(ID).orElseThrow();
    }

    private FakeRaftHost.FakeGroup group() {
        return raft.fake(ID.groupId());
    }

    private static List<String> valuesOf(Partition partition, long offset) {
        List<String> values = new ArrayList<>();
        for (RecordBatch batch : RecordBatch.in(partition.read(offset, 1 << 20).batches())) {
            for (LogRecord found : batch.records()) {
                values.add(new String(Objects.requireNonNull(found.value()), StandardCharsets.UTF_8));
            }
        }
        return values;
    }

    private static ErrorCode codeOf(CompletableFuture<?> failed) {
        Throwable cause = failed.handle((done, failure) -> failure).join();
        return ((LogException) Objects.requireNonNull(cause)).code();
    }

    @Test
    void shouldServeWhatWasAppended() throws IOException {
        Partition partition = host.create(ID, SETTINGS, List.of());

        AppendResult first = partition.append(TestBatches.of(1_000, "a", "b")).join();
        AppendResult second = partition.append(TestBatches.of(2_000, "c")).join();

        assertThat(first.baseOffset()).isZero();
        assertThat(first.lastOffset()).isEqualTo(1);
        assertThat(first.leaderEpoch()).isEqualTo(1);
        assertThat(second.baseOffset()).isEqualTo(2);
        assertThat(partition.highWatermark()).isEqualTo(3);
        assertThat(partition.appliedIndex()).isEqualTo(1);
        assertThat(valuesOf(partition, 0)).containsExactly("a", "b", "c");
        assertThat(valuesOf(partition, 2)).containsExactly("c");
        assertThat(partition.read(3, 1).batches().remaining()).isZero();
        assertThat(partition.firstAtOrAfter(1_001)).contains(new TimestampedOffset(2, 2_000));
        assertThat(partition.firstAtOrAfter(2_001)).isEmpty();
        assertThat(partition.batchTimestamp(1)).hasValue(1_000);
        assertThat(partition.batchTimestamp(2)).hasValue(2_000);
        assertThat(partition.batchTimestamp(3)).isEmpty();
        assertThatThrownBy(() -> partition.read(4, 1)).isInstanceOf(OffsetOutOfRange.class);
        assertThatThrownBy(() -> partition.read(-1, 1)).isInstanceOf(OffsetOutOfRange.class);
    }

    @Test
    void shouldTakeBatchesUpToAnotherSizeOnceItIsToldSo() throws IOException {
        Partition partition = host.create(ID, SETTINGS, List.of());
        ByteBuffer batch = TestBatches.of(1_000, "x".repeat(3_000));

        host.limitBatches(ID, 2_048);
        assertThat(codeOf(partition.append(batch.duplicate()))).isEqualTo(ErrorCode.RECORD_TOO_LARGE);
        assertThat(partition.settings()).isEqualTo(SETTINGS.withBatchBytesMax(2_048));

        host.limitBatches(ID, 4_096);
        assertThat(partition.append(batch).join().baseOffset()).isZero();
        restart();
        assertThat(partition().settings()).isEqualTo(SETTINGS);
    }

    @Test
    void shouldHaveListenersLookAgainWhenAsked() throws IOException {
        Partition partition = host.create(ID, SETTINGS, List.of());
        AtomicInteger looks = new AtomicInteger();
        try (Partition.Listening listening = partition.listen(looks::incrementAndGet)) {
            host.wakeListeners(ID);
            host.wakeListeners(new PartitionId(new UUID(0, 0), 0));
        }

        assertThat(looks).hasValue(1);
    }

    @Test
    void shouldAnswerADuplicateWithItsFirstPlaceAlsoAfterARestart() throws IOException {
        Partition before = host.create(ID, SETTINGS, List.of());
        AppendResult first = before.append(TestBatches.numbered(9, (short) 0, 0, 1_000, "a", "b"))
                .join();

        restart();
        AppendResult again = partition()
                .append(TestBatches.numbered(9, (short) 0, 0, 1_000, "a", "b"))
                .join();
        CompletableFuture<AppendResult> gap = partition().append(TestBatches.numbered(9, (short) 0, 5, 1_000, "x"));

        assertThat(again).isEqualTo(new AppendResult(0, 1, first.leaderEpoch(), true, first.appendTimeMillis()));
        assertThat(codeOf(gap)).isEqualTo(ErrorCode.OUT_OF_ORDER_SEQUENCE);
        assertThat(partition().highWatermark()).isEqualTo(2);
    }

    @Test
    void shouldGatherBatchesWhileEntriesAreInFlight() throws IOException {
        Partition partition = host.create(ID, SETTINGS, List.of());
        group().hold();

        List<CompletableFuture<AppendResult>> results = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            results.add(partition.append(TestBatches.of(1_000, "v" + i)));
        }
        group().release();

        assertThat(results).allSatisfy(result -> assertThat(result).isCompleted());
        assertThat(results)
                .extracting(result -> result.join().baseOffset())
                .containsExactly(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L);
        assertThat(group().entries()).isEqualTo(StorageSettings.DEFAULT.entriesInFlightMax() + 1);
    }

    @Test
    void shouldRefuseWhatItCannotTake() throws IOException {
        Partition partition = host.create(ID, SETTINGS, List.of());
        ByteBuffer damaged = TestBatches.of(1_000, "abc");
        damaged.put(damaged.limit() - 1, (byte) 7);

        assertThat(codeOf(partition.append(damaged))).isEqualTo(ErrorCode.CORRUPT_BATCH);
        assertThat(codeOf(partition.append(TestBatches.of(1_000, "x".repeat(33 << 10)))))
                .isEqualTo(ErrorCode.RECORD_TOO_LARGE);
        group().failWith(new Refused(ErrorCode.TIMEOUT, "no answer"));
        assertThat(codeOf(partition.append(TestBatches.of(1_000, "a")))).isEqualTo(ErrorCode.TIMEOUT);
        group().loseLeadership();
        CompletableFuture<AppendResult> elsewhere = partition.append(TestBatches.of(1_000, "a"));
        assertThat(codeOf(elsewhere)).isEqualTo(ErrorCode.NOT_LEADER);
        NotLeader cause = (NotLeader) Objects.requireNonNull(
                elsewhere.handle((done, failure) -> failure).join());
        assertThat(cause.leaderBrokerId()).contains(2);
    }

    @Test
    void shouldFailWhatWaitsWhenLeadershipIsLost() throws IOException {
        Partition partition = host.create(ID, SETTINGS, List.of());
        group().hold();
        List<CompletableFuture<AppendResult>> results = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            results.add(partition.append(TestBatches.of(1_000, "v")));
        }

        group().loseLeadership();

        assertThat(results.subList(0, 4))
                .allSatisfy(inFlight -> assertThat(inFlight).isNotDone());
        assertThat(results.subList(4, 6))
                .allSatisfy(waiting -> assertThat(codeOf(waiting)).isEqualTo(ErrorCode.NOT_LEADER));
    }

    @Test
    void shouldTrimForGood() throws IOException {
        Partition partition = host.create(ID, SETTINGS, List.of());
        AppendResult unused =
                partition.append(TestBatches.of(1_000, "a", "b", "c")).join();

        assertThat(partition.advanceLogStart(2).join()).isEqualTo(2);
        assertThat(partition.advanceLogStart(1).join()).isEqualTo(2);
        restart();

        assertThat(partition().logStartOffset()).isEqualTo(2);
        assertThat(partition().highWatermark()).isEqualTo(3);
        assertThatThrownBy(() -> partition().read(1, 1))
                .isInstanceOf(OffsetOutOfRange.class)
                .hasMessageContaining("[2, 3]");
        assertThat(partition().read(2, 1).logStartOffset()).isEqualTo(2);
        assertThat(partition().advanceLogStart(3).join()).isEqualTo(3);
        assertThat(partition().append(TestBatches.of(1_000, "d")).join().baseOffset())
                .isEqualTo(3);
        assertThat(valuesOf(partition(), 3)).containsExactly("d");
    }

    @Test
    void shouldFailAReplicaWhoseSegmentIsDamagedBeforeAReaderMeetsIt() throws Exception {
        Partition healthy = host.create(new PartitionId(new UUID(7, 8), 4), SETTINGS, List.of());
        Partition damaged = host.create(ID, SETTINGS, List.of());
        for (int i = 0; i < 8; i++) {
            AppendResult unused =
                    damaged.append(TestBatches.of(1_000, "x".repeat(30_000))).join();
            unused = healthy.append(TestBatches.of(1_000, "x".repeat(30_000))).join();
        }
        Path segment = data.resolve("partitions").resolve(ID.toString()).resolve("00000000000000000002.log");
        byte[] bytes = Files.readAllBytes(segment);
        bytes[40_000] ^= 1;
        Files.write(segment, bytes);

        try (AutoCloseable scrubbing = host.startScrubbing(new ScrubSettings(Duration.ofMillis(10), 1 << 30))) {
            Awaitility.await().until(() -> damaged.failure().isPresent());
            Awaitility.await().until(() -> host.scrubProgress().rounds() > 0);
        }

        assertThat(host.scrubProgress().checkedBytes()).isGreaterThan(bytes.length);
        assertThat(host.scrubProgress().lastRoundEndedMillis()).isPositive();
        assertThat(damaged.failure())
                .get()
                .asString()
                .contains(segment.toString(), "corrupt at byte " + bytes.length / 2, "CRC");
        assertThat(healthy.failure()).isEmpty();
    }

    @Test
    void shouldTellWhereALeaderEpochEnds() throws IOException {
        Partition partition = host.create(ID, SETTINGS, List.of());
        AppendResult unused = partition.append(TestBatches.of(1_000, "a", "b")).join();
        assertThat(partition.endOfEpoch(1)).contains(new LeaderEpochs.EpochEnd(1, 2));
        assertThat(partition.endOfEpoch(2)).isEmpty();

        restart(); // under a new term
        unused = partition().append(TestBatches.of(1_000, "c")).join();

        assertThat(partition().endOfEpoch(1)).contains(new LeaderEpochs.EpochEnd(1, 2));
        assertThat(partition().endOfEpoch(2)).contains(new LeaderEpochs.EpochEnd(2, 3));
        assertThat(partition().advanceLogStart(3).join()).isEqualTo(3);
        assertThat(partition().endOfEpoch(1)).contains(new LeaderEpochs.EpochEnd(1, 3));
    }

    @Test
    void shouldTrimByItselfWhatItsSettingsDoNotKeep() throws Exception {
        closeBroker();
        host = PartitionHost.open(
                data, StorageSettings.DEFAULT.withRetentionCheckInterval(Duration.ofMillis(100)), Clock.systemUTC());
        raft = new FakeRaftHost(host::stateOf);
        raft.start();
        host.attach(raft);
        Partition kept = host.create(new PartitionId(new UUID(7, 8), 4), SETTINGS, List.of());
        Partition partition = host.create(ID, SETTINGS, List.of());
        for (int i = 0; i < 8; i++) {
            AppendResult unused =
                    partition.append(TestBatches.of(1_000, "x".repeat(30_000))).join();
            unused = kept.append(TestBatches.of(1_000, "x".repeat(30_000))).join();
        }

        try (AutoCloseable retention = host.startRetention(id -> id.equals(ID)
                ? Optional.of(new RetentionSettings(RetentionSettings.UNLIMITED, 100_000))
                : Optional.empty())) {
            Awaitility.await()
                    .untilAsserted(() -> assertThat(partition.logStartOffset()).isEqualTo(4));
        }
        assertThat(kept.logStartOffset()).isZero();
    }

    @Test
    void shouldRefuseToTrimWhereItCannot() throws IOException {
        Partition partition = host.create(ID, SETTINGS, List.of());
        AppendResult unused = partition.append(TestBatches.of(1_000, "a")).join();

        assertThat(codeOf(partition.advanceLogStart(2))).isEqualTo(ErrorCode.OFFSET_OUT_OF_RANGE);
        assertThat(codeOf(partition.advanceLogStart(-1))).isEqualTo(ErrorCode.OFFSET_OUT_OF_RANGE);
        group().failWith(new Refused(ErrorCode.TIMEOUT, "no answer"));
        assertThat(codeOf(partition.advanceLogStart(1))).isEqualTo(ErrorCode.TIMEOUT);
        group().loseLeadership();
        assertThat(codeOf(partition.advanceLogStart(1))).isEqualTo(ErrorCode.NOT_LEADER);
        assertThat(partition.logStartOffset()).isZero();
    }

    @Test
    void shouldTellListenersOfEveryStep() throws IOException {
        Partition partition = host.create(ID, SETTINGS, List.of());
        AtomicInteger calls = new AtomicInteger();
        List<Long> seen = new ArrayList<>();
        Partition.Listening broken = partition.listen(() -> {
            throw new IllegalStateException("a listener's own fault");
        });
        Partition.Listening listening = partition.listen(() -> {
            calls.incrementAndGet();
            seen.add(partition.highWatermark());
        });

        AppendResult unused = partition.append(TestBatches.of(1_000, "a")).join();
        listening.close();
        listening.close();
        unused = partition.append(TestBatches.of(1_000, "b")).join();
        broken.close();

        assertThat(calls).hasValue(1);
        assertThat(seen).containsExactly(1L);
    }

    @Test
    void shouldStopAReplicaWhoseEntryIsNotItsOwn() throws IOException {
        Partition partition = host.create(ID, SETTINGS, List.of());
        AppendResult kept = partition.append(TestBatches.of(1_000, "a")).join();
        ByteBuffer foreign =
                AppendEntry.encode(new PartitionId(new UUID(1, 1), 0), 1_000, List.of(TestBatches.of(1_000, "b")));

        assertThatThrownBy(() -> group().commit(foreign)).isInstanceOf(IOException.class);

        assertThat(kept.baseOffset()).isZero();
        assertThat(partition.leadership().role()).isEqualTo(Leadership.Role.STOPPED);
        assertThat(partition.failure()).isPresent();
        assertThat(codeOf(partition.append(TestBatches.of(1_000, "c")))).isEqualTo(ErrorCode.STORAGE_FAILURE);
        assertThatThrownBy(() -> partition.read(0, 1))
                .isInstanceOfSatisfying(
                        Refused.class, refused -> assertThat(refused.code()).isEqualTo(ErrorCode.STORAGE_FAILURE));
    }

    @Test
    void shouldStopTheMemberOfAReplicaThatCannotBeRead() throws IOException {
        Partition partition = host.create(ID, SETTINGS, List.of());
        AppendResult unused = partition.append(TestBatches.of(1_000, "a")).join();
        Path segment = data.resolve("partitions").resolve(ID.toString()).resolve("00000000000000000000.log");
        Files.write(segment, new byte[(int) Files.size(segment)]);

        assertThatThrownBy(() -> partition.read(0, 1)).isInstanceOf(Refused.class);

        assertThat(group().stopCause()).isPresent();
    }

    @Test
    void shouldPauseAReplicaAndReopenIt() throws IOException {
        Partition partition = host.create(ID, SETTINGS, List.of());
        AppendResult kept = partition.append(TestBatches.of(1_000, "a")).join();

        host.pause(ID, new IOException("the disk is full"));

        assertThat(partition.leadership().role()).isEqualTo(Leadership.Role.STOPPED);
        assertThat(partition.failure().orElseThrow()).hasMessage("the disk is full");
        assertThat(codeOf(partition.append(TestBatches.of(1_000, "b")))).isEqualTo(ErrorCode.STORAGE_FAILURE);
        assertThat(host.find(ID)).containsSame(partition);

        host.reopen(ID);

        assertThat(kept.baseOffset()).isZero();
        assertThat(partition.failure()).isEmpty();
        assertThat(valuesOf(partition, 0)).containsExactly("a");
        assertThat(partition.append(TestBatches.of(1_000, "b")).join().baseOffset())
                .isEqualTo(1);
    }

    @Test
    void shouldFailAgainWhenTheCauseIsInTheLog() throws IOException {
        Partition partition = host.create(ID, SETTINGS, List.of());
        AppendResult unused = partition.append(TestBatches.of(1_000, "a")).join();
        ByteBuffer foreign =
                AppendEntry.encode(new PartitionId(new UUID(1, 1), 0), 1_000, List.of(TestBatches.of(1_000, "b")));
        assertThatThrownBy(() -> group().commit(foreign)).isInstanceOf(IOException.class);

        assertThatThrownBy(() -> host.reopen(ID)).isInstanceOf(IOException.class);

        assertThat(partition.failure().orElseThrow()).hasMessageContaining("entry of partition");
    }

    @Test
    void shouldListAReplicaWithADamagedCheckpointAsFailed() throws IOException {
        Partition whole = host.create(ID, SETTINGS, List.of());
        PartitionId other = new PartitionId(new UUID(7, 8), 4);
        Partition sound = host.create(other, SETTINGS, List.of());
        AppendResult unused = sound.append(TestBatches.of(1_000, "a")).join();
        assertThat(whole.failure()).isEmpty();
        closeBroker();
        Path checkpoint = data.resolve("partitions").resolve(ID.toString()).resolve("checkpoint");
        byte[] bytes = Files.readAllBytes(checkpoint);
        bytes[40] ^= 1;
        Files.write(checkpoint, bytes);

        restart();

        assertThat(partition().leadership().role()).isEqualTo(Leadership.Role.STOPPED);
        assertThat(partition().failure().orElseThrow()).hasMessageContaining("CRC-32C");
        assertThat(valuesOf(host.find(other).orElseThrow(), 0)).containsExactly("a");
        host.delete(ID);
        assertThat(host.create(ID, SETTINGS, List.of()).failure()).isEmpty();
    }

    @Test
    void shouldDeleteAReplicaWithAllItsTraces() throws IOException {
        AppendResult unused = host.create(ID, SETTINGS, List.of())
                .append(TestBatches.of(1_000, "a"))
                .join();

        host.delete(ID);
        host.delete(ID);

        assertThat(host.find(ID)).isEmpty();
        assertThat(raft.hasLogOf(ID.groupId())).isFalse();
        assertThat(data.resolve("partitions")).isEmptyDirectory();
        Partition again = host.create(ID, SETTINGS, List.of());
        assertThat(again.highWatermark()).isZero();
        assertThat(again.append(TestBatches.of(1_000, "b")).join().baseOffset()).isZero();
    }

    @Test
    void shouldClearAwayWhatACrashLeftOfCreationAndDeletion() throws IOException {
        Partition kept = host.create(ID, SETTINGS, List.of());
        PartitionId deleted = new PartitionId(new UUID(7, 8), 4);
        Partition doomed = host.create(deleted, SETTINGS, List.of());
        assertThat(List.of(kept, doomed))
                .allSatisfy(made -> assertThat(made.failure()).isEmpty());
        Path partitions = data.resolve("partitions");
        Files.createFile(partitions.resolve(deleted.toString()).resolve("deleted"));
        Files.createDirectory(partitions.resolve(new PartitionId(new UUID(7, 8), 5).toString()));

        restart();

        assertThat(host.all()).extracting(Partition::id).containsExactly(ID);
        assertThat(partitions).isDirectoryNotContaining(path -> !path.endsWith(ID.toString()));
    }

    @Test
    void shouldForgetACreationThatACrashCutShort() throws IOException {
        assertThat(host.create(ID, SETTINGS, List.of()).failure()).isEmpty();
        raft.remove(ID.groupId());
        Files.delete(data.resolve("partitions").resolve(ID.toString()).resolve("joined"));

        restart();

        assertThat(host.all()).isEmpty();
        assertThat(data.resolve("partitions")).isEmptyDirectory();
        Partition partition = host.create(ID, SETTINGS, List.of());
        assertThat(partition.append(TestBatches.of(1_000, "a")).join().baseOffset())
                .isZero();
    }

    @Test
    void shouldNotListAReplicaUntilItsGroupIsJoined() throws IOException {
        raft.refuseToCreate(true);
        assertThatThrownBy(() -> host.create(ID, SETTINGS, List.of())).isInstanceOf(IOException.class);

        assertThat(host.all()).isEmpty();
        assertThat(host.find(ID)).isEmpty();
        raft.refuseToCreate(false);
        assertThat(host.create(ID, SETTINGS, List.of()).failure()).isEmpty();
        assertThat(host.all()).hasSize(1);
    }

    @Test
    void shouldNotStartEmptyAfterItHasJoinedItsGroup() throws IOException {
        assertThat(host.create(ID, SETTINGS, List.of()).highWatermark()).isZero();
        raft.remove(ID.groupId());

        restart();

        Partition partition = host.create(ID, SETTINGS, List.of());
        assertThat(partition.failure().orElseThrow()).hasMessageContaining("Raft group");
        assertThat(partition.leadership().role()).isEqualTo(Leadership.Role.STOPPED);
        assertThat(host.all()).containsExactly(partition);
    }

    @Test
    void shouldRenewTheCheckpointInTheBackgroundWhenAsked() throws IOException {
        AppendResult unused = host.create(ID, SETTINGS, List.of())
                .append(TestBatches.of(1_000, "a"))
                .join();
        assertThat(group().checkpoint().join().isNone()).isTrue();

        Awaitility.await()
                .untilAsserted(
                        () -> assertThat(group().checkpoint().join().index()).isZero());
    }

    @Test
    void shouldDropWhatLiesBehindTheCheckpointAndApplyItAgain() throws IOException {
        Partition before = host.create(ID, SETTINGS, List.of());
        AppendResult unused = before.append(TestBatches.of(1_000, "a")).join();
        restart();
        unused = partition().append(TestBatches.of(1_000, "b")).join();
        Path segment = data.resolve("partitions").resolve(ID.toString()).resolve("00000000000000000000.log");
        Path checkpoint = segment.resolveSibling("checkpoint");
        byte[] early = Files.readAllBytes(checkpoint);
        closeBroker();
        byte[] whole = Files.readAllBytes(segment);
        Files.write(checkpoint, early);
        Files.write(segment, new byte[1_000], StandardOpenOption.APPEND);
        Files.write(segment.resolveSibling("00000000000000000099.log"), new byte[10]);

        restart();

        assertThat(valuesOf(partition(), 0)).containsExactly("a", "b");
        assertThat(segment).hasBinaryContent(whole);
        assertThat(segment.resolveSibling("00000000000000000099.log")).doesNotExist();
    }
}
