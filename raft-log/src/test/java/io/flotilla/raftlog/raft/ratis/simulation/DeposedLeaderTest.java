package io.flotilla.raftlog.raft.ratis.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flotilla.raftlog.raft.GroupId;
import io.flotilla.raftlog.raft.ReplicatedGroup;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A leader that does not know yet that the others have another one. */
class DeposedLeaderTest {
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

    /** Reads that were confirmed before it was cut off confirm none that come later. */
    @Test
    void shouldConfirmNoReadOnceAnotherHasCommitted() {
        int old = await().atMost(PATIENCE)
                .until(group::readyLeader, Optional::isPresent)
                .orElseThrow();
        ReplicatedGroup deposed = group.member(old).orElseThrow();
        deposed.propose(ByteBuffer.allocate(16)).join();
        await().during(Duration.ofSeconds(1)) // some of them without a lease, so by heartbeats
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(10))
                .until(() -> {
                    deposed.readBarrier().join();
                    return true;
                });

        for (int node : SimulatedGroup.nodes()) {
            group.set(old, node, Faults.CUT);
            group.set(node, old, Faults.CUT);
        }
        int next = await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(1))
                .until(
                        () -> group.leaders().stream()
                                .filter(leader -> leader != old)
                                .findFirst(),
                        Optional::isPresent)
                .orElseThrow();
        await().atMost(PATIENCE)
                .until(() -> group.member(next).orElseThrow().leadership().ready());
        group.member(next).orElseThrow().propose(ByteBuffer.allocate(16)).join();

        List<CompletableFuture<Void>> late = new ArrayList<>();
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(1)).until(() -> {
            late.add(deposed.readBarrier());
            return !deposed.leadership().isLeader();
        });
        assertThat(late).hasSizeGreaterThan(1);
        assertThat(late).allSatisfy(read -> assertThat(read).failsWithin(PATIENCE));
    }
}
