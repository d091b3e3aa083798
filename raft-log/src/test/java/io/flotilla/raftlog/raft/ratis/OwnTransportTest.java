package io.flotilla.raftlog.raft.ratis;

import static io.flotilla.raftlog.raft.ratis.Hosts.PATIENCE;
import static io.flotilla.raftlog.raft.ratis.Hosts.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flotilla.raftlog.raft.GroupId;
import io.flotilla.raftlog.raft.RaftSettings;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three hosts on the loopback address over our own transport. */
class OwnTransportTest {
    private static final GroupId GROUP = new GroupId(new UUID(1, 1));
    private static final int KIB = 1024;

    private Hosts hosts;

    @BeforeEach
    void start(@TempDir Path directory) throws IOException {
        hosts = Hosts.start(3, directory, OwnTransportTest::own);
        hosts.create(GROUP);
    }

    static RaftSettings own(RaftSettings settings) {
        return settings.withTransport(settings.transport().withKind(RaftSettings.Transport.Kind.NETTY));
    }

    @AfterEach
    void stop() throws IOException {
        hosts.close();
    }

    @Test
    void shouldReplicateEntriesOfAllSizesInOrder() {
        int leader = hosts.awaitLeader(GROUP);
        Random random = new Random(7);

        List<CompletableFuture<ByteBuffer>> answers = new ArrayList<>();
        List<String> proposed = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            int size = i % 100 == 99 ? 1024 * KIB : KIB + random.nextInt(15 * KIB);
            byte[] entry = new byte[size];
            random.nextBytes(entry);
            proposed.add("bytes:" + size);
            answers.add(hosts.group(leader, GROUP).propose(ByteBuffer.wrap(entry)));
            if (i % 10 == 9) {
                answers.get(i).orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
            }
        }

        for (int i = 0; i < 1000; i++) {
            assertThat(Hosts.text(answers.get(i)
                            .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                            .join()))
                    .isEqualTo(Integer.toString(i));
        }
        awaitEverywhere(proposed);
    }

    private void awaitEverywhere(List<String> expected) {
        for (int node = 1; node <= 3; node++) {
            ListState state = hosts.state(node, GROUP);
            await().atMost(PATIENCE).until(() -> state.entries().equals(expected));
        }
    }

    @Test
    void shouldBringAFollowerUpToDateThatWasAway() throws IOException {
        int leader = hosts.awaitLeader(GROUP);
        int follower = leader % 3 + 1;
        List<String> proposed = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            proposed.add("before-" + i);
            hosts.propose(leader, GROUP, "before-" + i);
        }

        hosts.stop(follower);
        for (int i = 0; i < 200; i++) {
            proposed.add("while-" + i);
            hosts.propose(leader, GROUP, "while-" + i);
        }
        hosts.start(follower);

        awaitEverywhere(proposed);
        hosts.propose(hosts.awaitLeader(GROUP), GROUP, "after");
        proposed.add("after");
        awaitEverywhere(proposed);
    }

    /** What a follower refused counted as on its way for ever, until nothing was sent to it for any group. */
    @Test
    void shouldBringAFollowerUpToDateThatHasRefusedMoreThanMayBeOnItsWay(@TempDir Path directory) throws IOException {
        try (Hosts tight = Hosts.start(3, directory, settings -> ofBytesInFlight(own(settings), 64 * KIB))) {
            tight.create(GROUP);
            int leader = tight.awaitLeader(GROUP);
            int follower = leader % 3 + 1;
            tight.host(follower).suspend(GROUP);
            List<String> proposed = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                tight.group(leader, GROUP)
                        .propose(ByteBuffer.wrap(new byte[60 * KIB]))
                        .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                        .join();
                proposed.add("bytes:" + 60 * KIB);
            }
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(tight.group(leader, GROUP).followersInStep())
                            .doesNotContain(Hosts.peerId(follower)));

            tight.host(follower).resume(GROUP);

            await().atMost(PATIENCE)
                    .untilAsserted(() ->
                            assertThat(tight.state(follower, GROUP).entries()).isEqualTo(proposed));
        }
    }

    private static RaftSettings ofBytesInFlight(RaftSettings settings, int bytes) {
        RaftSettings.Transport usual = settings.transport();
        return settings.withTransport(new RaftSettings.Transport(
                usual.kind(),
                usual.realm(),
                usual.appendsInFlightMax(),
                bytes,
                bytes,
                usual.silenceMax(),
                usual.threads(),
                usual.tls(),
                usual.links()));
    }

    @Test
    void shouldNotCountAFollowerAsInStepThatHasEndedLongBeforeItIsSilent(@TempDir Path directory) throws IOException {
        Duration silence = Duration.ofMinutes(1);
        try (Hosts patient = Hosts.start(
                3, directory, settings -> own(settings).withElectionTimeout(silence.dividedBy(2), silence))) {
            patient.create(GROUP);
            int leader = patient.awaitLeader(GROUP);
            int ended = leader % 3 + 1;
            int other = 6 - leader - ended;
            await().atMost(PATIENCE)
                    .until(() -> patient.group(leader, GROUP).followersInStep().size() == 2);

            patient.stop(ended);

            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(patient.group(leader, GROUP).followersInStep())
                            .containsExactly(Hosts.peerId(other)));
        }
    }

    @Test
    void shouldKeepWhatWasAcknowledgedWhenTheLeaderStops() throws IOException {
        int leader = hosts.awaitLeader(GROUP);
        List<String> proposed = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            proposed.add("before-" + i);
            hosts.propose(leader, GROUP, "before-" + i);
        }

        hosts.stop(leader);
        int next = hosts.awaitLeader(GROUP);
        hosts.propose(next, GROUP, "after");
        proposed.add("after");
        hosts.start(leader);

        assertThat(next).isNotEqualTo(leader);
        awaitEverywhere(proposed);
    }

    @Test
    void shouldDropWhatOnlyAFormerLeaderHad() throws IOException {
        int leader = hosts.awaitLeader(GROUP);
        List<String> proposed = new ArrayList<>();
        proposed.add("kept");
        hosts.propose(leader, GROUP, "kept");
        int second = leader % 3 + 1;
        int third = second % 3 + 1;
        awaitEverywhere(proposed);

        hosts.stop(second);
        hosts.stop(third);
        List<CompletableFuture<ByteBuffer>> lost = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            lost.add(hosts.group(leader, GROUP).propose(bytes("lost-" + i)));
        }
        hosts.stop(leader);
        hosts.start(second);
        hosts.start(third);
        int next = hosts.awaitLeader(GROUP);
        for (int i = 0; i < 5; i++) {
            proposed.add("after-" + i);
            hosts.propose(next, GROUP, "after-" + i);
        }
        hosts.start(leader);

        awaitEverywhere(proposed);
        assertThat(lost).noneMatch(entry -> entry.isDone() && !entry.isCompletedExceptionally());
    }

    @Test
    void shouldHandLeadershipOver() {
        int leader = hosts.awaitLeader(GROUP);
        int target = leader % 3 + 1;
        hosts.propose(leader, GROUP, "a");

        hosts.group(leader, GROUP).transferLeadership(Hosts.peerId(target)).join();

        await().atMost(PATIENCE)
                .until(() -> hosts.group(target, GROUP).leadership().ready());
        assertThat(hosts.propose(target, GROUP, "b")).isEqualTo("1");
    }

    @Test
    void shouldPassTheReadBarrierOfTheLeader() {
        int leader = hosts.awaitLeader(GROUP);
        hosts.propose(leader, GROUP, "a");

        CompletableFuture<Void> barrier = hosts.group(leader, GROUP).readBarrier();

        assertThat(barrier).succeedsWithin(PATIENCE);
        assertThat(hosts.state(leader, GROUP).entries()).containsExactly("a");
    }

    @Test
    void shouldServeManyGroupsOverTheSameConnections() throws IOException {
        List<GroupId> groups = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            GroupId group = new GroupId(new UUID(2, i));
            groups.add(group);
            hosts.create(group);
        }

        for (GroupId group : groups) {
            int leader = hosts.awaitLeader(group);
            assertThat(hosts.group(leader, group).propose(bytes("x"))).succeedsWithin(PATIENCE);
        }
    }
}
