package io.flotilla.raftlog.raft.ratis.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.thirdparty.com.google.protobuf.CodedInputStream;
import org.apache.ratis.thirdparty.com.google.protobuf.CodedOutputStream;
import org.apache.ratis.thirdparty.com.google.protobuf.ExtensionRegistryLite;
import org.apache.ratis.thirdparty.com.google.protobuf.MessageLite;
import org.apache.ratis.thirdparty.com.google.protobuf.UnsafeByteOperations;

/**
 * Messages as the content of frames: a single part as it is, several each after its length.
 *
 * <p>Entries are copied once on the way out, into the memory that the socket is written from, and once on the way in,
 * out of the memory it is read into. There the array belongs to the message, so its entries are slices of it.
 */
final class MessageCodec {
    private MessageCodec() {}

    /** Length of the whole frame. */
    static int frameBytes(Message message) {
        return FrameHeader.BYTES + contentBytes(message);
    }

    private static int contentBytes(Message message) {
        if (!message.kind().isOfMany()) {
            return message.part().getSerializedSize();
        }
        int bytes = 0;
        for (MessageLite part : message.parts()) {
            bytes += CodedOutputStream.computeMessageSizeNoTag(part);
        }
        return bytes;
    }

    /** Writes the whole frame. The caller owns the buffer. */
    static ByteBuf encode(Message message, ByteBufAllocator allocator) {
        int length = contentBytes(message);
        ByteBuf frame = allocator.directBuffer(FrameHeader.BYTES + length, FrameHeader.BYTES + length);
        try {
            FrameHeader.of(message.envelope(), length).write(frame);
            CodedOutputStream out = CodedOutputStream.newInstance(frame.nioBuffer(FrameHeader.BYTES, length));
            if (message.kind().isOfMany()) {
                for (MessageLite part : message.parts()) {
                    out.writeMessageNoTag(part);
                }
            } else {
                message.part().writeTo(out);
            }
            out.flush();
            out.checkNoSpaceLeft();
            frame.writerIndex(FrameHeader.BYTES + length);
            return frame;
        } catch (IOException | RuntimeException failure) {
            frame.release();
            throw new IllegalStateException("cannot encode " + message.envelope(), failure);
        }
    }

    /**
     * Reads a message.
     *
     * @param content belongs to the message afterwards
     */
    static Message decode(Message.Envelope envelope, byte[] content) throws BadFrame {
        ByteString bytes = UnsafeByteOperations.unsafeWrap(content);
        CodedInputStream in = bytes.newCodedInput();
        in.enableAliasing(true);
        ExtensionRegistryLite none = ExtensionRegistryLite.getEmptyRegistry();
        Kind kind = envelope.kind();
        try {
            if (!kind.isOfMany()) {
                MessageLite part = kind.parser().parseFrom(in, none);
                in.checkLastTagWas(0);
                return new Message(envelope, List.of(part));
            }
            List<MessageLite> parts = new ArrayList<>();
            while (!in.isAtEnd()) {
                if (parts.size() == Kind.PARTS_MAX) {
                    throw new BadFrame(Refusals.Reason.MALFORMED, kind + " of more than " + Kind.PARTS_MAX + " parts");
                }
                parts.add(in.readMessage(kind.parser(), none));
            }
            return new Message(envelope, parts);
        } catch (IOException damaged) {
            throw new BadFrame(
                    Refusals.Reason.MALFORMED, "the content of " + kind + ": " + damaged.getMessage(), damaged);
        }
    }
}
