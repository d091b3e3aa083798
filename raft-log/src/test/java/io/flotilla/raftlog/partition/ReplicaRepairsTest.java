package io.flotilla.raftlog.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.raftlog.catchup.CatchUpSettings;
import io.flotilla.raftlog.catchup.ReplicaFetcher;
import io.flotilla.raftlog.catchup.ReplicaSource;
import io.flotilla.raftlog.index.DamagedIndex;
import io.flotilla.raftlog.raft.PeerChanges;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplicaRepairsTest {
    private static final int REPLICAS = 12; // more than attempts at one time

    private final Map<PartitionId, PartitionReplica> replicas = new HashMap<>();

    @Test
    void shouldLeaveReplicasAloneThatWereHelpedWhileTheyWaited(@TempDir Path folder) throws IOException {
        var renewing = new CountDownLatch(1);
        var renewals = new AtomicInteger();
        List<PartitionReplica> failed = failedByTheIndex();
        ReplicaRepairs.Owner owner = new ReplicaRepairs.Owner() {
            @Override
            public void reopen(PartitionId id) {
                throw new AssertionError("opened again: " + id);
            }

            @Override
            public void renewIndex(PartitionReplica found) throws IOException {
                renewals.incrementAndGet();
                try {
                    renewing.await();
                } catch (InterruptedException interrupted) {
                    throw new IOException(interrupted);
                }
            }
        };
        FakeRaftHost raft = new FakeRaftHost(group -> Optional.empty());
        try (var fetcher = new ReplicaFetcher(ReplicaSource.NONE, CatchUpSettings.DEFAULT);
                var repairs =
                        new ReplicaRepairs(ReplicaFolders.open(folder), fetcher, replicas::get, owner, new Object())) {
            repairs.attach(raft, PeerChanges.NONE);
            failed.forEach(repairs::look);
            failed.forEach(PartitionReplica::resuming); // as when the index was renewed
            renewing.countDown();

            Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> failed.stream()
                    .noneMatch(repairs::isUnderWay));

            assertThat(renewals.get()).isBetween(0, REPLICAS - 1);
            assertThat(raft.suspended()).isEmpty();
        }
    }

    private List<PartitionReplica> failedByTheIndex() {
        List<PartitionReplica> failed = new ArrayList<>();
        for (int number = 0; number < REPLICAS; number++) {
            PartitionId id = new PartitionId(new UUID(5, 5), number);
            var replica =
                    new PartitionReplica(id, 0, PartitionSettings.DEFAULT, StorageSettings.DEFAULT, Clock.systemUTC());
            replica.failed(new IOException("read failed", new DamagedIndex("block checksum", new IOException())));
            replicas.put(id, replica);
            failed.add(replica);
        }
        return failed;
    }
}
