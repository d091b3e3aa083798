package io.flotilla.raftlog.raft.ratis.transport;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.ratis.protocol.RaftPeerId;

/**
 * Who talks on a connection, told once by each side before all else. Each name is one byte of length and UTF-8; the lane
 * is one byte, its code.
 *
 * @param realm names the cluster
 * @param from  the server that sends this
 * @param to    the server it means to talk to
 */
record Hello(String realm, RaftPeerId from, RaftPeerId to, Lane lane) {
    /** Three names and the lane. */
    static final int BYTES_MAX = 3 * 256 + 1;

    private static final int NAME_BYTES_MAX = 255;

    byte[] encoded() {
        ByteBuffer out = ByteBuffer.allocate(BYTES_MAX);
        put(out, realm);
        put(out, from.toString());
        put(out, to.toString());
        out.put((byte) lane.code());
        byte[] encoded = new byte[out.position()];
        out.flip().get(encoded);
        return encoded;
    }

    private static void put(ByteBuffer out, String name) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > NAME_BYTES_MAX) {
            throw new IllegalArgumentException("name " + name + " is longer than " + NAME_BYTES_MAX + " bytes");
        }
        out.put((byte) bytes.length);
        out.put(bytes);
    }

    static Hello decode(byte[] encoded) throws BadFrame {
        ByteBuffer in = ByteBuffer.wrap(encoded);
        String realm = name(in);
        String from = name(in);
        String to = name(in);
        if (from.isEmpty() || to.isEmpty() || in.remaining() != 1) {
            throw new BadFrame(Refusals.Reason.MALFORMED, "a hello of " + encoded.length + " bytes");
        }
        Lane lane = Lane.ofCode(in.get())
                .orElseThrow(() -> new BadFrame(Refusals.Reason.MALFORMED, "a lane that is not known"));
        return new Hello(realm, RaftPeerId.valueOf(from), RaftPeerId.valueOf(to), lane);
    }

    private static String name(ByteBuffer in) throws BadFrame {
        int length = in.hasRemaining() ? Byte.toUnsignedInt(in.get()) : -1;
        if (length < 0 || length > in.remaining()) {
            throw new BadFrame(Refusals.Reason.MALFORMED, "a name of " + length + " bytes");
        }
        byte[] bytes = new byte[length];
        in.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
