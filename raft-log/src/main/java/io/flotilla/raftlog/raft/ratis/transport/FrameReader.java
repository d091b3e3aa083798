package io.flotilla.raftlog.raft.ratis.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * Cuts the bytes of a connection into frames. Room for a frame's content is made once its header has been checked, at
 * once and for the last time.
 *
 * <p>Threading: confined to the connection's event loop.
 */
final class FrameReader {
    /** What becomes of frames. */
    interface Frames {
        /**
         * Told of a header before its content.
         *
         * @return false to have the content skipped
         * @throws BadFrame to end the connection
         */
        boolean header(FrameHeader header) throws BadFrame;

        /** @param content belongs to whoever takes it */
        void frame(FrameHeader header, byte[] content) throws BadFrame;
    }

    private static final byte[] NO_BYTES = {};

    private final Frames frames;
    private final ByteBuf headerBytes = Unpooled.buffer(FrameHeader.BYTES, FrameHeader.BYTES);
    private @Nullable FrameHeader header;
    private byte[] content = NO_BYTES;
    private int filled;
    private int toSkip;

    FrameReader(Frames frames) {
        this.frames = frames;
    }

    /** Takes all bytes of the buffer; its owner releases it. */
    void read(ByteBuf in) throws BadFrame {
        while (in.isReadable()) {
            if (toSkip > 0) {
                int skipped = Math.min(toSkip, in.readableBytes());
                in.skipBytes(skipped);
                toSkip -= skipped;
            } else if (header == null) {
                readHeader(in);
            } else {
                readContent(in, header);
            }
        }
    }

    private void readHeader(ByteBuf in) throws BadFrame {
        in.readBytes(headerBytes, Math.min(headerBytes.writableBytes(), in.readableBytes()));
        if (headerBytes.isWritable()) {
            return;
        }
        FrameHeader read = FrameHeader.read(headerBytes);
        headerBytes.clear();
        if (!frames.header(read)) {
            toSkip = read.length();
        } else if (read.length() == 0) {
            frames.frame(read, NO_BYTES);
        } else {
            header = read;
            content = new byte[read.length()];
            filled = 0;
        }
    }

    private void readContent(ByteBuf in, FrameHeader ofContent) throws BadFrame {
        int count = Math.min(content.length - filled, in.readableBytes());
        in.readBytes(content, filled, count);
        filled += count;
        if (filled == content.length) {
            byte[] complete = content;
            content = NO_BYTES;
            header = null;
            frames.frame(ofContent, complete);
        }
    }
}
