package io.flotilla.raftlog.partition;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.flotilla.protocol.error.ErrorCode;
import io.flotilla.protocol.error.LogException;
import io.flotilla.protocol.error.NotLeader;
import io.flotilla.protocol.error.Refused;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Turns a stream of batches into Raft entries and hands each batch its own answer. An entry costs consensus much more
 * than a batch, so this is what throughput hangs on; {@link EntryQueue} decides what goes together.
 *
 * <p>Threading: safe for all threads. One of the threads that come with a batch or an answer proposes at a time, so
 * that entries keep the order of their batches; futures complete outside the lock, on that thread or Raft's.
 */
final class Coalescer {
    /** Batches in one entry, at most: bounds the answer, too. */
    static final int ENTRY_BATCHES_MAX = 1_024;

    private final PartitionId partition;
    private final int entryBytesMax;
    private final Function<List<ByteBuffer>, CompletableFuture<ByteBuffer>> proposer;
    private final Object lock = new Object();

    @GuardedBy("lock")
    private final EntryQueue<Pending> queue;

    @GuardedBy("lock")
    private boolean proposing;

    /**
     * @param proposer encodes and proposes one entry; fails through the future only
     */
    Coalescer(
            PartitionId partition,
            StorageSettings settings,
            Function<List<ByteBuffer>, CompletableFuture<ByteBuffer>> proposer) {
        this.partition = partition;
        this.entryBytesMax = settings.entryBytesMax() - EntryHeader.BYTES;
        this.proposer = proposer;
        this.queue = new EntryQueue<>(
                entryBytesMax, ENTRY_BATCHES_MAX, settings.entriesInFlightMax(), settings.pendingBytesMax());
    }

    private record Pending(ByteBuffer batch, CompletableFuture<AppendResult> result) {}

    /** Completes with the batch's place in the log, or fails with a {@link LogException}. */
    CompletableFuture<AppendResult> append(ByteBuffer batch) {
        int bytes = batch.remaining() + AppendEntry.BATCH_OVERHEAD_BYTES;
        if (bytes > entryBytesMax) {
            return CompletableFuture.failedFuture(new Refused(
                    ErrorCode.RECORD_TOO_LARGE,
                    "batch of " + batch.remaining() + " bytes does not fit into an entry of " + entryBytesMax));
        }
        Pending pending = new Pending(batch.slice(), new CompletableFuture<>());
        synchronized (lock) {
            if (!queue.offer(pending, bytes)) {
                return CompletableFuture.failedFuture(overloaded(queue.pendingBytes()));
            }
        }
        proposeWhilePossible();
        return pending.result();
    }

    private Refused overloaded(long pendingBytes) {
        return new Refused(
                ErrorCode.OVERLOADED,
                "partition " + partition + " has " + pendingBytes + " bytes on their way; send again later",
                Map.of("pending_bytes", Long.toString(pendingBytes)));
    }

    private void proposeWhilePossible() {
        synchronized (lock) {
            if (proposing) {
                return; // that thread looks again before it leaves
            }
            proposing = true;
        }
        for (Optional<EntryQueue.Gathered<Pending>> next = next(); next.isPresent(); next = next()) {
            EntryQueue.Gathered<Pending> entry = next.get();
            CompletableFuture<Void> unused = propose(entry).handle((answer, failure) -> answer(entry, answer, failure));
        }
    }

    private Optional<EntryQueue.Gathered<Pending>> next() {
        synchronized (lock) {
            Optional<EntryQueue.Gathered<Pending>> next = queue.next();
            proposing = next.isPresent();
            return next;
        }
    }

    private CompletableFuture<ByteBuffer> propose(EntryQueue.Gathered<Pending> entry) {
        try {
            return proposer.apply(entry.batches().stream().map(Pending::batch).toList());
        } catch (RuntimeException | Error bug) {
            return CompletableFuture.failedFuture(bug); // or the batches behind would wait for ever
        }
    }

    private @Nullable Void answer(
            EntryQueue.Gathered<Pending> entry, @Nullable ByteBuffer answer, @Nullable Throwable failure) {
        synchronized (lock) {
            queue.answered(entry);
        }
        if (answer != null) {
            complete(entry.batches(), answer);
        } else {
            LogException cause = asLogException(failure);
            if (cause instanceof NotLeader) {
                failWaiting(cause);
            }
            fail(entry.batches(), cause);
        }
        proposeWhilePossible();
        return null;
    }

    private static void complete(List<Pending> batches, ByteBuffer answer) {
        List<BatchReply> replies;
        try {
            replies = BatchReply.decode(answer, batches.size());
        } catch (IllegalArgumentException bug) {
            fail(batches, asLogException(bug));
            return;
        }
        for (int i = 0; i < replies.size(); i++) {
            CompletableFuture<AppendResult> result = batches.get(i).result();
            try {
                result.complete(replies.get(i).orThrow());
            } catch (LogException refused) {
                result.completeExceptionally(refused);
            }
        }
    }

    /** Bytes of batches that are not answered yet, with their overhead. */
    long pendingBytes() {
        synchronized (lock) {
            return queue.pendingBytes();
        }
    }

    /** Fails every batch that is not in flight. */
    void failWaiting(LogException cause) {
        List<Pending> waiting;
        synchronized (lock) {
            waiting = new ArrayList<>(queue.drain());
        }
        fail(waiting, cause);
    }

    private static void fail(List<Pending> batches, LogException cause) {
        batches.forEach(batch -> batch.result().completeExceptionally(cause));
    }

    /** What a proposal's failure means to whoever proposed. */
    static LogException asLogException(@Nullable Throwable failure) {
        @Nullable
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause instanceof LogException known
                ? known
                : new Refused(ErrorCode.INTERNAL, "the entry failed: " + cause, Map.of(), cause);
    }
}
