package io.flotilla.client.producer;

import io.flotilla.client.ProducerSettings;
import io.flotilla.client.TopicPartition;
import io.flotilla.protocol.error.ErrorCode;
import io.flotilla.protocol.error.LogException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One partition's batches between {@code send} and their answer: in the accumulator, in the window, or handed back by
 * it. Every batch that leaves is settled, once.
 *
 * <p>Threading: confined to the producer's sender thread. Time is passed in.
 */
final class Outbox {
    private static final Logger LOG = LoggerFactory.getLogger(Outbox.class);

    private final TopicPartition partition;
    private final Accumulator accumulator;
    private final InFlightWindow<PendingBatch> window;
    private final long deliveryNanos;
    private final BatchEvents events;

    /** Batches that lost their sequence with an identity given up; they go before the accumulator's. */
    private final ArrayDeque<PendingBatch> handedBack = new ArrayDeque<>();

    /** The newest answer, if it was a refusal: why a batch that expires did not get further. */
    private @Nullable LogException lastRefusal;

    Outbox(TopicPartition partition, Accumulator accumulator, ProducerSettings settings, BatchEvents events) {
        this.partition = partition;
        this.accumulator = accumulator;
        this.window = new InFlightWindow<>(settings.inFlightBatches());
        this.deliveryNanos = settings.deliveryTimeout().toNanos();
        this.events = events;
    }

    /** What has a sequence. */
    InFlightWindow<PendingBatch> window() {
        return window;
    }

    /** Whether a batch could go now if there were an identity to number it. */
    boolean lacksIdentity(long nowNanos) {
        return window.needsIdentity() && hasReady(nowNanos);
    }

    /** Numbers what may go, as far as the window has room. */
    void fill(long nowNanos) {
        while (window.hasRoom()) {
            PendingBatch next =
                    handedBack.isEmpty() ? accumulator.pollReady(nowNanos).orElse(null) : handedBack.pollFirst();
            if (next == null) {
                return;
            }
            next.number(window.identity(), window.nextSequence());
            window.add(next, next.recordCount());
        }
    }

    /** Whether anything waits to be sent or answered. */
    boolean hasWork(long nowNanos) {
        return !window.isEmpty() || hasReady(nowNanos);
    }

    private boolean hasReady(long nowNanos) {
        return !handedBack.isEmpty()
                || accumulator.nextReadyNanos().filter(at -> at - nowNanos <= 0).isPresent();
    }

    /** Nanoseconds until a batch has lingered or expires; {@link Long#MAX_VALUE} if none will. */
    long nanosToNextDeadline(long nowNanos) {
        long next = Long.MAX_VALUE;
        if (window.needsIdentity() || window.hasRoom()) {
            // What is ready already waits for an answer or for a pause to end, not for the clock.
            next = accumulator
                    .nextReadyNanos()
                    .map(at -> at - nowNanos)
                    .filter(left -> left > 0)
                    .orElse(Long.MAX_VALUE);
        }
        next = Math.min(
                next, accumulator.oldestNanos().map(at -> expiry(at, nowNanos)).orElse(Long.MAX_VALUE));
        next = Math.min(
                next,
                window.oldest()
                        .map(batch -> expiry(batch.createdNanos(), nowNanos))
                        .orElse(Long.MAX_VALUE));
        PendingBatch back = handedBack.peekFirst();
        return back == null ? next : Math.min(next, expiry(back.createdNanos(), nowNanos));
    }

    private long expiry(long createdNanos, long nowNanos) {
        return Math.max(0, createdNanos + deliveryNanos - nowNanos);
    }

    void acknowledged(long correlationId, long baseOffset, int leaderEpoch, boolean duplicate) {
        lastRefusal = null;
        window.acknowledged(correlationId).ifPresent(batch -> {
            events.acknowledged(batch);
            batch.acknowledge(partition, baseOffset, leaderEpoch, duplicate);
        });
    }

    void rejected(long correlationId, LogException cause) {
        lastRefusal = cause;
        obey(window.rejected(correlationId, cause.code()), cause);
    }

    /**
     * Fails what is older than the delivery timeout.
     *
     * @param leader who should have taken it, for the message
     */
    void expire(long nowNanos, Supplier<String> leader) {
        long latest = nowNanos - deliveryNanos;
        InFlightWindow.Verdict<PendingBatch> verdict = window.expire(batch -> isOver(batch, latest));
        takeBack(verdict.handedBack());
        for (InFlightWindow.Failed<PendingBatch> failed : verdict.failed()) {
            fail(failed.batch(), late(Outcome.of(failed.outcomeUnknown()), leader));
        }
        for (PendingBatch batch : List.copyOf(handedBack)) {
            if (isOver(batch, latest)) {
                handedBack.remove(batch);
                fail(batch, late(Outcome.NOT_APPENDED, leader));
            }
        }
        Optional<PendingBatch> old = accumulator.pollOlderThan(latest);
        while (old.isPresent()) {
            fail(old.get(), late(Outcome.NOT_APPENDED, leader));
            old = accumulator.pollOlderThan(latest);
        }
    }

    private static boolean isOver(PendingBatch batch, long latestNanos) {
        return batch.createdNanos() - latestNanos <= 0;
    }

    private LogException late(Outcome outcome, Supplier<String> leader) {
        LogException refusal = lastRefusal;
        String message = partition + " did not acknowledge within the delivery timeout of " + deliveryNanos / 1_000_000
                + " ms; leader last known: " + leader.get();
        return refusal == null
                ? outcome.error(ErrorCode.TIMEOUT, message)
                : outcome.error(
                        ErrorCode.TIMEOUT,
                        message + "; last answer: " + refusal.code() + ", " + refusal.getMessage(),
                        refusal);
    }

    /** Fails everything; what is added later is not concerned. */
    void failAll(LogException cause) {
        obey(window.expire(batch -> true), cause);
        List<PendingBatch> unnumbered = new ArrayList<>(handedBack);
        handedBack.clear();
        unnumbered.addAll(accumulator.drain());
        for (PendingBatch batch : unnumbered) {
            fail(batch, because(cause, Outcome.NOT_APPENDED));
        }
    }

    private void obey(InFlightWindow.Verdict<PendingBatch> verdict, LogException cause) {
        takeBack(verdict.handedBack());
        for (InFlightWindow.Failed<PendingBatch> failed : verdict.failed()) {
            fail(failed.batch(), because(cause, Outcome.of(failed.outcomeUnknown())));
        }
        if (!verdict.handedBack().isEmpty() || !verdict.failed().isEmpty()) {
            LOG.info(
                    "sequence begins anew partition={} failed={} kept={} cause={}",
                    partition,
                    verdict.failed().size(),
                    verdict.handedBack().size(),
                    cause.code());
        }
    }

    private LogException because(LogException cause, Outcome outcome) {
        return outcome.error(cause.code(), partition + ": " + cause.getMessage(), cause);
    }

    private void takeBack(List<PendingBatch> batches) {
        for (int i = batches.size() - 1; i >= 0; i--) {
            handedBack.addFirst(batches.get(i));
        }
    }

    private void fail(PendingBatch batch, LogException failure) {
        events.failed(batch);
        batch.fail(failure);
    }
}
