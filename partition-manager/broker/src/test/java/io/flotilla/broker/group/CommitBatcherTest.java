package io.flotilla.broker.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flotilla.metadata.MetadataCommand;
import io.flotilla.metadata.MetadataImage;
import io.flotilla.metadata.Outcome;
import io.flotilla.metadata.Result;
import io.flotilla.metadata.group.GroupCommand;
import io.flotilla.metadata.group.GroupResult;
import io.flotilla.metadata.group.GroupResult.CommitAnswer;
import io.flotilla.metadata.group.Groups;
import io.flotilla.protocol.error.ErrorCode;
import io.flotilla.protocol.error.Refused;
import io.flotilla.raftlog.partition.PartitionId;
import io.flotilla.raftlog.raft.Leadership;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class CommitBatcherTest {
    private static final int POSITIONS_MAX = 20;
    private static final CommitAnswer TAKEN = new CommitAnswer(Optional.empty(), List.of());

    private final HeldStore store = new HeldStore();
    private final CommitBatcher batcher =
            new CommitBatcher(store, Clock.fixed(Instant.ofEpochMilli(7), ZoneOffset.UTC), POSITIONS_MAX);

    /** Entries wait until the test lets them go. */
    private static final class HeldStore implements GroupStore {
        record Held(GroupCommand.CommitOffsets command, CompletableFuture<Outcome> outcome) {}

        final Queue<Held> held = new ArrayDeque<>();

        /** Takes the next entry and accepts all of it. */
        List<String> accept() {
            Held next = held.remove();
            next.outcome()
                    .complete(new Outcome.Accepted(
                            1,
                            new Result.GroupsChanged(new GroupResult.Committed(
                                    Collections.nCopies(next.command().commits().size(), TAKEN)))));
            return next.command().commits().stream()
                    .map(GroupCommand.Commit::group)
                    .toList();
        }

        void fail(RuntimeException failure) {
            held.remove().outcome().completeExceptionally(failure);
        }

        @Override
        public CompletableFuture<Outcome> propose(MetadataCommand command) {
            CompletableFuture<Outcome> outcome = new CompletableFuture<>();
            GroupCommand change = ((MetadataCommand.ChangeGroups) command).change();
            held.add(new Held((GroupCommand.CommitOffsets) change, outcome));
            return outcome;
        }

        @Override
        public MetadataImage image() {
            return MetadataImage.empty("c");
        }

        @Override
        public Groups groups() {
            return Groups.NONE;
        }

        @Override
        public Leadership leadership() {
            return Leadership.UNKNOWN;
        }

        @Override
        public CompletableFuture<Void> readBarrier() {
            return CompletableFuture.completedFuture(null);
        }
    }

    private CompletableFuture<CommitAnswer> commit(String group, int positions, String metadata) {
        return batcher.commit(new GroupCommand.Commit(
                group,
                Optional.empty(),
                Collections.nCopies(
                        positions, new GroupCommand.Position(new PartitionId(new UUID(0, 1), 0), 1, 0, metadata))));
    }

    /** A commit whose answer nobody waits for. */
    private void begin(String group, int positions, String metadata) {
        var unused = commit(group, positions, metadata);
    }

    @Test
    void shouldGatherWhatComesWhileAnEntryIsOnItsWay() {
        var first = commit("a", 1, "");
        var second = commit("b", 1, "");
        var third = commit("c", 2, "");
        assertThat(store.held).hasSize(1);

        assertThat(store.accept()).containsExactly("a");
        assertThat(first).isCompletedWithValue(TAKEN);
        assertThat(second).isNotDone();

        assertThat(store.accept()).containsExactly("b", "c");
        assertThat(third).isCompletedWithValue(TAKEN);
        assertThat(store.held).isEmpty();
        assertThat(batcher.committed()).isEqualTo(4);
        assertThat(batcher.entries()).isEqualTo(2);
    }

    @Test
    void shouldRefuseMoreThanMayWait() {
        begin("a", POSITIONS_MAX - 1, "");
        var refused = commit("b", 2, "");

        assertThatThrownBy(refused::join)
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(Refused.class)
                .hasMessageContaining("offsets.commits.waiting.max");

        store.accept();
        begin("b", 2, "");
        assertThat(store.accept()).containsExactly("b");
    }

    @Test
    void shouldNotLetLargeCommitsMakeAnEntryThatIsTooLarge() {
        String metadata = "x".repeat(4_096);
        begin("first", 1, "");
        for (int n = 0; n < 3; n++) {
            begin("large" + n, 6, metadata.repeat(6));
        }

        assertThat(store.accept()).containsExactly("first");
        assertThat(store.accept()).containsExactly("large0");
        assertThat(store.accept()).containsExactly("large1");
    }

    @Test
    void shouldGoOnAfterAFailureThatTheCommittersLearnOf() {
        var failed = commit("a", 1, "");
        var next = commit("b", 1, "");

        store.fail(new Refused(ErrorCode.TIMEOUT, "no majority"));

        assertThat(failed).isCompletedExceptionally();
        assertThat(store.accept()).containsExactly("b");
        assertThat(next).isCompletedWithValue(TAKEN);
        assertThat(batcher.committed()).isOne();
    }
}
