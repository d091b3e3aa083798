package io.flotilla.raftlog.raft.ratis.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.apache.ratis.proto.RaftProtos.AppendEntriesReplyProto;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotReplyProto;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotRequestProto;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.RaftGroupIdProto;
import org.apache.ratis.proto.RaftProtos.RaftRpcReplyProto;
import org.apache.ratis.proto.RaftProtos.RaftRpcRequestProto;
import org.apache.ratis.proto.RaftProtos.ReadIndexReplyProto;
import org.apache.ratis.proto.RaftProtos.ReadIndexRequestProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteReplyProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteRequestProto;
import org.apache.ratis.proto.RaftProtos.StartLeaderElectionReplyProto;
import org.apache.ratis.proto.RaftProtos.StartLeaderElectionRequestProto;
import org.apache.ratis.proto.RaftProtos.StateMachineLogEntryProto;
import org.apache.ratis.proto.RaftProtos.TermIndexProto;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.thirdparty.com.google.protobuf.MessageLite;
import org.apache.ratis.thirdparty.com.google.protobuf.StringValue;

/** One valid frame of each kind, as bytes to be spoilt. */
final class FrameCorpus {
    static final UUID GROUP = new UUID(7, 7);

    private static final int ENTRY_BYTES = 200;

    private FrameCorpus() {}

    /** The greeting with which a peer begins. */
    static byte[] hello(String realm, RaftPeerId from, RaftPeerId to, Lane lane) {
        byte[] content = new Hello(realm, from, to, lane).encoded();
        ByteBuf frame = Unpooled.buffer();
        FrameHeader.control(FrameHeader.Control.HELLO, content.length).write(frame);
        frame.writeBytes(content);
        return bytes(frame);
    }

    /** All frames that a lane carries. */
    static List<byte[]> frames(Lane lane, RaftPeerId from, RaftPeerId to) {
        List<byte[]> frames = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            if (kind.lane() == lane) {
                frames.add(frame(message(kind, from, to)));
            }
        }
        ByteBuf ping = Unpooled.buffer();
        FrameHeader.control(FrameHeader.Control.PING, 0).write(ping);
        frames.add(bytes(ping));
        return frames;
    }

    static byte[] frame(Message message) {
        return bytes(MessageCodec.encode(message, ByteBufAllocator.DEFAULT));
    }

    private static byte[] bytes(ByteBuf buffer) {
        try {
            byte[] bytes = new byte[buffer.readableBytes()];
            buffer.readBytes(bytes);
            return bytes;
        } finally {
            buffer.release();
        }
    }

    static Message message(Kind kind, RaftPeerId from, RaftPeerId to) {
        MessageLite part = part(kind, from, to);
        return kind.isOfMany() ? Message.ofMany(kind, 3, List.of(part, part, part)) : Message.of(kind, GROUP, 3, part);
    }

    private static MessageLite part(Kind kind, RaftPeerId from, RaftPeerId to) {
        RaftGroupIdProto group = RaftGroupIdProto.newBuilder()
                .setId(RaftGroupId.valueOf(GROUP).toByteString())
                .build();
        RaftRpcRequestProto request = RaftRpcRequestProto.newBuilder()
                .setRequestorId(ByteString.copyFromUtf8(from.toString()))
                .setReplyId(ByteString.copyFromUtf8(to.toString()))
                .setRaftGroupId(group)
                .setCallId(3)
                .build();
        RaftRpcReplyProto reply = RaftRpcReplyProto.newBuilder()
                .setRequestorId(ByteString.copyFromUtf8(to.toString()))
                .setReplyId(ByteString.copyFromUtf8(from.toString()))
                .setRaftGroupId(group)
                .setCallId(3)
                .setSuccess(true)
                .build();
        TermIndexProto last = TermIndexProto.newBuilder().setTerm(4).setIndex(5).build();
        return switch (kind) {
            case APPEND ->
                append(request, last).addEntries(entry(6)).addEntries(entry(7)).build();
            case HEARTBEATS -> append(request, last).build();
            case APPEND_REPLY, HEARTBEAT_REPLIES ->
                AppendEntriesReplyProto.newBuilder()
                        .setServerReply(reply)
                        .setTerm(4)
                        .setNextIndex(8)
                        .setMatchIndex(7)
                        .build();
            case VOTE, LEADER_LOST ->
                RequestVoteRequestProto.newBuilder()
                        .setServerRequest(request)
                        .setCandidateTerm(5)
                        .setCandidateLastEntry(last)
                        .build();
            case VOTE_REPLY, LEADER_LOST_REPLY ->
                RequestVoteReplyProto.newBuilder()
                        .setServerReply(reply)
                        .setTerm(5)
                        .build();
            case SNAPSHOT_NOTICE ->
                InstallSnapshotRequestProto.newBuilder()
                        .setServerRequest(request)
                        .setLeaderTerm(5)
                        .setNotification(InstallSnapshotRequestProto.NotificationProto.newBuilder()
                                .setFirstAvailableTermIndex(last))
                        .build();
            case SNAPSHOT_NOTICE_REPLY ->
                InstallSnapshotReplyProto.newBuilder()
                        .setServerReply(reply)
                        .setTerm(5)
                        .build();
            case READ_INDEX ->
                ReadIndexRequestProto.newBuilder().setServerRequest(request).build();
            case READ_INDEX_REPLY ->
                ReadIndexReplyProto.newBuilder().setServerReply(reply).build();
            case START_ELECTION ->
                StartLeaderElectionRequestProto.newBuilder()
                        .setServerRequest(request)
                        .setLeaderLastEntry(last)
                        .build();
            case START_ELECTION_REPLY ->
                StartLeaderElectionReplyProto.newBuilder().setServerReply(reply).build();
            case APPEND_FAILED, FAILED -> StringValue.of("no");
        };
    }

    private static AppendEntriesRequestProto.Builder append(RaftRpcRequestProto request, TermIndexProto previous) {
        return AppendEntriesRequestProto.newBuilder()
                .setServerRequest(request)
                .setLeaderTerm(4)
                .setPreviousLog(previous)
                .setLeaderCommit(5);
    }

    private static LogEntryProto entry(long index) {
        return LogEntryProto.newBuilder()
                .setTerm(4)
                .setIndex(index)
                .setStateMachineLogEntry(
                        StateMachineLogEntryProto.newBuilder().setLogData(ByteString.copyFrom(new byte[ENTRY_BYTES])))
                .build();
    }
}
