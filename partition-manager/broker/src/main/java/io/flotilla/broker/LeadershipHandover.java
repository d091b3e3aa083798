package io.flotilla.broker;

import io.flotilla.manager.ClusterMetadata;
import io.flotilla.metadata.PartitionAssignment;
import io.flotilla.raftlog.partition.Partition;
import io.flotilla.raftlog.raft.PeerId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives the leaderships of a broker that is about to stop to others, so that clients wait for no election. */
final class LeadershipHandover {
    private static final Logger LOG = LoggerFactory.getLogger(LeadershipHandover.class);

    private LeadershipHandover() {}

    /** Tries once for each partition, all at the same time, and waits for them together. */
    static void run(Collection<Partition> replicas, ClusterMetadata metadata, PeerId self, Duration atMost) {
        List<CompletableFuture<Void>> transfers = new ArrayList<>();
        for (Partition replica : replicas) {
            if (replica.leadership().isLeader()) {
                metadata.image().partition(replica.id()).stream()
                        .map(PartitionAssignment::replicas)
                        .flatMap(List::stream)
                        .filter(peer -> !peer.equals(self))
                        .findFirst()
                        .ifPresent(target ->
                                transfers.add(replica.transferLeadership(target).exceptionally(failure -> {
                                    LOG.info(
                                            "leadership stays partition={} target={} reason={}",
                                            replica.id(),
                                            target,
                                            String.valueOf(failure.getMessage()));
                                    return null;
                                })));
            }
        }
        if (!transfers.isEmpty()) {
            await(transfers, atMost);
        }
    }

    private static void await(List<CompletableFuture<Void>> transfers, Duration atMost) {
        try {
            CompletableFuture.allOf(transfers.toArray(CompletableFuture[]::new))
                    .get(atMost.toMillis(), TimeUnit.MILLISECONDS);
            LOG.info("handed leaderships over count={}", transfers.size());
        } catch (TimeoutException late) {
            LOG.warn("not every leadership was handed over in time limit={}", atMost);
        } catch (ExecutionException impossible) {
            throw new IllegalStateException("a transfer's failure was handled before", impossible);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
