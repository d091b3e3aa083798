package io.flotilla.raftlog.raft.ratis;

import static io.flotilla.raftlog.raft.ratis.Hosts.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flotilla.raftlog.raft.GroupId;
import io.flotilla.raftlog.raft.GroupProgress;
import io.flotilla.raftlog.raft.GroupProgress.Follower;
import io.flotilla.raftlog.raft.Leadership;
import io.flotilla.raftlog.raft.RaftObserver;
import io.flotilla.raftlog.raft.RaftSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ObservedHostTest {
    private static final GroupId GROUP = new GroupId(new UUID(1, 1));

    private final Path directory;

    ObservedHostTest(@TempDir Path directory) {
        this.directory = directory;
    }

    private static final class Counts implements RaftObserver {
        private final AtomicLong flushes = new AtomicLong();
        private final AtomicLong nanos = new AtomicLong();
        private final AtomicLong elections = new AtomicLong();
        private final Set<String> refusals = ConcurrentHashMap.newKeySet();

        @Override
        public void refused(String reason) {
            refusals.add(reason);
        }

        @Override
        public void logFlushed(long took) {
            flushes.incrementAndGet();
            nanos.addAndGet(took);
        }

        @Override
        public void leadershipChanged(Leadership before, Leadership now) {
            if (now.isLeader() && !before.isLeader()) {
                elections.incrementAndGet();
            }
        }
    }

    @Test
    void shouldTellOfFlushesAndLeaderships() throws IOException {
        Counts counts = new Counts();
        RaftSettings settings = RaftSettings.in(directory.resolve("raft")).withAddress("127.0.0.1", "127.0.0.1", 0);
        try (RatisHost host = RatisHost.open(
                settings, Hosts.peerId(1), group -> Optional.of(new ListState(directory.resolve("state"))), counts)) {
            host.start();
            var group = host.create(GROUP, List.of(host.peer()));
            await().atMost(PATIENCE).until(() -> group.leadership().ready());
            long before = counts.flushes.get();

            group.propose(Hosts.bytes("entry")).join();

            await().atMost(PATIENCE).until(() -> counts.flushes.get() > before);
            assertThat(counts.nanos.get()).isPositive();
            await().atMost(PATIENCE).until(() -> counts.elections.get() == 1);
        }
    }

    @Test
    void shouldTellOfStrangersOnItsPort() throws IOException {
        Counts counts = new Counts();
        RaftSettings settings = RaftSettings.in(directory.resolve("raft")).withAddress("127.0.0.1", "127.0.0.1", 0);
        try (RatisHost host = RatisHost.open(settings, Hosts.peerId(1), group -> Optional.empty(), counts)) {
            host.start();

            try (Socket stranger =
                    new Socket(InetAddress.getLoopbackAddress(), host.peer().port())) {
                stranger.getOutputStream().write("no frame of ours ".repeat(20).getBytes(StandardCharsets.US_ASCII));

                await().atMost(PATIENCE)
                        .untilAsserted(() -> assertThat(counts.refusals).containsExactly("malformed"));
            }
            assertThat(RatisHost.refusalReasons()).contains("malformed", "wrong_certificate");
        }
    }

    @Test
    void shouldTellHowFarEveryMemberIs() throws IOException {
        try (Hosts hosts = Hosts.start(3, directory)) {
            hosts.create(GROUP);
            int leader = hosts.awaitLeader(GROUP);
            int gone = leader % 3 + 1;
            hosts.propose(leader, GROUP, "first");
            await().atMost(PATIENCE).until(() -> followers(hosts, leader).stream()
                    .allMatch(follower ->
                            follower.matchIndex() == progress(hosts, leader).lastIndex()));
            assertThat(progress(hosts, leader).applyLag()).isZero();
            assertThat(progress(hosts, gone).followers()).isEmpty();

            hosts.stop(gone);
            hosts.propose(leader, GROUP, "second");

            await().atMost(PATIENCE).untilAsserted(() -> assertThat(followers(hosts, leader))
                    .hasSize(2)
                    .filteredOn(follower -> follower.silence().compareTo(Duration.ofSeconds(2)) > 0)
                    .singleElement()
                    .satisfies(silent -> {
                        assertThat(silent.peer()).isEqualTo(Hosts.peerId(gone));
                        assertThat(progress(hosts, leader).lagOf(silent)).isPositive();
                    }));
            assertThat(hosts.host(gone).group(GROUP).flatMap(member -> member.progress()))
                    .isEmpty();
        }
    }

    private static GroupProgress progress(Hosts hosts, int node) {
        return hosts.group(node, GROUP).progress().orElseThrow();
    }

    private static List<Follower> followers(Hosts hosts, int leader) {
        return progress(hosts, leader).followers();
    }
}
