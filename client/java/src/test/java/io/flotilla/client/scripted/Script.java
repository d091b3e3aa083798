package io.flotilla.client.scripted;

import io.flotilla.protocol.error.ErrorCode;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** What goes wrong, in the order of the batches that arrive at any broker. Threading: safe. */
public final class Script {
    /** What to do with one batch. */
    public sealed interface Step {}

    /** Appends and acknowledges it. */
    public record Serve() implements Step {}

    /** Rejects it. */
    public record Reject(ErrorCode code) implements Step {}

    /** Appends it, and breaks the stream instead of answering. */
    public record AppendThenBreak() implements Step {}

    /** Breaks the stream before it is appended. */
    public record Break() implements Step {}

    /** Appends it, and says that the outcome is unknown. */
    public record AppendThenTimeOut() implements Step {}

    /** Neither appends nor answers it. */
    public record Ignore() implements Step {}

    /** Asks the client to leave instead. */
    public record SendGoAway() implements Step {}

    private final ConcurrentLinkedQueue<Step> steps = new ConcurrentLinkedQueue<>();
    private final AtomicInteger batches = new AtomicInteger();
    private volatile Optional<ErrorCode> rejectAll = Optional.empty();

    /** The next batches meet these steps; those behind are served. */
    public Script then(Step... next) {
        for (Step step : next) {
            steps.add(step);
        }
        return this;
    }

    /** Rejects every batch until {@link #serveAgain}. */
    public void rejectEverything(ErrorCode code) {
        rejectAll = Optional.of(code);
    }

    public void serveAgain() {
        rejectAll = Optional.empty();
    }

    /** Batches that arrived so far, all attempts counted. */
    public int batchesArrived() {
        return batches.get();
    }

    Step next() {
        batches.incrementAndGet();
        if (rejectAll.isPresent()) {
            return new Reject(rejectAll.get());
        }
        Step step = steps.poll();
        return step == null ? new Serve() : step;
    }
}
