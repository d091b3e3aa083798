package io.flotilla.raftlog.raft.ratis;

import static io.flotilla.raftlog.raft.ratis.Hosts.PATIENCE;
import static io.flotilla.raftlog.raft.ratis.Hosts.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.flotilla.protocol.error.ErrorCode;
import io.flotilla.protocol.error.LogException;
import io.flotilla.raftlog.raft.DamagedMember;
import io.flotilla.raftlog.raft.GroupId;
import io.flotilla.raftlog.raft.Leadership;
import io.flotilla.raftlog.raft.Peer;
import io.flotilla.raftlog.raft.RaftSettings;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.ratis.client.RaftClient;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.metrics.MetricRegistries;
import org.apache.ratis.retry.RetryPolicies;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three members, and something goes wrong. */
class FaultTest {
    private static final GroupId GROUP = new GroupId(new UUID(3, 1));

    @TempDir
    @SuppressWarnings("NullAway.Init") // by JUnit
    private Path directory;

    @Test
    void shouldStopAFollowerWhoseLogCannotBeWritten() throws IOException {
        try (Hosts hosts = Hosts.start(
                3, directory, settings -> settings.withLog(new RaftSettings.Log(64 * 1024, 128 * 1024, 64L << 20)))) {
            hosts.create(GROUP);
            int leader = hosts.awaitLeader(GROUP);
            int follower = leader % 3 + 1;
            hosts.propose(leader, GROUP, "a");
            await().atMost(PATIENCE)
                    .until(() -> hosts.state(follower, GROUP).entries().size() == 1);

            // The next file of the log can then not be made.
            Path log = hosts.logFolder(follower, GROUP);
            Files.move(log, log.resolveSibling("gone"));
            for (int i = 0; i < 100; i++) {
                hosts.propose(leader, GROUP, "x".repeat(4096));
            }

            await().atMost(PATIENCE).until(() -> hosts.state(follower, GROUP).failure() != null);
            assertThat(hosts.state(follower, GROUP).failure()).hasMessageContaining("log");
            assertThat(hosts.group(follower, GROUP).leadership().role()).isEqualTo(Leadership.Role.STOPPED);
            assertThat(hosts.state(leader, GROUP).entries()).hasSize(101);
        }
    }

    /** It may come back with nothing to remember, which one whose log has failed may not. */
    @Test
    void shouldTellThatAFollowerStoppedSinceItWasTakenOut() throws IOException {
        try (Hosts hosts = Hosts.start(3, directory)) {
            hosts.create(GROUP);
            int leader = hosts.awaitLeader(GROUP);
            int follower = leader % 3 + 1;
            hosts.propose(leader, GROUP, "a");
            List<Peer> peers = hosts.group(leader, GROUP).peers();

            hosts.group(leader, GROUP)
                    .changePeers(
                            peers,
                            peers.stream()
                                    .filter(peer -> !peer.id().equals(Hosts.peerId(follower)))
                                    .toList())
                    .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                    .join();

            await().atMost(PATIENCE).until(() -> hosts.state(follower, GROUP).failure() != null);
            assertThat(hosts.state(follower, GROUP).failure())
                    .isInstanceOf(DamagedMember.class)
                    .hasMessageContaining("taken out of the group");
        }
    }

    /** What it knows of its peers is from before; the leader is the one to tell it. */
    @Test
    void shouldTellThatAMemberWasTakenOutWhileItWasAway() throws IOException {
        try (Hosts hosts = Hosts.start(3, directory)) {
            hosts.create(GROUP);
            int leader = hosts.awaitLeader(GROUP);
            int follower = leader % 3 + 1;
            hosts.propose(leader, GROUP, "a");
            List<Peer> peers = hosts.group(leader, GROUP).peers();
            hosts.stop(follower);
            hosts.group(leader, GROUP)
                    .changePeers(
                            peers,
                            peers.stream()
                                    .filter(peer -> !peer.id().equals(Hosts.peerId(follower)))
                                    .toList())
                    .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                    .join();

            hosts.start(follower);

            await().atMost(PATIENCE).until(() -> hosts.state(follower, GROUP).failure() != null);
            assertThat(hosts.state(follower, GROUP).failure())
                    .isInstanceOf(DamagedMember.class)
                    .hasMessageContaining("taken out of the group");
        }
    }

    /** Without its thread it would lead and never step down, or follow and never stand for election. */
    @Test
    void shouldStopAMemberThatLosesAThread() throws IOException {
        // Threads of the other tests, which may not have ended yet, are named after the other group.
        GroupId group = new GroupId(new UUID(3, 2));
        try (Hosts hosts = Hosts.start(3, directory)) {
            hosts.create(group);
            int leader = hosts.awaitLeader(group);
            hosts.propose(leader, group, "a");
            Thread ofLeadership = Thread.getAllStackTraces().keySet().stream()
                    .filter(thread -> thread.getName().endsWith("@group-000000000002-LeaderStateImpl"))
                    .findFirst()
                    .orElseThrow();

            new Thread(ofLeadership.getThreadGroup(), () -> {
                        throw new IllegalStateException("no such state");
                    })
                    .start();

            await().atMost(PATIENCE).until(() -> hosts.state(leader, group).failure() != null);
            assertThat(hosts.state(leader, group).failure())
                    .hasMessageContaining("ended by an error of its own")
                    .hasRootCauseMessage("no such state");
            assertThat(hosts.awaitLeader(group)).isNotEqualTo(leader);
        }
    }

    @Test
    void shouldFailProposalsWithinBoundsWhileTheMajorityIsGone() throws IOException {
        int pendingMax = 8;
        RaftSettings.Proposals proposals =
                new RaftSettings.Proposals(pendingMax, 16 * 1024 * 1024, Duration.ofMillis(300));
        // A leader that believes in itself longer than proposals wait.
        try (Hosts hosts = Hosts.start(3, directory, settings -> settings.withProposals(proposals)
                .withElectionTimeout(Duration.ofSeconds(2), Duration.ofSeconds(4)))) {
            hosts.create(GROUP);
            int leader = hosts.awaitLeader(GROUP);
            hosts.propose(leader, GROUP, "a");
            hosts.stop(leader % 3 + 1);
            hosts.stop((leader + 1) % 3 + 1);

            List<CompletableFuture<ByteBuffer>> answers = IntStream.range(0, 2 * pendingMax)
                    .mapToObj(i -> hosts.group(leader, GROUP).propose(bytes("lost-" + i)))
                    .toList();

            List<ErrorCode> errors = answers.stream().map(FaultTest::errorOf).toList();
            assertThat(errors).allMatch(ErrorCode::retriable);
            assertThat(errors.subList(0, pendingMax)).doesNotContain(ErrorCode.OVERLOADED);
            assertThat(errors.subList(pendingMax, 2 * pendingMax)).doesNotContain(ErrorCode.TIMEOUT);
            assertThat(hosts.state(leader, GROUP).entries()).containsExactly("a");
        }
    }

    @Test
    void shouldTakeNoOrdersFromStrangersOnTheRaftPort() throws IOException {
        // Ratis's own transport listens for its clients and administrators too; ours knows no such messages.
        try (Hosts hosts = Hosts.start(
                1,
                directory,
                settings -> settings.withTransport(settings.transport().withKind(RaftSettings.Transport.Kind.GRPC)))) {
            hosts.create(GROUP);
            hosts.awaitLeader(GROUP);

            try (RaftClient stranger = RaftClient.newBuilder()
                    .setProperties(new RaftProperties())
                    .setRetryPolicy(RetryPolicies.noRetry())
                    .setRaftGroup(RatisPeers.group(GROUP, hosts.peers()))
                    .build()) {
                var orders = stranger.getGroupManagementApi(
                        RatisPeers.theirs(hosts.peers().get(0)).getId());

                assertThatThrownBy(() -> orders.remove(RatisPeers.group(GROUP), true, false))
                        .isInstanceOf(IOException.class)
                        .hasMessageContaining("PERMISSION_DENIED");
            }
            assertThat(hosts.propose(1, GROUP, "a")).isEqualTo("0");
        }
    }

    @Test
    void shouldKeepNoMetricsOfRatis() {
        assertThat(MetricRegistries.global()).isInstanceOf(SilentMetrics.class);
    }

    private static ErrorCode errorOf(CompletableFuture<ByteBuffer> answer) {
        Throwable failure = answer.handle((reply, thrown) -> thrown).join();
        assertThat(failure).isInstanceOf(LogException.class);
        return ((LogException) failure).code();
    }
}
