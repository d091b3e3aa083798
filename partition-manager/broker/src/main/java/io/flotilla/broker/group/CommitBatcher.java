package io.flotilla.broker.group;

import io.flotilla.metadata.MetadataCommand;
import io.flotilla.metadata.Result;
import io.flotilla.metadata.group.GroupCommand.Commit;
import io.flotilla.metadata.group.GroupCommand.CommitOffsets;
import io.flotilla.metadata.group.GroupResult;
import io.flotilla.metadata.group.GroupResult.CommitAnswer;
import io.flotilla.protocol.error.ErrorCode;
import io.flotilla.protocol.error.Refused;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Puts the commits of many members into one entry: while one is on its way, those that come are gathered for the next.
 *
 * <p>Threading: every method may be called by any thread.
 */
final class CommitBatcher {
    /** What an entry is filled up to, about; an entry can have a little more than 1 MiB. */
    private static final int ENTRY_BYTES = 512 << 10;

    private static final int POSITION_BYTES = 40;
    private static final int COMMIT_BYTES = 200;

    /** A character of metadata in UTF-8 at worst. */
    private static final int CHARACTER_BYTES_MAX = 3;

    private final GroupStore store;
    private final Clock clock;
    private final int positionsMax;
    private final Queue<Waiting> waiting = new ArrayDeque<>();
    private int positionsWaiting;
    private boolean underWay;
    private long committed;
    private long entries;

    private record Waiting(Commit commit, int bytes, CompletableFuture<CommitAnswer> answer) {}

    /**
     * @param positionsMax offsets that may wait, on their way included
     */
    CommitBatcher(GroupStore store, Clock clock, int positionsMax) {
        this.store = store;
        this.clock = clock;
        this.positionsMax = positionsMax;
    }

    /** Fails with OVERLOADED if too much waits, and as {@link GroupStore#propose} says. */
    CompletableFuture<CommitAnswer> commit(Commit commit) {
        CompletableFuture<CommitAnswer> answer = new CompletableFuture<>();
        List<Waiting> next;
        synchronized (this) {
            if (positionsWaiting + commit.positions().size() > positionsMax) {
                return CompletableFuture.failedFuture(new Refused(
                        ErrorCode.OVERLOADED,
                        "commits of " + positionsWaiting + " partitions wait already, of at most " + positionsMax
                                + " (offsets.commits.waiting.max); retry after a pause",
                        Map.of("waiting", Integer.toString(positionsWaiting))));
            }
            positionsWaiting += commit.positions().size();
            waiting.add(new Waiting(commit, bytesOf(commit), answer));
            next = nextEntry();
        }
        propose(next);
        return answer;
    }

    /** Offsets that were committed, and the entries that took. */
    synchronized long committed() {
        return committed;
    }

    synchronized long entries() {
        return entries;
    }

    private static int bytesOf(Commit commit) {
        int bytes = COMMIT_BYTES;
        for (var position : commit.positions()) {
            bytes += POSITION_BYTES + CHARACTER_BYTES_MAX * position.metadata().length();
        }
        return bytes;
    }

    /** Empty if one is under way, or nothing waits. Holds the lock. */
    private List<Waiting> nextEntry() {
        List<Waiting> taken = new ArrayList<>();
        if (underWay) {
            return taken;
        }
        int bytes = 0;
        for (Waiting first = waiting.peek();
                first != null && (taken.isEmpty() || bytes + first.bytes() <= ENTRY_BYTES);
                first = waiting.peek()) {
            bytes += first.bytes();
            taken.add(first);
            waiting.remove();
        }
        underWay = !taken.isEmpty();
        return taken;
    }

    private void propose(List<Waiting> batch) {
        if (batch.isEmpty()) {
            return;
        }
        CommitOffsets command =
                new CommitOffsets(batch.stream().map(Waiting::commit).toList(), clock.millis());
        var unused = store.propose(new MetadataCommand.ChangeGroups(command))
                .thenApply(outcome -> (GroupResult.Committed)
                        outcome.resultAs(Result.GroupsChanged.class).change())
                .whenComplete((result, failure) -> ended(batch, result, failure));
    }

    private void ended(List<Waiting> batch, GroupResult.@Nullable Committed result, @Nullable Throwable failure) {
        List<Waiting> next;
        synchronized (this) {
            underWay = false;
            batch.forEach(done -> positionsWaiting -= done.commit().positions().size());
            if (result != null) {
                entries++;
                for (int i = 0; i < batch.size(); i++) {
                    committed += taken(batch.get(i).commit(), result.answers().get(i));
                }
            }
            next = nextEntry();
        }
        propose(next); // before the answers, whose receivers may take their time
        for (int i = 0; i < batch.size(); i++) {
            if (result != null) {
                batch.get(i).answer().complete(result.answers().get(i));
            } else {
                batch.get(i)
                        .answer()
                        .completeExceptionally(failure == null ? new IllegalStateException("no outcome") : failure);
            }
        }
    }

    private static int taken(Commit commit, CommitAnswer answer) {
        return answer.refusal().isPresent()
                ? 0
                : commit.positions().size() - answer.fenced().size();
    }
}
