package io.flotilla.client.parts;

import io.flotilla.protocol.error.ErrorCode;
import io.flotilla.protocol.error.Refused;
import io.flotilla.protocol.record.RecordHeader;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The header {@value #KEY} of a record whose value is a part of a larger one; the table is in {@code client/java/README.md}.
 *
 * @param series     of all parts of one value, and of no other's
 * @param index      of the part, from 0
 * @param count      of parts, 1 or more
 * @param valueBytes length of the whole value in bytes
 * @param crc        CRC-32C of the whole value
 */
public record PartHeader(UUID series, int index, int count, int valueBytes, int crc) {
    /** Key of the header. */
    public static final String KEY = "flotilla.part";

    /** Length of its value in bytes. */
    static final int BYTES = 33;

    private static final byte VERSION = 1;

    /**
     * The header of a part, if the record is one.
     *
     * @throws Refused UNSUPPORTED_VERSION if a newer client has written it, CORRUPT_BATCH if it is malformed
     */
    public static Optional<PartHeader> in(List<RecordHeader> headers) {
        for (RecordHeader header : headers) {
            if (header.key().equals(KEY)) {
                byte[] value = header.value();
                return Optional.of(decode(value == null ? new byte[0] : value));
            }
        }
        return Optional.empty();
    }

    private static PartHeader decode(byte[] bytes) {
        if (bytes.length > 0 && bytes[0] != VERSION) {
            throw new Refused(
                    ErrorCode.UNSUPPORTED_VERSION,
                    "the header " + KEY + " has version " + bytes[0] + ", this client knows " + VERSION
                            + "; update it to read the value");
        }
        if (bytes.length != BYTES) {
            throw malformed("it has " + bytes.length + " bytes instead of " + BYTES);
        }
        ByteBuffer fields = ByteBuffer.wrap(bytes, 1, BYTES - 1);
        PartHeader header = new PartHeader(
                new UUID(fields.getLong(), fields.getLong()),
                fields.getInt(),
                fields.getInt(),
                fields.getInt(),
                fields.getInt());
        if (header.count < 1 || header.index < 0 || header.index >= header.count || header.valueBytes < header.count) {
            throw malformed("part " + header.index + " of " + header.count + " of " + header.valueBytes + " bytes");
        }
        return header;
    }

    private static Refused malformed(String how) {
        return new Refused(ErrorCode.CORRUPT_BATCH, "the header " + KEY + " is malformed: " + how);
    }

    RecordHeader encode() {
        ByteBuffer fields = ByteBuffer.allocate(BYTES)
                .put(VERSION)
                .putLong(series.getMostSignificantBits())
                .putLong(series.getLeastSignificantBits())
                .putInt(index)
                .putInt(count)
                .putInt(valueBytes)
                .putInt(crc);
        return new RecordHeader(KEY, fields.array());
    }

    boolean isLast() {
        return index == count - 1;
    }

    /** Whether another part's header is of the same value. */
    boolean isOfTheSame(PartHeader other) {
        return count == other.count && valueBytes == other.valueBytes && crc == other.crc;
    }
}
