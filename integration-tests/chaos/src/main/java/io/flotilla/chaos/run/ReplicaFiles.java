package io.flotilla.chaos.run;

import io.flotilla.chaos.history.Records;
import io.flotilla.chaos.workload.Values;
import io.flotilla.client.TopicDescription;
import io.flotilla.cluster.SegmentDigests;
import io.flotilla.protocol.error.LogException;
import io.flotilla.protocol.record.LogRecord;
import io.flotilla.protocol.record.RecordBatch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.function.Consumer;

/** Reads what a replica of a stopped broker has stored, straight from its segment files. */
final class ReplicaFiles {
    private static final int RECORDS_PER_PART = 2_000;

    private final Values values;

    ReplicaFiles(Values values) {
        this.values = values;
    }

    /**
     * Hands over all records from {@code logStart} on and in front of {@code logEnd}, part by part.
     *
     * @return a digest of the bytes of all batches that hold one of them
     * @throws IOException if a file cannot be read, or holds something else than whole batches in front of {@code logEnd}
     */
    String read(
            Path dataDirectory,
            TopicDescription topic,
            int partition,
            long logStart,
            long logEnd,
            Consumer<Records> parts)
            throws IOException {
        MessageDigest sha256 = sha256();
        Records part = new Records();
        for (Path segment : SegmentDigests.segments(dataDirectory, topic, partition)) {
            ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(segment));
            int position = 0;
            while (position < bytes.limit()) {
                RecordBatch batch = batchAt(segment, bytes, position);
                position += batch.sizeInBytes();
                if (batch.baseOffset() >= logEnd) {
                    break;
                }
                if (batch.lastOffset() < logStart) {
                    continue;
                }
                sha256.update(batch.buffer());
                add(batch, logStart, logEnd, part);
                if (part.size() >= RECORDS_PER_PART) {
                    parts.accept(part);
                    part = new Records();
                }
            }
        }
        if (part.size() > 0) {
            parts.accept(part);
        }
        return HexFormat.of().formatHex(sha256.digest());
    }

    /** Of a batch that is damaged nothing is known but its offsets: its records are foreign. */
    private void add(RecordBatch batch, long logStart, long logEnd, Records part) {
        try {
            batch.checkCrc();
            for (LogRecord record : batch.records()) {
                if (record.offset() >= logStart && record.offset() < logEnd) {
                    values.add(part, record.offset(), record.timestampMillis(), record.key(), record.value());
                }
            }
        } catch (LogException corrupt) {
            for (long offset = Math.max(batch.baseOffset(), logStart);
                    offset <= Math.min(batch.lastOffset(), logEnd - 1);
                    offset++) {
                part.add(offset, Records.FOREIGN, 0, batch.maxTimestamp());
            }
        }
    }

    private static RecordBatch batchAt(Path segment, ByteBuffer bytes, int position) throws IOException {
        try {
            return RecordBatch.at(bytes, position);
        } catch (LogException corrupt) {
            throw new IOException(segment + " at byte " + position + ": " + corrupt.getMessage(), corrupt);
        }
    }

    /** The API writes topic ids as 32 hexadecimal digits; here they are UUIDs. */
    static String dashed(String topicId) {
        return topicId.contains("-")
                ? topicId
                : topicId.replaceFirst("(.{8})(.{4})(.{4})(.{4})(.{12})", "$1-$2-$3-$4-$5");
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException everyJdkHasIt) {
            throw new AssertionError(everyJdkHasIt);
        }
    }
}
