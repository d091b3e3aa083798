package io.flotilla.cluster.traffic;

import io.flotilla.cluster.history.ValueId;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * The form of the values that test traffic writes, so that any foreign, cut or altered byte is seen.
 *
 * <table>
 * <caption>Layout, big-endian</caption>
 * <tr><th>bytes</th><th>field</th></tr>
 * <tr><td>4</td><td>magic, {@value #MAGIC}</td></tr>
 * <tr><td>8</td><td>run: random, so that values of another run are told apart</td></tr>
 * <tr><td>4</td><td>producer</td></tr>
 * <tr><td>8</td><td>sequence</td></tr>
 * <tr><td>4</td><td>length of the payload</td></tr>
 * <tr><td>n</td><td>payload</td></tr>
 * <tr><td>4</td><td>CRC-32C of all bytes before it</td></tr>
 * </table>
 */
public final class Envelope {
    /** Bytes of an envelope with an empty payload. */
    public static final int OVERHEAD_BYTES = 32;

    private static final int MAGIC = 0x464c5431;

    private Envelope() {}

    /** Wraps a payload under the name of its value. */
    public static byte[] of(long run, ValueId id, byte[] payload) {
        ByteBuffer buffer = ByteBuffer.allocate(OVERHEAD_BYTES + payload.length);
        buffer.putInt(MAGIC).putLong(run).putInt(id.producer()).putLong(id.sequence());
        buffer.putInt(payload.length).put(payload);
        buffer.putInt(crcOf(buffer.array()));
        return buffer.array();
    }

    /** The name of the value in these bytes, or {@link ValueId#UNRECOGNISED} unless they are a whole envelope of the run. */
    public static ValueId idOf(long run, byte[] value) {
        ByteBuffer buffer = ByteBuffer.wrap(value);
        if (value.length < OVERHEAD_BYTES || buffer.getInt() != MAGIC || buffer.getLong() != run) {
            return ValueId.UNRECOGNISED;
        }
        var id = new ValueId(buffer.getInt(), buffer.getLong());
        boolean whole = buffer.getInt() == value.length - OVERHEAD_BYTES;
        return whole && buffer.getInt(value.length - Integer.BYTES) == crcOf(value) ? id : ValueId.UNRECOGNISED;
    }

    private static int crcOf(byte[] envelope) {
        var crc = new CRC32C();
        crc.update(envelope, 0, envelope.length - Integer.BYTES);
        return (int) crc.getValue();
    }
}
