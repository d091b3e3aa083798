package io.flotilla.raftlog.raft.ratis;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flotilla.raftlog.raft.DamagedMember;
import io.flotilla.raftlog.raft.GroupId;
import io.flotilla.raftlog.raft.LogPosition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.RaftConfigurationProto;
import org.apache.ratis.proto.RaftProtos.RaftPeerProto;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file of peers whose entry the log does not hold any more. */
class PeersGuardTest {
    private static final GroupId GROUP = new GroupId(new UUID(4, 1));
    private static final LogPosition END = new LogPosition(3, 100);

    @TempDir
    @SuppressWarnings("NullAway.Init") // by JUnit
    private Path folder;

    @Test
    void shouldTakeThePeersThatItsGuardKnows() throws IOException {
        PeersFile file = peersOf(3, 50);

        assertThatCode(() -> check(new MemberGuard(3, "", END, file.position(), file.crc(), LogPosition.NONE)))
                .doesNotThrowAnyException();
    }

    @Test
    void shouldRefuseNewerPeersThanItsGuardKnows() throws IOException {
        PeersFile file = peersOf(3, 50);

        assertThatThrownBy(
                        () -> check(new MemberGuard(3, "", END, new LogPosition(2, 20), file.crc(), LogPosition.NONE)))
                .isInstanceOf(DamagedMember.class)
                .hasMessageContaining("is not in its log");
    }

    @Test
    void shouldDoWithoutAGuard() throws IOException {
        peersOf(3, 50);

        assertThatCode(() -> PeersGuard.read(GROUP, folder, Optional.empty()).check(LogContent.NONE, END))
                .doesNotThrowAnyException();
    }

    private void check(MemberGuard guard) throws IOException {
        PeersGuard.read(GROUP, folder, Optional.of(guard)).check(LogContent.NONE, END);
    }

    private PeersFile peersOf(long term, long index) throws IOException {
        Path file = GroupFolders.configurationFile(folder);
        Files.createDirectories(GroupFolders.current(folder));
        LogEntryProto entry = LogEntryProto.newBuilder()
                .setTerm(term)
                .setIndex(index)
                .setConfigurationEntry(RaftConfigurationProto.newBuilder()
                        .addPeers(RaftPeerProto.newBuilder()
                                .setId(ByteString.copyFromUtf8("1-a"))
                                .setAddress("127.0.0.1:1")))
                .build();
        Files.write(file, entry.toByteArray());
        return PeersFile.read(file).orElseThrow();
    }
}
