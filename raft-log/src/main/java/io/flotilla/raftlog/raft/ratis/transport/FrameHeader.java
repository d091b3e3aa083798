package io.flotilla.raftlog.raft.ratis.transport;

import io.netty.buffer.ByteBuf;
import java.util.UUID;

/**
 * What precedes the content of every frame, 32 bytes, numbers big-endian.
 *
 * <table>
 *   <caption>Layout</caption>
 *   <tr><th>Bytes</th><th>Field</th></tr>
 *   <tr><td>0-1</td><td>magic {@value #MAGIC}</td></tr>
 *   <tr><td>2</td><td>version {@value #VERSION}</td></tr>
 *   <tr><td>3</td><td>code: that of a {@link Kind}, or one of {@link Control}</td></tr>
 *   <tr><td>4-7</td><td>length of the content, 0 or more</td></tr>
 *   <tr><td>8-23</td><td>group</td></tr>
 *   <tr><td>24-31</td><td>call id</td></tr>
 * </table>
 *
 * @param code unsigned
 */
record FrameHeader(int code, int length, UUID group, long call) {
    static final int BYTES = 32;
    static final int MAGIC = 0xF107;
    static final int VERSION = 1;

    /** How a greeting of TLS begins. */
    private static final int TLS_MAGIC = 0x1603;

    private static final int CODE_MASK = 0xFF;

    /** Frames of the connection itself. */
    static final class Control {
        /** First on a connection, by who opened it: {@link Hello}. */
        static final int HELLO = 0xF0;
        /** The answer to it, likewise. */
        static final int WELCOME = 0xF1;
        /** Asks for a sign of life. */
        static final int PING = 0xF2;
        /** Gives one. */
        static final int PONG = 0xF3;

        private Control() {}
    }

    static FrameHeader control(int code, int length) {
        return new FrameHeader(code, length, Message.MANY_GROUPS, 0);
    }

    static FrameHeader of(Message.Envelope envelope, int length) {
        return new FrameHeader(envelope.kind().code(), length, envelope.group(), envelope.call());
    }

    void write(ByteBuf out) {
        out.writeShort(MAGIC);
        out.writeByte(VERSION);
        out.writeByte(code);
        out.writeInt(length);
        out.writeLong(group.getMostSignificantBits());
        out.writeLong(group.getLeastSignificantBits());
        out.writeLong(call);
    }

    /**
     * Reads a header.
     *
     * @param in holds {@link #BYTES} at least
     * @throws BadFrame if these bytes cannot begin a frame of ours
     */
    static FrameHeader read(ByteBuf in) throws BadFrame {
        int magic = in.readUnsignedShort();
        if (magic == TLS_MAGIC) {
            throw new BadFrame(
                    Refusals.Reason.OTHER_ENCRYPTION, "it speaks TLS, which this server has no certificate for");
        }
        if (magic != MAGIC) {
            throw new BadFrame(Refusals.Reason.MALFORMED, "it begins with " + Integer.toHexString(magic));
        }
        int version = in.readUnsignedByte();
        if (version != VERSION) {
            throw new BadFrame(Refusals.Reason.OTHER_VERSION, "version " + version + ", this server has " + VERSION);
        }
        int code = in.readByte() & CODE_MASK;
        int length = in.readInt();
        if (length < 0) {
            throw new BadFrame(Refusals.Reason.MALFORMED, "length " + length);
        }
        UUID group = new UUID(in.readLong(), in.readLong());
        return new FrameHeader(code, length, group, in.readLong());
    }
}
