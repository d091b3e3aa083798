package io.flotilla.raftlog.raft.ratis.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flotilla.raftlog.raft.GroupId;
import io.flotilla.raftlog.raft.Peer;
import io.flotilla.raftlog.raft.ReplicatedGroup;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A peer that is to be a voter and falls silent before it is one. */
class SilentVoterTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private Fleet fleet;
    private SimulatedGroup group;

    @BeforeEach
    void start(@TempDir Path directory) throws IOException {
        fleet = Fleet.start(1, directory);
        group = fleet.create(new GroupId(new UUID(1, 1)));
    }

    @AfterEach
    void close() throws IOException {
        fleet.close();
        group.safety().check();
    }

    /** Without a pause between entries Ratis does not look by itself how new voters are. */
    @Test
    void shouldBeGivenUpWhileEntriesComeWithoutAPause() throws IOException {
        int leader = await().atMost(PATIENCE)
                .until(group::readyLeader, leading -> leading.isPresent())
                .orElseThrow();
        int silent = leader % Fleet.NODES + 1;
        ReplicatedGroup member = group.member(leader).orElseThrow();
        List<Peer> all = member.peers();
        List<Peer> rest = all.stream()
                .filter(peer -> !peer.id().equals(Fleet.peerId(silent)))
                .toList();
        assertThat(member.changePeers(all, rest)).succeedsWithin(PATIENCE);
        group.suspend(silent);

        CompletableFuture<Void> back = member.changePeers(rest, all);

        await().atMost(PATIENCE)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .until(() -> {
                    member.propose(ByteBuffer.allocate(16)).join();
                    return back.isDone();
                });
        assertThat(back).isCompletedExceptionally();
        assertThat(member.changePeers(rest, rest)).succeedsWithin(PATIENCE);
    }
}
