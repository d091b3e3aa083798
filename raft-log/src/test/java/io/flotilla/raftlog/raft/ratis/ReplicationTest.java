package io.flotilla.raftlog.raft.ratis;

import static io.flotilla.raftlog.raft.ratis.Hosts.PATIENCE;
import static io.flotilla.raftlog.raft.ratis.Hosts.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flotilla.protocol.error.NotLeader;
import io.flotilla.raftlog.raft.GroupId;
import io.flotilla.raftlog.raft.Leadership;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplicationTest {
    private static final GroupId GROUP = new GroupId(new UUID(1, 1));

    private Hosts hosts;

    @BeforeEach
    void start(@TempDir Path directory) throws IOException {
        hosts = Hosts.start(3, directory);
        hosts.create(GROUP);
    }

    @AfterEach
    void stop() throws IOException {
        hosts.close();
    }

    @Test
    void shouldApplyTheSameEntriesInTheSameOrderEverywhere() {
        int leader = hosts.awaitLeader(GROUP);

        List<CompletableFuture<ByteBuffer>> answers = new ArrayList<>();
        List<String> proposed = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            proposed.add("entry-" + i);
            answers.add(hosts.group(leader, GROUP).propose(bytes("entry-" + i)));
        }

        for (int i = 0; i < 200; i++) {
            assertThat(Hosts.text(answers.get(i).join())).isEqualTo(Integer.toString(i));
        }
        for (int node = 1; node <= 3; node++) {
            ListState state = hosts.state(node, GROUP);
            await().atMost(PATIENCE).until(() -> state.entries().equals(proposed));
        }
        assertThat(hosts.group(leader, GROUP).peers()).containsExactlyInAnyOrderElementsOf(hosts.peers());
    }

    @Test
    void shouldNameTheLeaderToWhoeverAsksAnotherMember() {
        int leader = hosts.awaitLeader(GROUP);
        int follower = leader % 3 + 1;
        await().atMost(PATIENCE)
                .until(() -> hosts.group(follower, GROUP).leadership().leader().isPresent());

        CompletableFuture<ByteBuffer> proposal = hosts.group(follower, GROUP).propose(bytes("x"));
        CompletableFuture<Void> barrier = hosts.group(follower, GROUP).readBarrier();

        assertThat(proposal)
                .failsWithin(PATIENCE)
                .withThrowableThat()
                .havingCause()
                .isInstanceOfSatisfying(NotLeader.class, error -> assertThat(error.leaderBrokerId())
                        .contains(leader));
        assertThat(barrier).failsWithin(PATIENCE).withThrowableThat().withCauseInstanceOf(NotLeader.class);
    }

    @Test
    void shouldKeepWhatWasAcknowledgedWhenTheLeaderStops() throws IOException {
        int leader = hosts.awaitLeader(GROUP);
        List<String> acknowledged = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            hosts.propose(leader, GROUP, "before-" + i);
            acknowledged.add("before-" + i);
        }

        hosts.stop(leader);
        int next = hosts.awaitLeader(GROUP);
        hosts.propose(next, GROUP, "after");
        acknowledged.add("after");

        assertThat(next).isNotEqualTo(leader);
        assertThat(hosts.state(next, GROUP).entries()).isEqualTo(acknowledged);
        assertThat(hosts.state(leader, GROUP).failure()).isNull();
        assertThat(hosts.group(leader, GROUP).leadership().role()).isEqualTo(Leadership.Role.STOPPED);

        hosts.start(leader);
        ListState restarted = hosts.state(leader, GROUP);
        await().atMost(PATIENCE).until(() -> restarted.entries().equals(acknowledged));
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
        assertThat(hosts.state(target, GROUP).leaderships())
                .anySatisfy(seen -> assertThat(seen.ready()).isTrue());
    }

    @Test
    void shouldPassTheReadBarrierOnceTheLeaderHasAppliedWhatWasAcknowledged() {
        int leader = hosts.awaitLeader(GROUP);
        hosts.propose(leader, GROUP, "a");

        CompletableFuture<Void> barrier = hosts.group(leader, GROUP).readBarrier();

        assertThat(barrier).succeedsWithin(PATIENCE);
        assertThat(hosts.state(leader, GROUP).entries()).containsExactly("a");
    }
}
