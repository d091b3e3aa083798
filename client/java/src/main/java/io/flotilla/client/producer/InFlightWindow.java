package io.flotilla.client.producer;

import io.flotilla.protocol.error.ErrorCode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The batches of one partition that carry a sequence number and are not yet settled, and the rules by which they are
 * sent, sent again and given up, so that the partition gets each once and in order.
 *
 * <ul>
 *   <li>A batch keeps its sequence over all attempts. The partition takes it only directly behind its predecessor, and
 *       answers one it already has as a duplicate.
 *   <li>After a retriable rejection nothing is sent until every batch on the stream is answered (those behind it are
 *       rejected as out of order); then all that remain go out again, in order. A lost stream answers all at once.
 *   <li>A batch that fails for good leaves a gap that no later one can cross, so the identity is given up: the window
 *       takes nothing new, and once it is empty it wants a fresh identity, whose sequences begin at 0. Batches behind
 *       the gap that are certainly not appended are handed back, to be numbered anew; those whose outcome is unknown are
 *       first tried to the end under the old identity, since numbering them anew could store them twice.
 * </ul>
 *
 * <p>Pure: no clock, thread or network. Confined to its owner's thread.
 */
final class InFlightWindow<B> {
    private final int batchesMax;
    private final ArrayDeque<Entry<B>> entries = new ArrayDeque<>();
    private final Map<Long, Entry<B>> outstanding = new HashMap<>();
    private @Nullable ProducerIdentity identity;
    private int nextSequence;
    private long nextNumber;
    private long nextCorrelationId = 1;
    private boolean rewinding;
    private boolean abandoning;

    /** A batch with its sequence. */
    static final class Entry<B> {
        private final B batch;
        private final int baseSequence;
        private final long number;
        private long correlationId = NOT_SENT;
        private boolean outcomeUnknown;

        private static final long NOT_SENT = -1;

        Entry(B batch, int baseSequence, long number) {
            this.batch = batch;
            this.baseSequence = baseSequence;
            this.number = number;
        }

        B batch() {
            return batch;
        }

        /** From 0 to 2^31 - 1; after that comes 0. */
        int baseSequence() {
            return baseSequence;
        }

        private boolean isOutstanding() {
            return correlationId != NOT_SENT;
        }
    }

    /** A batch given up; if {@code outcomeUnknown}, the partition may have it all the same. */
    record Failed<B>(B batch, boolean outcomeUnknown) {}

    /**
     * What a rejection or the end of a deadline means.
     *
     * @param failed   to report to their senders
     * @param handedBack certainly not appended: to be added again, in this order and before all others, under the next
     *     identity
     */
    record Verdict<B>(List<Failed<B>> failed, List<B> handedBack) {
        static <B> Verdict<B> keepTrying() {
            return new Verdict<>(List.of(), List.of());
        }
    }

    /**
     * @param batchesMax 1 to 5: a partition remembers the last five batches of each producer
     */
    InFlightWindow(int batchesMax) {
        this.batchesMax = batchesMax;
    }

    boolean needsIdentity() {
        return identity == null;
    }

    /** Numbers batches from 0 under this identity. */
    void begin(ProducerIdentity fresh) {
        if (identity != null || !entries.isEmpty()) {
            throw new IllegalStateException("the window still has an identity");
        }
        identity = fresh;
        nextSequence = 0;
    }

    /** The identity for the next batch. */
    ProducerIdentity identity() {
        if (identity == null) {
            throw new IllegalStateException("the window has no identity");
        }
        return identity;
    }

    int nextSequence() {
        return nextSequence;
    }

    boolean isEmpty() {
        return entries.isEmpty();
    }

    boolean hasRoom() {
        // Counted from the oldest, also over those acknowledged since: the partition must still remember it.
        return identity != null
                && !abandoning
                && (entries.isEmpty() || nextNumber - entries.getFirst().number < batchesMax);
    }

    /** Gives the next sequence to a batch built with it. */
    void add(B batch, int recordCount) {
        if (!hasRoom()) {
            throw new IllegalStateException("the window has no room");
        }
        entries.add(new Entry<>(batch, nextSequence, nextNumber++));
        nextSequence = (nextSequence + recordCount) & Integer.MAX_VALUE;
    }

    /** The first batch that is to go out now; empty while answers must be awaited first. */
    Optional<Entry<B>> nextToSend() {
        if (rewinding) {
            if (!outstanding.isEmpty()) {
                return Optional.empty();
            }
            rewinding = false;
        }
        for (Entry<B> entry : entries) {
            if (!entry.isOutstanding()) {
                return Optional.of(entry);
            }
        }
        return Optional.empty();
    }

    /** Notes that a batch goes out, and returns the correlation id to send with it. */
    long sent(Entry<B> entry) {
        entry.correlationId = nextCorrelationId++;
        outstanding.put(entry.correlationId, entry);
        return entry.correlationId;
    }

    /** Whether the broker owes an answer. */
    boolean awaitsAnswer() {
        return !outstanding.isEmpty();
    }

    /** The batch is appended; empty if it was given up before. */
    Optional<B> acknowledged(long correlationId) {
        Entry<B> entry = outstanding.remove(correlationId);
        if (entry == null) {
            return Optional.empty();
        }
        entry.correlationId = Entry.NOT_SENT;
        if (!entries.remove(entry)) {
            return Optional.empty();
        }
        giveUpIdentityIfDone();
        return Optional.of(entry.batch);
    }

    /** The batch was not taken, or, for some codes, perhaps it was. */
    Verdict<B> rejected(long correlationId, ErrorCode code) {
        Entry<B> entry = outstanding.remove(correlationId);
        if (entry == null) {
            return Verdict.keepTrying();
        }
        entry.correlationId = Entry.NOT_SENT;
        if (!entries.contains(entry)) {
            return Verdict.keepTrying();
        }
        boolean lostTrack = code == ErrorCode.OUT_OF_ORDER_SEQUENCE || code == ErrorCode.UNKNOWN_PRODUCER;
        if (code.retriable() || (lostTrack && entries.peekFirst() != entry)) {
            rewinding = true;
            entry.outcomeUnknown |= !lostTrack && leavesOutcomeOpen(code);
            return Verdict.keepTrying();
        }
        if (lostTrack && !entry.outcomeUnknown) {
            return handBackFrom(entry);
        }
        return giveUp(entry);
    }

    /** Nothing that was sent will be answered: all of it is to go out again. */
    void streamLost() {
        for (Entry<B> entry : outstanding.values()) {
            entry.correlationId = Entry.NOT_SENT;
            entry.outcomeUnknown = true;
        }
        outstanding.clear();
        rewinding = false;
    }

    /** Gives up the batches whose time is over. */
    Verdict<B> expire(Predicate<B> isOver) {
        List<Failed<B>> failed = new ArrayList<>();
        List<B> handedBack = new ArrayList<>();
        for (Entry<B> entry : List.copyOf(entries)) {
            if (entries.contains(entry) && isOver.test(entry.batch)) {
                entry.outcomeUnknown |= entry.isOutstanding();
                Verdict<B> verdict = giveUp(entry);
                failed.addAll(verdict.failed());
                handedBack.addAll(0, verdict.handedBack());
            }
        }
        return new Verdict<>(failed, handedBack);
    }

    /** The batch that has waited longest, and will be the first to expire. */
    Optional<B> oldest() {
        return Optional.ofNullable(entries.peekFirst()).map(Entry::batch);
    }

    private Verdict<B> giveUp(Entry<B> entry) {
        Failed<B> failed = new Failed<>(entry.batch, entry.outcomeUnknown);
        List<B> handedBack = entry.outcomeUnknown ? List.of() : removeBehind(entry);
        entries.remove(entry);
        abandoning = true;
        giveUpIdentityIfDone();
        return new Verdict<>(List.of(failed), handedBack);
    }

    /** The partition lost track of this producer before it appended the entry. */
    private Verdict<B> handBackFrom(Entry<B> entry) {
        List<B> handedBack = new ArrayList<>();
        handedBack.add(entry.batch);
        handedBack.addAll(removeBehind(entry));
        entries.remove(entry);
        abandoning = true;
        giveUpIdentityIfDone();
        return new Verdict<>(List.of(), handedBack);
    }

    /**
     * What lies behind a batch that is certainly not appended, and will never be, cannot be appended either under this
     * identity, whatever attempts are still under way.
     */
    private List<B> removeBehind(Entry<B> entry) {
        List<B> removed = new ArrayList<>();
        Iterator<Entry<B>> fromLast = entries.descendingIterator();
        while (fromLast.hasNext()) {
            Entry<B> last = fromLast.next();
            if (last == entry) {
                break;
            }
            removed.add(last.batch);
            fromLast.remove();
        }
        Collections.reverse(removed);
        return removed;
    }

    private void giveUpIdentityIfDone() {
        if (abandoning && entries.isEmpty()) {
            identity = null;
            abandoning = false;
            rewinding = false;
            outstanding.clear(); // late answers concern batches that are already settled
        }
    }

    /**
     * A leader that is deposed answers NOT_LEADER for what it had proposed, and its successor may yet commit that: only
     * these two are certain.
     */
    private static boolean leavesOutcomeOpen(ErrorCode code) {
        return code != ErrorCode.OVERLOADED && code != ErrorCode.LEADER_NOT_READY;
    }
}
