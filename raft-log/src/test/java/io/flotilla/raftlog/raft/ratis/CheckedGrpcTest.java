package io.flotilla.raftlog.raft.ratis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.flotilla.raftlog.raft.RaftSettings;
import io.flotilla.raftlog.raft.ratis.transport.DurableVotes;
import io.flotilla.raftlog.raft.ratis.transport.LeaderProofs;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;
import org.apache.ratis.conf.Parameters;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.proto.RaftProtos.AppendEntriesReplyProto;
import org.apache.ratis.proto.RaftProtos.AppendEntriesReplyProto.AppendResult;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotRequestProto;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.RaftConfigurationProto;
import org.apache.ratis.proto.RaftProtos.RaftGroupIdProto;
import org.apache.ratis.proto.RaftProtos.RaftPeerRole;
import org.apache.ratis.proto.RaftProtos.RaftRpcRequestProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteReplyProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteRequestProto;
import org.apache.ratis.proto.RaftProtos.StateMachineLogEntryProto;
import org.apache.ratis.proto.RaftProtos.TermIndexProto;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.exceptions.ServerNotReadyException;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.statemachine.StateMachine;
import org.apache.ratis.statemachine.impl.BaseStateMachine;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real follower, whose leader is the test. */
class CheckedGrpcTest {
    private static final int ROUNDS_MAX = 1_000;
    private static final String FOLLOWER = "1-a";
    private static final String LEADER = "2-b";
    private static final RaftGroup GROUP =
            RaftGroup.valueOf(RaftGroupId.randomId(), List.of(peer(FOLLOWER), peer(LEADER), peer("3-c")));

    private final List<Path> synced = new CopyOnWriteArrayList<>();
    private final DurableVotes votes = new DurableVotes("sync", synced::add);
    private final ByteString client = ClientId.randomId().toByteString();
    private long calls;

    private static RaftPeer peer(String id) {
        return RaftPeer.newBuilder().setId(id).setAddress("127.0.0.1:1").build();
    }

    @Test
    void shouldAcknowledgeOnlyWhatTheLogHoldsOfARequestSentAgainWithMore(@TempDir Path folder) throws IOException {
        try (RaftServer server = follower(folder, new BaseStateMachine())) {
            RaftServer checked = CheckedGrpc.checked(server, votes);
            int refused = 0;
            long first = 0;
            for (int round = 0; round < ROUNDS_MAX && refused == 0; round++) {
                long next = first + 4;
                CompletableFuture<AppendEntriesReplyProto> shorter =
                        checked.appendEntriesAsync(append(first, next - 2));
                CompletableFuture<AppendEntriesReplyProto> longer = checked.appendEntriesAsync(append(first, next));
                assertThat(shorter.join().getResult()).isEqualTo(AppendResult.SUCCESS);
                try {
                    assertThat(longer.join().getResult()).isEqualTo(AppendResult.SUCCESS);
                } catch (CompletionException missing) {
                    refused++;
                    assertThat(checked.appendEntriesAsync(append(first, next))
                                    .join()
                                    .getResult())
                            .isEqualTo(AppendResult.SUCCESS);
                }
                assertThat(server.getDivision(GROUP.getGroupId()).getRaftLog().getNextIndex())
                        .isEqualTo(next);
                first = next;
            }
            assertThat(refused)
                    .as("requests that Ratis took for shorter ones before them")
                    .isPositive();
        }
    }

    @Test
    void shouldGoByTheNewestConfigurationWhenEntriesBeforeItComeAgain(@TempDir Path folder) throws IOException {
        try (RaftServer server = follower(folder, new BaseStateMachine())) {
            RaftServer checked = CheckedGrpc.checked(server, votes);
            RaftServer.Division member = server.getDivision(GROUP.getGroupId());
            checked.appendEntriesAsync(append(0, 3)).join();
            checked.appendEntriesAsync(append(3, 4).toBuilder()
                            .setEntries(0, configuration(3))
                            .build())
                    .join();
            assertThat(member.getRaftConf().getAllPeers()).hasSize(2);

            AppendEntriesReplyProto again =
                    checked.appendEntriesAsync(append(1, 3)).join();

            assertThat(member.getRaftConf().getAllPeers()).hasSize(2);
            assertThat(member.getRaftLog().getNextIndex()).isEqualTo(4);
            assertThat(again.getResult()).isEqualTo(AppendResult.SUCCESS);
            assertThat(again.getIsHearbeat()).isFalse();
            assertThat(again.getMatchIndex()).isEqualTo(2);
            assertThat(again.getNextIndex()).isEqualTo(3);
        }
    }

    @Test
    void shouldGoByAConfigurationThatComesInThePlaceOfATailOfItsOwn(@TempDir Path folder) throws IOException {
        try (RaftServer server = follower(folder, new BaseStateMachine())) {
            RaftServer checked = CheckedGrpc.checked(server, votes);
            RaftServer.Division member = server.getDivision(GROUP.getGroupId());
            checked.appendEntriesAsync(append(0, 6)).join();
            AppendEntriesRequestProto later = append(3, 5).toBuilder()
                    .setLeaderTerm(2)
                    .setEntries(0, entry(3).toBuilder().setTerm(2))
                    .setEntries(1, configuration(4).toBuilder().setTerm(2))
                    .build();

            assertThatThrownBy(() -> checked.appendEntriesAsync(later).join()).isInstanceOf(CompletionException.class);
            AppendEntriesReplyProto again = checked.appendEntriesAsync(later).join();

            assertThat(again.getResult()).isEqualTo(AppendResult.SUCCESS);
            assertThat(again.getMatchIndex()).isEqualTo(4);
            assertThat(member.getRaftLog().getNextIndex()).isEqualTo(5);
            assertThat(member.getRaftConf().getAllPeers()).hasSize(2);
        }
    }

    @Test
    void shouldGoByAConfigurationThatIsTheFirstInThePlaceOfATail(@TempDir Path folder) throws IOException {
        try (RaftServer server = follower(folder, new BaseStateMachine())) {
            RaftServer checked = CheckedGrpc.checked(server, votes);
            checked.appendEntriesAsync(append(0, 6)).join();
            AppendEntriesRequestProto later = append(3, 4).toBuilder()
                    .setLeaderTerm(2)
                    .setEntries(0, configuration(3).toBuilder().setTerm(2))
                    .build();

            AppendEntriesReplyProto reply = checked.appendEntriesAsync(later).join();

            assertThat(reply.getResult()).isEqualTo(AppendResult.SUCCESS);
            assertThat(server.getDivision(GROUP.getGroupId()).getRaftConf().getAllPeers())
                    .hasSize(2);
        }
    }

    @Test
    void shouldAppendWhatIsNewBehindEntriesThatComeAgain(@TempDir Path folder) throws IOException {
        try (RaftServer server = follower(folder, new BaseStateMachine())) {
            RaftServer checked = CheckedGrpc.checked(server, votes);
            checked.appendEntriesAsync(append(0, 3)).join();

            AppendEntriesReplyProto more =
                    checked.appendEntriesAsync(append(1, 5)).join();

            assertThat(more.getResult()).isEqualTo(AppendResult.SUCCESS);
            assertThat(more.getMatchIndex()).isEqualTo(4);
            assertThat(server.getDivision(GROUP.getGroupId()).getRaftLog().getNextIndex())
                    .isEqualTo(5);
        }
    }

    /** It is refused by the term, as all of an old leader's are, though there is nothing new in it. */
    @Test
    void shouldNotAcknowledgeKnownEntriesToALeaderOfAnEarlierTerm(@TempDir Path folder) throws IOException {
        try (RaftServer server = follower(folder, new BaseStateMachine())) {
            RaftServer checked = CheckedGrpc.checked(server, votes);
            checked.appendEntriesAsync(append(0, 3)).join();
            AppendEntriesRequestProto later =
                    append(3, 4).toBuilder().setLeaderTerm(2).build();
            checked.appendEntriesAsync(later).join();

            AppendEntriesReplyProto old =
                    checked.appendEntriesAsync(append(0, 3)).join();

            assertThat(old.getResult()).isEqualTo(AppendResult.NOT_LEADER);
        }
    }

    @Test
    void shouldKeepNoticesFromAMemberThatIsStarting(@TempDir Path folder) throws IOException {
        AtomicReference<Throwable> refusal = new AtomicReference<>();
        StateMachine givenNotice = new BaseStateMachine() {
            @Override
            public void initialize(RaftServer server, RaftGroupId group, RaftStorage storage) throws IOException {
                super.initialize(server, group, storage);
                refusal.set(
                        catchThrowable(() -> CheckedGrpc.checked(server, votes).installSnapshot(notice())));
            }
        };

        try (RaftServer server = follower(folder, givenNotice)) {
            assertThat(refusal.get()).isInstanceOf(ServerNotReadyException.class);
            RaftServer.Division member = server.getDivision(GROUP.getGroupId());
            assertThat(member.getInfo().getCurrentRole()).isEqualTo(RaftPeerRole.FOLLOWER);
            assertThat(member.getInfo().getCurrentTerm()).isZero();
        }
    }

    @AfterEach
    void close() {
        votes.close();
    }

    @Test
    void shouldAnswerACandidateOnlyOnceTheVoteIsDurable(@TempDir Path folder) throws IOException {
        try (RaftServer server = follower(folder, new BaseStateMachine())) {
            RaftServer checked = CheckedGrpc.checked(server, votes);

            RequestVoteReplyProto reply = checked.requestVote(vote());

            assertThat(reply.getServerReply().getSuccess()).isTrue();
            RaftServer.Division member = server.getDivision(GROUP.getGroupId());
            assertThat(synced)
                    .containsExactly(member.getRaftStorage()
                            .getStorageDir()
                            .getCurrentDir()
                            .toPath());
        }
    }

    @Test
    void shouldNotAnswerACandidateWhenTheVoteCannotBeMadeDurable(@TempDir Path folder) throws IOException {
        DurableVotes failing = new DurableVotes("sync", path -> {
            throw new IOException("planted");
        });
        try (failing;
                RaftServer server = follower(folder, new BaseStateMachine())) {
            RaftServer checked = CheckedGrpc.checked(server, failing);

            assertThatThrownBy(() -> checked.requestVote(vote()))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("planted");
        }
    }

    private RequestVoteRequestProto vote() {
        return RequestVoteRequestProto.newBuilder()
                .setServerRequest(fromLeader())
                .setCandidateTerm(1)
                .setCandidateLastEntry(TermIndexProto.getDefaultInstance())
                .build();
    }

    private static RaftServer follower(Path folder, StateMachine stateMachine) throws IOException {
        RaftSettings settings =
                RaftSettings.in(folder).withElectionTimeout(Duration.ofMinutes(5), Duration.ofMinutes(10));
        RaftProperties properties = RatisProfile.of(settings.withElections(new RaftSettings.Elections(
                Duration.ofMinutes(5), Duration.ofMinutes(10), Duration.ofMinutes(5), Duration.ofMinutes(10))));
        GrpcTransport.configure(properties, settings);
        Parameters parameters = new Parameters();
        new LeaderProofs(properties).putInto(parameters);
        RaftServer server = RaftServer.newBuilder()
                .setServerId(peer(FOLLOWER).getId())
                .setGroup(GROUP)
                .setProperties(properties)
                .setParameters(parameters)
                .setStateMachine(stateMachine)
                .setOption(RaftStorage.StartupOption.FORMAT)
                .build();
        server.start();
        return server;
    }

    private AppendEntriesRequestProto append(long first, long end) {
        AppendEntriesRequestProto.Builder request = AppendEntriesRequestProto.newBuilder()
                .setServerRequest(fromLeader())
                .setLeaderTerm(1)
                .setLeaderCommit(-1)
                .addAllEntries(
                        LongStream.range(first, end).mapToObj(this::entry).toList());
        if (first > 0) {
            request.setPreviousLog(TermIndexProto.newBuilder().setTerm(1).setIndex(first - 1));
        }
        return request.build();
    }

    private InstallSnapshotRequestProto notice() {
        TermIndexProto logStart =
                TermIndexProto.newBuilder().setTerm(1).setIndex(9).build();
        return InstallSnapshotRequestProto.newBuilder()
                .setServerRequest(fromLeader())
                .setLeaderTerm(1)
                .setNotification(InstallSnapshotRequestProto.NotificationProto.newBuilder()
                        .setFirstAvailableTermIndex(logStart))
                .build();
    }

    private RaftRpcRequestProto fromLeader() {
        return RaftRpcRequestProto.newBuilder()
                .setRequestorId(ByteString.copyFromUtf8(LEADER))
                .setReplyId(ByteString.copyFromUtf8(FOLLOWER))
                .setRaftGroupId(
                        RaftGroupIdProto.newBuilder().setId(GROUP.getGroupId().toByteString()))
                .setCallId(++calls)
                .build();
    }

    /** Of two of the three peers. */
    private LogEntryProto configuration(long index) {
        return LogEntryProto.newBuilder()
                .setTerm(1)
                .setIndex(index)
                .setConfigurationEntry(RaftConfigurationProto.newBuilder()
                        .addPeers(peer(FOLLOWER).getRaftPeerProto())
                        .addPeers(peer(LEADER).getRaftPeerProto()))
                .build();
    }

    private LogEntryProto entry(long index) {
        return LogEntryProto.newBuilder()
                .setTerm(1)
                .setIndex(index)
                .setStateMachineLogEntry(StateMachineLogEntryProto.newBuilder()
                        .setLogData(ByteString.copyFromUtf8("entry " + index))
                        .setClientId(client)
                        .setCallId(index))
                .build();
    }
}
