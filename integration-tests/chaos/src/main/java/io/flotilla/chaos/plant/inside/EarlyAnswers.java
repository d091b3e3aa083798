package io.flotilla.chaos.plant.inside;

import io.flotilla.protocol.record.RecordBatch;
import io.flotilla.raftlog.partition.AppendResult;
import io.flotilla.raftlog.partition.Partition;
import io.flotilla.raftlog.partition.PartitionId;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Answers appends before they are committed, with offsets foretold: those that follow if nothing else comes, and nothing is
 * lost.
 *
 * <p>Threading: safe.
 */
public class EarlyAnswers extends Counting {
    private static final Map<PartitionId, Forecast> FORECASTS = new ConcurrentHashMap<>();

    /** What comes next in a partition in the present term. */
    private static final class Forecast {
        private long term = -1;
        private long next;
        private int waiting;

        /** Foretells the place of so many records, whose real answer will come by the future. */
        synchronized long place(Partition replica, int records, CompletableFuture<AppendResult> real) {
            long now = replica.leadership().term();
            if (now != term || waiting == 0) {
                term = now;
                waiting = 0;
                next = replica.highWatermark();
            }
            long offset = next;
            next += records;
            waiting++;
            CompletableFuture<AppendResult> unused = real.whenComplete((answer, failure) -> answered(now));
            return offset;
        }

        private synchronized void answered(long of) {
            if (of == term && waiting > 0) {
                waiting--;
            }
        }
    }

    /** The answer to give instead of the one that will come; an append that was refused at once stays refused. */
    public CompletableFuture<AppendResult> answer(
            Object replica, ByteBuffer batch, CompletableFuture<AppendResult> real) {
        if (real.isDone()) {
            return real;
        }
        hit("P1-answer");
        Partition partition = (Partition) replica;
        int records = RecordBatch.at(batch, batch.position()).lastOffsetDelta() + 1;
        long offset =
                FORECASTS.computeIfAbsent(partition.id(), id -> new Forecast()).place(partition, records, real);
        return CompletableFuture.completedFuture(new AppendResult(
                offset, offset + records - 1, (int) partition.leadership().term(), false, System.currentTimeMillis()));
    }
}
