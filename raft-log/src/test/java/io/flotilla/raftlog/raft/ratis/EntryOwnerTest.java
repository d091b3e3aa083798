package io.flotilla.raftlog.raft.ratis;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.raftlog.raft.GroupId;
import java.io.IOException;
import java.util.UUID;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.RaftConfigurationProto;
import org.apache.ratis.proto.RaftProtos.StateMachineLogEntryProto;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.thirdparty.com.google.protobuf.CodedInputStream;
import org.junit.jupiter.api.Test;

class EntryOwnerTest {
    private static final GroupId GROUP = new GroupId(new UUID(3, 1));
    private static final GroupId OTHER = new GroupId(new UUID(3, 2));

    @Test
    void shouldKnowTheEntriesOfItsGroup() throws IOException {
        LogEntryProto entry = proposed(EntryOwner.clientId(GROUP.value(), 77));

        assertThat(EntryOwner.isForeign(GROUP, behindItsIndex(entry))).isFalse();
        assertThat(EntryOwner.isForeign(OTHER, behindItsIndex(entry))).isTrue();
    }

    @Test
    void shouldTellProposersApart() {
        assertThat(EntryOwner.clientId(GROUP.value(), 1)).isNotEqualTo(EntryOwner.clientId(GROUP.value(), 2));
    }

    @Test
    void shouldLeaveEntriesWithoutAMarkToAnybody() throws IOException {
        LogEntryProto unmarked = proposed(ClientId.randomId());
        LogEntryProto peers = LogEntryProto.newBuilder()
                .setTerm(1)
                .setIndex(5)
                .setConfigurationEntry(RaftConfigurationProto.getDefaultInstance())
                .build();

        assertThat(EntryOwner.isForeign(GROUP, behindItsIndex(unmarked))).isFalse();
        assertThat(EntryOwner.isForeign(GROUP, behindItsIndex(peers))).isFalse();
    }

    private static LogEntryProto proposed(ClientId client) {
        return LogEntryProto.newBuilder()
                .setTerm(1)
                .setIndex(5)
                .setStateMachineLogEntry(StateMachineLogEntryProto.newBuilder()
                        .setLogData(ByteString.copyFromUtf8("a record"))
                        .setClientId(client.toByteString())
                        .setCallId(9))
                .build();
    }

    private static CodedInputStream behindItsIndex(LogEntryProto entry) throws IOException {
        CodedInputStream in = entry.toByteString().newCodedInput();
        in.readTag();
        in.readUInt64();
        in.readTag();
        in.readUInt64();
        return in;
    }
}
