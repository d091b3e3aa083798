package io.flotilla.simulation.storage;

import io.flotilla.protocol.record.LogRecord;
import io.flotilla.raftlog.partition.PartitionId;
import io.flotilla.raftlog.partition.SteppedReplica;
import io.flotilla.raftlog.partition.SteppedStorage;
import io.flotilla.raftlog.partition.StorageSettings;
import io.flotilla.raftlog.raft.LogPosition;
import io.flotilla.raftlog.segment.BatchSlice;
import io.flotilla.raftlog.segment.SegmentedLog;
import io.flotilla.simulation.disk.SimulatedDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Starts the real storage on what a loss of power left, applies the entries behind it and judges the result. */
final class Recovery {
    private static final int READS = 3;
    private static final int READ_BYTES_MAX = 12_000;

    private final PartitionId id;
    private final StorageSettings settings;
    private final Machine machine;
    private final Promise promise;
    private final SplittableRandom random;

    Recovery(PartitionId id, StorageSettings settings, Machine machine, Promise promise, SplittableRandom random) {
        this.id = id;
        this.settings = settings;
        this.machine = machine;
        this.promise = promise;
        this.random = random;
    }

    /**
     * @throws Violation if the promise is broken
     */
    void check(SimulatedDisk disk, SimulatedIndex index) {
        try {
            SteppedStorage storage = SteppedStorage.open(rootOf(disk));
            boolean present = storage.replicas().contains(id);
            require(present || promise.presence() != Promise.Presence.PRESENT, () -> "the replica is gone");
            require(
                    !present || promise.presence() != Promise.Presence.ABSENT,
                    () -> "the deleted replica is there again");
            if (present) {
                require(
                        !promise.joined() || storage.hasJoined(id),
                        () -> "the replica forgot that it had joined its group");
                recover(storage, index, disk);
            }
        } catch (IOException | RuntimeException failure) {
            throw failure instanceof Violation violation
                    ? violation
                    : new Violation("the replica does not start: " + failure, failure);
        }
    }

    static Path rootOf(SimulatedDisk disk) {
        return disk.fileSystem().getPath("/data/partitions");
    }

    private void recover(SteppedStorage storage, SimulatedIndex index, SimulatedDisk disk) throws IOException {
        LogPosition position = checkDurable(storage);
        require(
                position.index() >= promise.durable(),
                () -> position + " is behind entry " + promise.durable() + ", whose effects were said to be durable");
        SteppedReplica replica = storage.replica(id, machine.indexSeen(index), settings, () -> 0);
        require(replica.open().equals(position), () -> "opened at another position than its checkpoint's");
        RaftLog raft = promise.raft();
        checkReads(replica.log(), raft.stateAt(position.index()), 1);

        for (long next = machine.replayFrom(position); next <= promise.committed(); next++) {
            RaftLog.Entry entry = raft.entry(Math.max(0, next));
            if (entry.data() == null) {
                replica.applied(entry.position());
            } else {
                raft.answered(next, replica.apply(entry.position(), entry.data()));
            }
        }
        checkReads(replica.log(), raft.stateAt(promise.committed()), READS);
        replica.close();
        require(
                checkDurable(storage).index() == promise.committed(),
                () -> "the last checkpoint holds less than was applied");
        checkFiles(storage.folderOf(id), disk);
    }

    private LogPosition checkDurable(SteppedStorage storage) throws IOException {
        SteppedStorage.Durable found = storage.durable(id);
        LogPosition position = found.position();
        require(
                position.index() <= promise.committed()
                        && position.equals(promise.raft().positionAt(position.index())),
                () -> position + " is no position of the Raft log");
        ReferenceLog.State expected = promise.raft().stateAt(position.index());
        require(
                found.end().equals(expected.end()) && found.memory().equals(expected.memory()),
                () -> "the checkpoint at " + position + " holds " + found + ", expected " + expected);
        return position;
    }

    private void checkFiles(Path folder, SimulatedDisk disk) throws IOException {
        ReferenceLog.State expected = promise.raft().stateAt(promise.committed());
        List<String> names;
        try (Stream<Path> files = Files.list(folder)) {
            names = files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".log"))
                    .toList();
        }
        int first = expected.firstSegment();
        require(
                names.size() == expected.segmentCount() - first,
                () -> "segments " + names + ", expected " + (expected.segmentCount() - first));
        for (int i = 0; i < names.size(); i++) {
            ReferenceLog.Segment segment = promise.raft().reference().segment(first + i);
            Path file = folder.resolve(names.get(i));
            require(Long.parseLong(names.get(i).substring(0, 20)) == segment.baseOffset(), () -> "segment " + file);
            int size = i + 1 < names.size() ? segment.size() : expected.end().activeBytes();
            int difference = disk.mismatch(file, segment.bytes(), size);
            require(difference < 0, () -> file + " differs at byte " + difference);
        }
    }

    private void checkReads(SegmentedLog log, ReferenceLog.State expected, int reads) throws IOException {
        require(
                log.end().equals(expected.end()),
                () -> "the log ends at " + log.end() + ", expected " + expected.end());
        long start = expected.startOffset();
        long end = expected.end().endOffset();
        require(log.startOffset() == start, () -> "the log starts at " + log.startOffset() + ", expected " + start);
        for (int left = reads; left > 0 && end > start; left--) {
            long offset = start + random.nextLong(end - start);
            checkRead(offset, log.read(offset, 1 + random.nextInt(READ_BYTES_MAX)));
        }
        if (reads > 1) {
            checkTime(log, 1_000_000 - 300 + random.nextLong(3_000), expected);
            checkTime(log, promise.raft().reference().maxTimestamp() - random.nextLong(500), expected);
        }
    }

    private void checkRead(long offset, BatchSlice found) {
        ReferenceLog reference = promise.raft().reference();
        int number = reference.batchOf(offset);
        ReferenceLog.Batch first = reference.batch(number);
        ByteBuffer bytes = found.bytes();
        require(bytes.remaining() >= first.size(), () -> "read nothing at offset " + offset);
        ByteBuffer expected =
                ByteBuffer.wrap(reference.segment(first.segment()).bytes(), first.position(), bytes.remaining());
        require(bytes.equals(expected), () -> "read other bytes at offset " + offset);
        while (reference.batch(number).lastOffset() + 1 < found.nextOffset()) {
            number++;
        }
        ReferenceLog.Batch last = reference.batch(number);
        require(
                last.lastOffset() + 1 == found.nextOffset()
                        && last.position() + last.size() - first.position() == bytes.remaining(),
                () -> "a read at offset " + offset + " of " + bytes.remaining() + " bytes says that it ends at "
                        + found.nextOffset());
    }

    private void checkTime(SegmentedLog log, long millis, ReferenceLog.State state) throws IOException {
        Optional<LogRecord> found = log.firstAtOrAfter(millis);
        OptionalLong expected = promise.raft()
                .reference()
                .firstAtOrAfter(millis, state.startOffset(), state.end().endOffset());
        require(
                found.isPresent() == expected.isPresent()
                        && (found.isEmpty() || found.get().offset() == expected.getAsLong()),
                () -> "time " + millis + " found " + found + ", expected " + expected);
    }

    private static void require(boolean kept, Supplier<String> otherwise) {
        if (!kept) {
            throw new Violation(otherwise.get());
        }
    }
}
