package io.flotilla.raftlog.catchup;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import io.flotilla.raftlog.catchup.plan.SegmentStep;
import io.flotilla.raftlog.segment.SegmentCheck;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/** Gathers one segment in the staging folder: what is there already, what the replica has, and the rest from afar. */
final class SegmentFetch {
    /** Told of every chunk before it is asked for, and after it came; may wait, or throw to end the fetch. */
    interface Meter {
        void before(int bytes) throws IOException;

        void received(int bytes);
    }

    private final StagedReplica staged;
    private final ReplicaSource.Offer offer;
    private final int chunkBytes;
    private final Meter meter;

    SegmentFetch(StagedReplica staged, ReplicaSource.Offer offer, int chunkBytes, Meter meter) {
        this.staged = staged;
        this.offer = offer;
        this.chunkBytes = chunkBytes;
        this.meter = meter;
    }

    /**
     * Makes the whole segment durable in the staging folder, every batch checked.
     *
     * @return offset behind its last record
     * @throws IOException if the source fails, or what it sends is not what its manifest says
     */
    long run(SegmentStep step) throws IOException {
        Path file = staged.incoming(step.baseOffset());
        boolean begun = Files.exists(file) || step.reusedBytes() > 0;
        gather(step, file);
        try {
            return check(step, file);
        } catch (IOException otherContent) {
            if (!begun) {
                throw otherContent;
            }
            // The beginning on this disk, or what a power cut left of an earlier fetch, was not the source's.
            Files.delete(file);
            gather(step.whole(), file);
            return check(step, file);
        }
    }

    private void gather(SegmentStep step, Path file) throws IOException {
        try (FileChannel target = FileChannel.open(file, CREATE, READ, WRITE)) {
            if (target.size() > step.bytes()) {
                target.truncate(step.bytes());
            }
            if (target.size() < step.reusedBytes()) {
                reuse(step, target);
            }
            for (int at = (int) target.size(); at < step.bytes(); ) {
                int length = Math.min(chunkBytes, step.bytes() - at);
                meter.before(length);
                ByteBuffer chunk = offer.read(step.baseOffset(), at, length);
                int count = chunk.remaining();
                if (count < 1 || count > length) {
                    throw new IOException(
                            offer.origin() + " answered with " + count + " bytes where " + length + " were asked for");
                }
                write(target, chunk, at);
                at += count;
                meter.received(count);
            }
            target.force(true);
        }
    }

    private void reuse(SegmentStep step, FileChannel target) throws IOException {
        Path own = staged.folder().resolve(SegmentCheck.nameOf(step.baseOffset()));
        try (FileChannel source = FileChannel.open(own, READ)) {
            ByteBuffer buffer = ByteBuffer.allocate(chunkBytes);
            for (long at = target.size(); at < step.reusedBytes(); ) {
                buffer.clear().limit((int) Math.min(chunkBytes, step.reusedBytes() - at));
                if (source.read(buffer, at) < 0) {
                    return; // it was cut meanwhile; the rest is fetched
                }
                int count = buffer.flip().remaining();
                write(target, buffer, at);
                at += count;
            }
        }
    }

    private static void write(FileChannel target, ByteBuffer bytes, long position) throws IOException {
        for (long at = position; bytes.hasRemaining(); ) {
            at += target.write(bytes, at);
        }
    }

    private long check(SegmentStep step, Path file) throws IOException {
        SegmentCheck.Checked checked = SegmentCheck.check(file, step.baseOffset(), step.bytes());
        if (checked.crc() != step.crc()) {
            throw new IOException("segment " + file + " has CRC-32C " + Integer.toHexString(checked.crc())
                    + ", the manifest of " + offer.origin() + " says " + Integer.toHexString(step.crc()));
        }
        return checked.endOffset();
    }
}
