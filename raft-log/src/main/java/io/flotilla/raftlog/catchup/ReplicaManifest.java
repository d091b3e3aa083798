package io.flotilla.raftlog.catchup;

import io.flotilla.raftlog.catchup.plan.SegmentSummary;
import io.flotilla.raftlog.raft.GroupId;
import io.flotilla.raftlog.raft.LogPosition;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * All there is to a replica at one checkpoint: the checkpoint, and the segments' bytes up to it.
 *
 * <table>
 * <caption>Manifest, version 1; integers big-endian</caption>
 * <tr><th>Bytes</th><th>Field</th></tr>
 * <tr><td>4</td><td>magic, "FLRM"</td></tr>
 * <tr><td>4</td><td>version, 1</td></tr>
 * <tr><td>4</td><td>bytes of the body</td></tr>
 * <tr><td colspan="2">body:</td></tr>
 * <tr><td>16</td><td>Raft group of the replica</td></tr>
 * <tr><td>8, 8</td><td>term and index of the last entry applied</td></tr>
 * <tr><td>4, then as many</td><td>the checkpoint file: its size, and the file as it is</td></tr>
 * <tr><td>4</td><td>number of segments, then for each by base offset: base offset (8), bytes (4), CRC-32C of those
 *     bytes (4)</td></tr>
 * <tr><td colspan="2">behind the body:</td></tr>
 * <tr><td>4</td><td>CRC-32C of all bytes before</td></tr>
 * </table>
 *
 * @param checkpoint the checkpoint file's bytes, read-only
 */
public record ReplicaManifest(
        GroupId group, LogPosition position, ByteBuffer checkpoint, List<SegmentSummary> segments) {
    private static final int MAGIC = 0x464C524D;
    private static final int VERSION = 1;
    private static final int HEADER_BYTES = 12;
    private static final int CRC_BYTES = 4;
    private static final int FIXED_BODY_BYTES = 16 + 16 + 4 + 4;
    private static final int SEGMENT_BYTES = 16;

    public ReplicaManifest {
        checkpoint = checkpoint.asReadOnlyBuffer();
        segments = List.copyOf(segments);
        for (int i = 1; i < segments.size(); i++) {
            if (segments.get(i - 1).baseOffset() >= segments.get(i).baseOffset()) {
                throw new IllegalArgumentException("segment " + segments.get(i) + " comes after " + segments.get(i - 1)
                        + "; they must be in the order of their base offsets");
            }
        }
    }

    @Override
    public ByteBuffer checkpoint() {
        return checkpoint.duplicate();
    }

    public long bytes() {
        return segments.stream().mapToLong(SegmentSummary::bytes).sum();
    }

    public ByteBuffer encode() {
        int bodyBytes = FIXED_BODY_BYTES + checkpoint.remaining() + segments.size() * SEGMENT_BYTES;
        ByteBuffer bytes = ByteBuffer.allocate(HEADER_BYTES + bodyBytes + CRC_BYTES);
        bytes.putInt(MAGIC).putInt(VERSION).putInt(bodyBytes);
        bytes.putLong(group.value().getMostSignificantBits());
        bytes.putLong(group.value().getLeastSignificantBits());
        bytes.putLong(position.term()).putLong(position.index());
        bytes.putInt(checkpoint.remaining()).put(checkpoint());
        bytes.putInt(segments.size());
        for (SegmentSummary segment : segments) {
            bytes.putLong(segment.baseOffset()).putInt(segment.bytes()).putInt(segment.crc());
        }
        return bytes.putInt(crcOf(bytes)).flip();
    }

    /**
     * @param bytes the whole of it
     * @throws IOException if it is corrupt or of another version
     */
    public static ReplicaManifest decode(ByteBuffer bytes) throws IOException {
        try {
            ByteBuffer rest = bytes.slice();
            checkFrame(rest);
            GroupId group = new GroupId(new UUID(rest.getLong(), rest.getLong()));
            LogPosition position = new LogPosition(rest.getLong(), rest.getLong());
            int checkpointBytes = rest.getInt();
            ByteBuffer checkpoint = rest.slice(rest.position(), checkpointBytes);
            rest.position(rest.position() + checkpointBytes);
            List<SegmentSummary> segments = new ArrayList<>();
            for (int left = rest.getInt(); left > 0; left--) {
                segments.add(new SegmentSummary(rest.getLong(), rest.getInt(), rest.getInt()));
            }
            return new ReplicaManifest(group, position, checkpoint, segments);
        } catch (IllegalArgumentException | IndexOutOfBoundsException | BufferUnderflowException corrupt) {
            throw new IOException("manifest of a replica is corrupt: " + corrupt.getMessage(), corrupt);
        }
    }

    private static void checkFrame(ByteBuffer bytes) {
        int magic = bytes.getInt();
        int version = bytes.getInt();
        int bodyBytes = bytes.getInt();
        if (magic != MAGIC || version != VERSION) {
            throw new IllegalArgumentException("magic " + Integer.toHexString(magic) + " and version " + version
                    + "; this release knows magic 464c524d and version 1");
        }
        if (bodyBytes != bytes.remaining() - CRC_BYTES) {
            throw new IllegalArgumentException(
                    "body of " + (bytes.remaining() - CRC_BYTES) + " bytes, expected " + bodyBytes);
        }
        int crc = crcOf(bytes.duplicate().position(bytes.limit() - CRC_BYTES));
        if (crc != bytes.getInt(bytes.limit() - CRC_BYTES)) {
            throw new IllegalArgumentException("its bytes do not agree with its CRC-32C");
        }
    }

    /** Checksum of all bytes before the buffer's position. */
    private static int crcOf(ByteBuffer bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.duplicate().flip());
        return (int) crc.getValue();
    }
}
