package io.flotilla.raftlog.raft.ratis.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.apache.ratis.proto.RaftProtos.AppendEntriesReplyProto;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteReplyProto;
import org.apache.ratis.proto.RaftProtos.StateMachineLogEntryProto;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.thirdparty.com.google.protobuf.MessageLite;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MessageCodecTest {
    private static final UUID GROUP = UUID.fromString("00112233-4455-6677-8899-aabbccddeeff");
    private static final int LENGTH_MAX = 1 << 20;

    /** A vote of term 3, as the first release with this transport wrote it. */
    private static final String STORED_FRAME =
            "f107" + "01" + "06" + "00000002" + "00112233445566778899aabbccddeeff" + "0000000000000007" + "1003";

    @Test
    void shouldReadTheStoredFrame() throws BadFrame {
        List<Message> read = readAll(Unpooled.wrappedBuffer(HexFormat.of().parseHex(STORED_FRAME)));

        assertThat(read)
                .containsExactly(Message.of(
                        Kind.VOTE_REPLY,
                        GROUP,
                        7,
                        RequestVoteReplyProto.newBuilder().setTerm(3).build()));
    }

    @Test
    void shouldWriteTheStoredFrame() {
        ByteBuf frame = MessageCodec.encode(
                Message.of(
                        Kind.VOTE_REPLY,
                        GROUP,
                        7,
                        RequestVoteReplyProto.newBuilder().setTerm(3).build()),
                ByteBufAllocator.DEFAULT);

        byte[] bytes = new byte[frame.readableBytes()];
        frame.readBytes(bytes);
        frame.release();
        assertThat(HexFormat.of().formatHex(bytes)).isEqualTo(STORED_FRAME);
    }

    /** What is sent arrives, into whatever pieces the network cuts it. */
    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13})
    void framesSurviveAnyCut(long seed) throws BadFrame {
        Random random = new Random(seed);
        for (int run = 0; run < 50; run++) {
            List<Message> sent = new ArrayList<>();
            ByteBuf wire = Unpooled.buffer();
            for (int i = 0; i < 10; i++) {
                Message message = randomMessage(random);
                sent.add(message);
                ByteBuf frame = MessageCodec.encode(message, ByteBufAllocator.DEFAULT);
                wire.writeBytes(frame);
                frame.release();
            }

            Collected collected = new Collected(LENGTH_MAX);
            FrameReader reader = new FrameReader(collected);
            while (wire.isReadable()) {
                reader.read(wire.readSlice(Math.min(wire.readableBytes(), 1 + random.nextInt(3000))));
            }

            assertThat(collected.messages).as("seed %s run %s", seed, run).isEqualTo(sent);
        }
    }

    private static Message randomMessage(Random random) {
        int choice = random.nextInt(3);
        if (choice == 0) {
            return Message.of(Kind.APPEND, new UUID(random.nextLong(), 1), random.nextLong(), append(random));
        }
        if (choice == 1) {
            return Message.of(Kind.APPEND_REPLY, GROUP, random.nextLong(), reply(random));
        }
        List<MessageLite> replies = new ArrayList<>();
        for (int i = 0; i < 1 + random.nextInt(5); i++) {
            replies.add(reply(random));
        }
        return Message.ofMany(Kind.HEARTBEAT_REPLIES, random.nextLong(), replies);
    }

    private static AppendEntriesReplyProto reply(Random random) {
        return AppendEntriesReplyProto.newBuilder()
                .setTerm(random.nextInt(9))
                .setMatchIndex(random.nextInt(1 << 20))
                .build();
    }

    private static AppendEntriesRequestProto append(Random random) {
        AppendEntriesRequestProto.Builder request = AppendEntriesRequestProto.newBuilder();
        for (int i = 0; i < random.nextInt(4); i++) {
            byte[] data = new byte[random.nextInt(5000)];
            random.nextBytes(data);
            request.addEntries(LogEntryProto.newBuilder()
                    .setIndex(i)
                    .setStateMachineLogEntry(
                            StateMachineLogEntryProto.newBuilder().setLogData(ByteString.copyFrom(data))));
        }
        return request.build();
    }

    /** Damaged frames end in a refusal, take no more room than the bound, and never in anything else. */
    @ParameterizedTest
    @ValueSource(longs = {21, 22, 23, 24})
    void damagedFramesAreRefusedOrReadAsSomethingElse(long seed) {
        Random random = new Random(seed);
        int refused = 0;
        for (int run = 0; run < 50_000; run++) {
            ByteBuf wire = random.nextInt(4) == 0 ? noise(random) : damaged(random);
            Collected collected = new Collected(1 << 16);
            try {
                new FrameReader(collected).read(wire);
            } catch (BadFrame bad) {
                refused++;
            } catch (RuntimeException failure) {
                throw new AssertionError("seed " + seed + " run " + run, failure);
            } finally {
                wire.release();
            }
        }
        assertThat(refused).isPositive();
    }

    private static ByteBuf noise(Random random) {
        byte[] bytes = new byte[random.nextInt(200)];
        random.nextBytes(bytes);
        return Unpooled.wrappedBuffer(bytes);
    }

    private static ByteBuf damaged(Random random) {
        ByteBuf frame = MessageCodec.encode(
                Message.of(Kind.APPEND_REPLY, GROUP, random.nextLong(), reply(random)), ByteBufAllocator.DEFAULT);
        for (int i = 0; i < 1 + random.nextInt(3); i++) {
            frame.setByte(random.nextInt(frame.readableBytes()), random.nextInt());
        }
        return frame;
    }

    @Test
    void shouldRefuseALengthBeforeMakingRoomForIt() {
        ByteBuf header = Unpooled.buffer();
        new FrameHeader(Kind.APPEND.code(), Integer.MAX_VALUE, GROUP, 1).write(header);

        assertThatThrownBy(() -> new FrameReader(new Collected(LENGTH_MAX)).read(header))
                .isInstanceOfSatisfying(
                        BadFrame.class, bad -> assertThat(bad.reason()).isEqualTo(Refusals.Reason.TOO_LONG));
    }

    @Test
    void shouldRefuseMorePartsThanAServerSends() throws BadFrame {
        byte[] empties = new byte[Kind.PARTS_MAX]; // each byte the length of a part without content
        Message.Envelope many = new Message.Envelope(Kind.HEARTBEATS, Message.MANY_GROUPS, 1);

        assertThat(MessageCodec.decode(many, empties).parts()).hasSize(Kind.PARTS_MAX);
        assertThatThrownBy(() -> MessageCodec.decode(many, new byte[Kind.PARTS_MAX + 1]))
                .isInstanceOfSatisfying(
                        BadFrame.class, bad -> assertThat(bad.reason()).isEqualTo(Refusals.Reason.MALFORMED));
    }

    @Test
    void shouldSkipTheContentOfWhatIsNotAdmitted() throws BadFrame {
        ByteBuf wire = Unpooled.buffer();
        new FrameHeader(Kind.VOTE.code(), 5000, GROUP, 1).write(wire);
        wire.writeZero(5000);
        wire.writeBytes(HexFormat.of().parseHex(STORED_FRAME));

        Collected collected = new Collected(LENGTH_MAX);
        collected.skipped = Kind.VOTE;
        new FrameReader(collected).read(wire);

        assertThat(collected.messages).hasSize(1);
    }

    @Test
    void shouldRefuseAnotherVersionAndSayWhich() {
        byte[] bytes = HexFormat.of().parseHex(STORED_FRAME);
        bytes[2] = 9;

        assertThatThrownBy(() -> readAll(Unpooled.wrappedBuffer(bytes)))
                .isInstanceOf(BadFrame.class)
                .hasMessageContaining("version 9");
    }

    @Test
    void shouldReadAHelloBack() throws BadFrame {
        Hello hello = new Hello("cluster-1", RaftPeerId.valueOf("1-a"), RaftPeerId.valueOf("2-b"), Lane.URGENT);

        assertThat(Hello.decode(hello.encoded())).isEqualTo(hello);
    }

    @Test
    void shouldRefuseADamagedHello() {
        Random random = new Random(5);
        byte[] good = new Hello("r", RaftPeerId.valueOf("1-a"), RaftPeerId.valueOf("2-b"), Lane.BULK).encoded();
        for (int run = 0; run < 10_000; run++) {
            byte[] bytes = good.clone();
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            try {
                Hello.decode(bytes);
            } catch (BadFrame refused) {
                assertThat(refused.reason()).isEqualTo(Refusals.Reason.MALFORMED);
            }
        }
    }

    private static List<Message> readAll(ByteBuf wire) throws BadFrame {
        Collected collected = new Collected(LENGTH_MAX);
        new FrameReader(collected).read(wire);
        return collected.messages;
    }

    /** Keeps messages, and refuses what a connection would refuse. */
    private static final class Collected implements FrameReader.Frames {
        private final List<Message> messages = new ArrayList<>();
        private final int lengthMax;
        private @Nullable Kind skipped;

        Collected(int lengthMax) {
            this.lengthMax = lengthMax;
        }

        @Override
        public boolean header(FrameHeader header) throws BadFrame {
            if (header.length() > lengthMax) {
                throw new BadFrame(Refusals.Reason.TOO_LONG, "too long");
            }
            return kindOf(header) != skipped;
        }

        @Override
        public void frame(FrameHeader header, byte[] content) throws BadFrame {
            messages.add(
                    MessageCodec.decode(new Message.Envelope(kindOf(header), header.group(), header.call()), content));
        }

        private static Kind kindOf(FrameHeader header) throws BadFrame {
            return Kind.ofCode(header.code())
                    .orElseThrow(() -> new BadFrame(Refusals.Reason.MALFORMED, "code " + header.code()));
        }
    }
}
