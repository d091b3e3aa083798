package io.flotilla.raftlog.raft.ratis.transport;

import java.util.Optional;
import org.apache.ratis.proto.RaftProtos.AppendEntriesReplyProto;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotReplyProto;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotRequestProto;
import org.apache.ratis.proto.RaftProtos.ReadIndexReplyProto;
import org.apache.ratis.proto.RaftProtos.ReadIndexRequestProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteReplyProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteRequestProto;
import org.apache.ratis.proto.RaftProtos.StartLeaderElectionReplyProto;
import org.apache.ratis.proto.RaftProtos.StartLeaderElectionRequestProto;
import org.apache.ratis.thirdparty.com.google.protobuf.MessageLite;
import org.apache.ratis.thirdparty.com.google.protobuf.Parser;
import org.apache.ratis.thirdparty.com.google.protobuf.StringValue;

/** The messages of the protocol. The codes are on the wire: they are never given away again. */
public enum Kind {
    APPEND(1, Lane.BULK, AppendEntriesRequestProto.parser()),
    APPEND_REPLY(2, Lane.BULK, AppendEntriesReplyProto.parser()),
    /** One append without entries for each of many groups. */
    HEARTBEATS(3, Lane.URGENT, AppendEntriesRequestProto.parser()),
    /** Answers to heartbeats, each named by its own call id: not necessarily all of one {@link #HEARTBEATS}. */
    HEARTBEAT_REPLIES(4, Lane.URGENT, AppendEntriesReplyProto.parser()),
    VOTE(5, Lane.URGENT, RequestVoteRequestProto.parser()),
    VOTE_REPLY(6, Lane.URGENT, RequestVoteReplyProto.parser()),
    /** The follower lacks entries that are gone: it is to catch up by files. */
    SNAPSHOT_NOTICE(7, Lane.URGENT, InstallSnapshotRequestProto.parser()),
    SNAPSHOT_NOTICE_REPLY(8, Lane.URGENT, InstallSnapshotReplyProto.parser()),
    READ_INDEX(9, Lane.URGENT, ReadIndexRequestProto.parser()),
    READ_INDEX_REPLY(10, Lane.URGENT, ReadIndexReplyProto.parser()),
    START_ELECTION(11, Lane.URGENT, StartLeaderElectionRequestProto.parser()),
    START_ELECTION_REPLY(12, Lane.URGENT, StartLeaderElectionReplyProto.parser()),
    /** In place of an append's answer: why there is none, in words. */
    APPEND_FAILED(13, Lane.BULK, StringValue.parser()),
    /** In place of any other answer. */
    FAILED(14, Lane.URGENT, StringValue.parser()),
    /** Whether the leader is lost to the other member too, and it supports the sender's election. */
    LEADER_LOST(15, Lane.URGENT, RequestVoteRequestProto.parser()),
    LEADER_LOST_REPLY(16, Lane.URGENT, RequestVoteReplyProto.parser());

    /** Parts of a message of many: its parsed form takes far more room than its bytes. */
    static final int PARTS_MAX = 1024;

    private static final Kind[] BY_CODE = new Kind[values().length + 1];

    static {
        for (Kind kind : values()) {
            BY_CODE[kind.code] = kind;
        }
    }

    private final int code;
    private final Lane lane;

    @SuppressWarnings("ImmutableEnumChecker") // stateless, though its type does not say so
    private final Parser<? extends MessageLite> parser;

    Kind(int code, Lane lane, Parser<? extends MessageLite> parser) {
        this.code = code;
        this.lane = lane;
        this.parser = parser;
    }

    static Optional<Kind> ofCode(int code) {
        return code >= 1 && code < BY_CODE.length ? Optional.of(BY_CODE[code]) : Optional.empty();
    }

    int code() {
        return code;
    }

    public Lane lane() {
        return lane;
    }

    Parser<? extends MessageLite> parser() {
        return parser;
    }

    /** Whether a message holds parts of many groups. */
    public boolean isOfMany() {
        return this == HEARTBEATS || this == HEARTBEAT_REPLIES;
    }
}
