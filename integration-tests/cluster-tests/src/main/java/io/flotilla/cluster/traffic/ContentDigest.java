package io.flotilla.cluster.traffic;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.jspecify.annotations.Nullable;

/** 64 bits of the SHA-256 of a record's key and value: enough to see that one of them is not what was sent. */
final class ContentDigest {
    private ContentDigest() {}

    static long of(byte @Nullable [] key, byte @Nullable [] value) {
        MessageDigest sha256 = sha256();
        update(sha256, key);
        update(sha256, value);
        return ByteBuffer.wrap(sha256.digest()).getLong();
    }

    /** The length goes first, so that no two pairs of key and value have the same bytes in a row. */
    private static void update(MessageDigest sha256, byte @Nullable [] part) {
        int length = part == null ? -1 : part.length;
        sha256.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, length));
        if (part != null) {
            sha256.update(part);
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException everyJdkHasIt) {
            throw new AssertionError(everyJdkHasIt);
        }
    }
}
