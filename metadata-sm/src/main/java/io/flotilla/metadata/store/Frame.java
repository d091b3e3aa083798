package io.flotilla.metadata.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * The header around durable bytes; its layout is in the package's documentation.
 *
 * @param magic           four ASCII characters as one number
 * @param what            what is framed, for messages
 * @param payloadBytesMax a longer payload is refused before anything is allocated for it
 */
record Frame(int magic, String what, int payloadBytesMax) {
    static final int HEADER_BYTES = 16;

    private static final short VERSION = 1;
    private static final int CRC_POSITION = 12;

    /** Frames a payload. */
    ByteBuffer wrap(byte[] payload) {
        if (payload.length > payloadBytesMax) {
            throw new IllegalArgumentException(
                    what + " of " + payload.length + " bytes is larger than " + payloadBytesMax);
        }
        ByteBuffer framed = ByteBuffer.allocate(HEADER_BYTES + payload.length);
        framed.putInt(magic).putShort(VERSION).putShort((short) 0).putInt(payload.length);
        framed.putInt(crcOf(framed.duplicate().flip(), ByteBuffer.wrap(payload)));
        return framed.put(payload).flip();
    }

    /**
     * Takes a payload out of its frame.
     *
     * @param framed exactly one frame from position to limit; the position is left as it is
     * @throws CorruptFrame if a single bit is not as it was written
     * @throws IOException  if a newer version wrote it
     */
    ByteBuffer unwrap(ByteBuffer framed) throws IOException {
        ByteBuffer bytes = framed.slice();
        if (bytes.remaining() < HEADER_BYTES) {
            throw new CorruptFrame(what + " is corrupt: " + bytes.remaining() + " bytes are too few for its header");
        }
        if (bytes.getInt(0) != magic) {
            throw new CorruptFrame(what + " is corrupt: it starts with " + Integer.toHexString(bytes.getInt(0))
                    + " instead of " + Integer.toHexString(magic));
        }
        int length = bytes.getInt(8);
        if (length < 0 || length > payloadBytesMax || length != bytes.remaining() - HEADER_BYTES) {
            throw new CorruptFrame(what + " is corrupt: its header tells " + length + " bytes of payload and "
                    + (bytes.remaining() - HEADER_BYTES) + " are there");
        }
        ByteBuffer payload = bytes.slice(HEADER_BYTES, length);
        int crc = crcOf(bytes.slice(0, CRC_POSITION), payload.duplicate());
        if (bytes.getInt(CRC_POSITION) != crc) {
            throw new CorruptFrame(what + " is corrupt: its CRC-32C is "
                    + Integer.toHexString(bytes.getInt(CRC_POSITION)) + " and its bytes give "
                    + Integer.toHexString(crc));
        }
        // After the CRC, so that a flipped bit is not taken for a newer version.
        if (bytes.getShort(4) != VERSION || bytes.getShort(6) != 0) {
            throw new IOException(what + " has format version " + bytes.getShort(4) + "." + bytes.getShort(6)
                    + " and this broker knows " + VERSION + ".0 only: run a newer broker");
        }
        return payload;
    }

    private static int crcOf(ByteBuffer header, ByteBuffer payload) {
        CRC32C crc = new CRC32C();
        crc.update(header);
        crc.update(payload);
        return (int) crc.getValue();
    }
}
