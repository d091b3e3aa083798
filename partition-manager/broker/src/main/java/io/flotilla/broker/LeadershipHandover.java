package io.flotilla.broker;

import io.flotilla.metadata.MetadataImage;
import io.flotilla.metadata.PartitionAssignment;
import io.flotilla.raftlog.partition.Partition;
import io.flotilla.raftlog.raft.Leadership;
import io.flotilla.raftlog.raft.PeerId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives the leaderships of a broker that is about to stop to others, so that clients wait for no election. Each is
 * tried once, all at the same time.
 */
final class LeadershipHandover {
    private static final Logger LOG = LoggerFactory.getLogger(LeadershipHandover.class);

    private final PeerId self;
    private final List<CompletableFuture<Void>> transfers = new ArrayList<>();
    private final AtomicInteger done = new AtomicInteger();

    LeadershipHandover(PeerId self) {
        this.self = self;
    }

    void addPartitions(Collection<Partition> replicas, MetadataImage image) {
        for (Partition replica : replicas) {
            List<PeerId> peers = image.partition(replica.id())
                    .map(PartitionAssignment::replicas)
                    .orElse(List.of());
            add(replica.id().toString(), replica.leadership(), peers, replica::transferLeadership);
        }
    }

    /** Begins to hand a leadership over, if this broker has it and there is another member. */
    void add(
            String group,
            Leadership leadership,
            List<PeerId> members,
            Function<PeerId, CompletableFuture<Void>> transfer) {
        if (!leadership.isLeader()) {
            return;
        }
        members.stream()
                .filter(member -> !member.equals(self))
                .findFirst()
                .ifPresent(target -> transfers.add(transfer.apply(target).handle((nothing, failure) -> {
                    if (failure == null) {
                        done.incrementAndGet();
                    } else {
                        LOG.info("leadership stays group={} target={} reason={}", group, target, failure.toString());
                    }
                    return null;
                })));
    }

    /** Waits for the answers of all. */
    void await(Duration atMost) {
        if (transfers.isEmpty()) {
            return;
        }
        try {
            CompletableFuture.allOf(transfers.toArray(CompletableFuture[]::new))
                    .get(atMost.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            LOG.warn("not every leadership was handed over in time limit={}", atMost);
        } catch (ExecutionException impossible) {
            throw new IllegalStateException("a transfer's failure was handled before", impossible);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        LOG.info("handed leaderships over count={} of={}", done.get(), transfers.size());
    }
}
