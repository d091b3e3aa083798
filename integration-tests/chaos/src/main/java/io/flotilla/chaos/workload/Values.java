package io.flotilla.chaos.workload;

import io.flotilla.chaos.history.Records;
import io.flotilla.chaos.port.Received;
import io.flotilla.cluster.history.ValueId;
import io.flotilla.cluster.traffic.Envelope;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Makes the values of a run and recognises them: an {@link Envelope} whose payload begins with the CRC-32C of the record's
 * key, so that a value under a foreign key is foreign too.
 *
 * @param run told apart from other runs by this
 */
public record Values(long run) {
    private static final int KEY_CHECK_BYTES = Integer.BYTES;

    /** Bytes of a value with nothing in it. */
    public static final int OVERHEAD_BYTES = Envelope.OVERHEAD_BYTES + KEY_CHECK_BYTES;

    /** Behind magic, run, producer, sequence and length. */
    private static final int PAYLOAD_AT = 28;

    private static final int SMALL_BYTES = 256;
    private static final int MEDIUM_BYTES = 4 << 10;
    private static final int LARGE_BYTES = 64 << 10;

    static byte[] key(int number) {
        return ("key-" + number).getBytes(StandardCharsets.UTF_8);
    }

    /** A value of so many bytes beyond the least. */
    byte[] value(int producer, long sequence, byte[] key, int bytes, SplittableRandom random) {
        byte[] payload = new byte[KEY_CHECK_BYTES + bytes];
        ByteBuffer.wrap(payload).putInt(crcOf(key));
        // Half noise, half nothing: compression has something to do and cannot do it all.
        ByteBuffer noise = ByteBuffer.wrap(payload, KEY_CHECK_BYTES, bytes / 2);
        while (noise.remaining() >= Long.BYTES) {
            noise.putLong(random.nextLong());
        }
        return Envelope.of(run, new ValueId(producer, sequence), payload);
    }

    /** Mostly small: of a thousand some 850 below 256 bytes, 130 below 4 KiB, 19 below 64 KiB, one up to the most. */
    static int bytes(SplittableRandom random, int bytesMax) {
        int dice = random.nextInt(1_000);
        int below = dice < 850 ? SMALL_BYTES : dice < 980 ? MEDIUM_BYTES : dice < 999 ? LARGE_BYTES : bytesMax;
        return random.nextInt(Math.min(below, bytesMax) + 1);
    }

    /** Adds a record as it was read, under the name of its value or as a foreign one. */
    void add(Records records, Received received) {
        add(records, received.offset(), received.timestampMillis(), received.key(), received.value());
    }

    /** The same of a record that does not come from a client. */
    public void add(
            Records records, long offset, long timestampMillis, byte @Nullable [] key, byte @Nullable [] value) {
        ValueId id = value == null || key == null ? ValueId.UNRECOGNISED : Envelope.idOf(run, value);
        boolean whole = !id.equals(ValueId.UNRECOGNISED)
                && value != null
                && key != null
                && value.length >= OVERHEAD_BYTES
                && ByteBuffer.wrap(value).getInt(PAYLOAD_AT) == crcOf(key);
        records.add(offset, whole ? id.producer() : Records.FOREIGN, whole ? id.sequence() : -1, timestampMillis);
    }

    private static int crcOf(byte[] key) {
        CRC32C crc = new CRC32C();
        crc.update(key, 0, key.length);
        return (int) crc.getValue();
    }
}
