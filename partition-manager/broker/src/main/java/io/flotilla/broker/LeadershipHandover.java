package io.flotilla.broker;

import io.flotilla.metadata.BrokerRegistration;
import io.flotilla.metadata.MetadataImage;
import io.flotilla.metadata.PartitionAssignment;
import io.flotilla.raftlog.partition.Partition;
import io.flotilla.raftlog.raft.Leadership;
import io.flotilla.raftlog.raft.PeerId;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives the leaderships of a broker that is about to stop to others, so that clients wait for no election. A bounded number
 * of them is under way at one time, in the order in which they were added, and each is tried with one follower after the
 * other, of those that are in step; where there is none it stays, at once: a follower that has ended or is far behind would
 * not take it however long it was waited for.
 */
final class LeadershipHandover {
    private static final Logger LOG = LoggerFactory.getLogger(LeadershipHandover.class);

    private final int atOnceMax;
    private final Queue<Supplier<CompletableFuture<Void>>> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicInteger done = new AtomicInteger();

    /** @param atOnceMax leaderships that are handed over at one time; 1 or more */
    LeadershipHandover(int atOnceMax) {
        this.atOnceMax = atOnceMax;
    }

    void addPartitions(Collection<Partition> replicas, MetadataImage image) {
        for (Partition replica : replicas) {
            List<PeerId> peers = image.partition(replica.id())
                    .map(PartitionAssignment::replicas)
                    .orElse(List.of());
            add(
                    replica.id().toString(),
                    replica.leadership(),
                    () -> successors(peers, replica.followersInStep(), isInService(image)),
                    replica::transferLeadership);
        }
    }

    /** Whether leaderships may stay with a peer: it has not been fenced, and does not leave. */
    static Predicate<PeerId> isInService(MetadataImage image) {
        return peer -> image.brokerOf(peer)
                .map(BrokerRegistration::status)
                .filter(status -> status.isInService())
                .isPresent();
    }

    /** Followers that can take a leadership over, in the order of the members, those first that may keep it. */
    static List<PeerId> successors(List<PeerId> members, Set<PeerId> inStep, Predicate<PeerId> inService) {
        List<PeerId> able = members.stream().filter(inStep::contains).toList();
        return Stream.concat(able.stream().filter(inService), able.stream().filter(inService.negate()))
                .toList();
    }

    /**
     * Has {@link #run} hand a leadership over, if this broker has it.
     *
     * @param successors asked anew after a failure: followers that can take it, the best first
     */
    void add(
            String group,
            Leadership leadership,
            Supplier<List<PeerId>> successors,
            Function<PeerId, CompletableFuture<Void>> transfer) {
        if (leadership.isLeader()) {
            waiting.add(() -> handOver(group, successors, transfer, new HashSet<>()));
        }
    }

    private CompletableFuture<Void> handOver(
            String group,
            Supplier<List<PeerId>> successors,
            Function<PeerId, CompletableFuture<Void>> transfer,
            Set<PeerId> tried) {
        Optional<PeerId> target =
                successors.get().stream().filter(peer -> !tried.contains(peer)).findFirst();
        if (target.isEmpty()) {
            LOG.info("leadership stays, no follower in step takes it group={} tried={}", group, tried);
            return CompletableFuture.completedFuture(null);
        }
        tried.add(target.get());
        return transfer.apply(target.get()).thenRun(done::incrementAndGet).exceptionallyCompose(failure -> {
            LOG.info("leadership not taken group={} target={} reason={}", group, target.get(), failure.toString());
            return handOver(group, successors, transfer, tried);
        });
    }

    /**
     * Hands over what was added.
     *
     * @param atMost after which nothing more is begun, and nothing waited for
     */
    void run(Duration atMost) {
        int all = waiting.size();
        if (all == 0) {
            return;
        }
        try {
            CompletableFuture.allOf(Stream.generate(this::next)
                            .limit(Math.min(atOnceMax, all))
                            .toArray(CompletableFuture[]::new))
                    .get(atMost.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            LOG.warn("not every leadership was handed over in time limit={} not begun={}", atMost, waiting.size());
        } catch (ExecutionException impossible) {
            throw new IllegalStateException("a transfer's failure was handled before", impossible);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        waiting.clear();
        LOG.info("handed leaderships over count={} of={}", done.get(), all);
    }

    /** Hands over the one that has waited longest, and then the next, until none waits. */
    private CompletableFuture<Void> next() {
        Supplier<CompletableFuture<Void>> longest = waiting.poll();
        // Not on this stack: thousands may end at once.
        return longest == null
                ? CompletableFuture.completedFuture(null)
                : longest.get().thenComposeAsync(ended -> next());
    }

    /** Leaderships that others have taken so far. */
    int taken() {
        return done.get();
    }
}
