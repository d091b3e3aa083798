package io.flotilla.broker.produce;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.flotilla.manager.ClusterMetadata;
import io.flotilla.metadata.MetadataCommand.AllocateProducerIds;
import io.flotilla.metadata.Outcome;
import io.flotilla.metadata.Result.ProducerIdsAllocated;
import io.flotilla.protocol.error.ErrorCode;
import io.flotilla.protocol.error.Refused;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Hands out producer ids, unique over the cluster, from blocks it reserves in the metadata.
 *
 * <p>Threading: every method may be called by any thread.
 */
public final class ProducerIds {
    /** Ids reserved at a time: one metadata entry per this many producers, and as many lost when the broker stops. */
    private static final int BLOCK_IDS = 1_000;

    /** Callers that may wait for a block; more are refused. */
    private static final int WAITING_MAX = 10_000;

    private final ClusterMetadata metadata;

    @GuardedBy("this")
    private long next;

    @GuardedBy("this")
    private long end;

    @GuardedBy("this")
    private boolean reserving;

    @GuardedBy("this")
    private final Queue<CompletableFuture<Long>> waiting = new ArrayDeque<>();

    public ProducerIds(ClusterMetadata metadata) {
        this.metadata = metadata;
    }

    /** Fails with a retriable {@code LogException} if no block could be reserved. */
    public CompletableFuture<Long> next() {
        CompletableFuture<Long> id = new CompletableFuture<>();
        synchronized (this) {
            if (next < end) {
                return CompletableFuture.completedFuture(next++);
            }
            if (waiting.size() >= WAITING_MAX) {
                return CompletableFuture.failedFuture(new Refused(
                        ErrorCode.OVERLOADED, waiting.size() + " producers already wait for an id; retry later"));
            }
            waiting.add(id);
            if (reserving) {
                return id;
            }
            reserving = true;
        }
        reserve();
        return id;
    }

    private void reserve() {
        // The result is handled in whenComplete, whose own future can only fail by a bug in handing ids out.
        var unused = metadata.submit(new AllocateProducerIds(BLOCK_IDS)).whenComplete(this::reserved);
    }

    private void reserved(@Nullable Outcome outcome, @Nullable Throwable failure) {
        if (outcome == null || failure != null) {
            fail(failure == null ? new IllegalStateException("no outcome") : failure);
            return;
        }
        try {
            handOut(outcome.resultAs(ProducerIdsAllocated.class));
        } catch (Refused refused) {
            fail(refused);
        }
    }

    private void handOut(ProducerIdsAllocated block) {
        List<Runnable> answers = new ArrayList<>();
        boolean again;
        synchronized (this) {
            next = block.first();
            end = block.first() + block.count();
            while (next < end && !waiting.isEmpty()) {
                CompletableFuture<Long> caller = waiting.remove();
                long id = next++;
                answers.add(() -> caller.complete(id));
            }
            again = !waiting.isEmpty();
            reserving = again;
        }
        answers.forEach(Runnable::run);
        if (again) {
            reserve();
        }
    }

    private void fail(Throwable failure) {
        List<CompletableFuture<Long>> callers;
        synchronized (this) {
            reserving = false;
            callers = List.copyOf(waiting);
            waiting.clear();
        }
        callers.forEach(caller -> caller.completeExceptionally(failure));
    }
}
