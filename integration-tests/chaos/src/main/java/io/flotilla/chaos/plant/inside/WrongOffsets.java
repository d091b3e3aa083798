package io.flotilla.chaos.plant.inside;

import io.flotilla.raftlog.partition.AppendResult;
import io.flotilla.raftlog.partition.Partition;
import io.flotilla.raftlog.partition.PartitionId;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Tells the wrong offset to the first producers that a leader serves, unless it is its partition's first leader.
 *
 * <p>Threading: safe.
 */
public class WrongOffsets extends Counting {
    /** Appends of one leader that are answered wrongly. */
    private static final int ANSWERS = 10;

    private static final Map<Leader, AtomicInteger> ANSWERED = new ConcurrentHashMap<>();

    private record Leader(PartitionId partition, long term) {}

    /** The answer to give instead of the one that comes. */
    public CompletableFuture<AppendResult> answer(Object replica, CompletableFuture<AppendResult> real) {
        Partition partition = (Partition) replica;
        return real.thenApply(right -> {
            Leader leader = new Leader(partition.id(), right.leaderEpoch());
            boolean first =
                    ANSWERED.computeIfAbsent(leader, any -> new AtomicInteger()).getAndIncrement() < ANSWERS;
            if (leader.term() <= 1 || !first) {
                return right;
            }
            hit("P6-answer");
            return new AppendResult(
                    right.baseOffset() + 1,
                    right.lastOffset() + 1,
                    right.leaderEpoch(),
                    right.duplicate(),
                    right.appendTimeMillis());
        });
    }
}
