package io.flotilla.broker.metadata;

import io.flotilla.metadata.MetadataCommand;
import io.flotilla.metadata.Outcome;
import io.flotilla.protocol.error.ErrorCode;
import io.flotilla.protocol.error.LogException;
import io.flotilla.protocol.error.NotLeader;
import io.flotilla.protocol.error.Refused;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Brings a command to the metadata's leader: asks the one believed to lead, follows its hint or tries the next voter,
 * until an outcome comes or time is up. A command whose fate is unknown is sent again. Should its first attempt have had
 * its effect, the next one can be rejected for that, as the deletion of a topic is with "unknown topic"; so a rejection that
 * is not the first answer tells how many attempts there were ({@link Refused#ATTEMPTS}).
 *
 * <p>Threading: every method may be called by any thread.
 */
final class CommandForwarder {
    /** Longest time until a command has an outcome: less than clients wait, so that they are told why there is none. */
    private static final Duration DEADLINE = Duration.ofSeconds(7);

    /** Pauses between attempts grow from the first to the last. */
    private static final Duration PAUSE_MIN = Duration.ofMillis(25);

    private static final Duration PAUSE_MAX = Duration.ofMillis(400);

    /** Sends a command to one voter; fails with NOT_LEADER and a hint, or with another retriable error. */
    @FunctionalInterface
    interface Target {
        CompletableFuture<Outcome> propose(int brokerId, MetadataCommand command);
    }

    private final Target target;
    private final Supplier<Quorum> quorum;
    private final ScheduledExecutorService timer;
    private final Executor executor;
    private final AtomicInteger nextVoter = new AtomicInteger();

    CommandForwarder(Target target, Supplier<Quorum> quorum, ScheduledExecutorService timer, Executor executor) {
        this.target = target;
        this.quorum = quorum;
        this.timer = timer;
        this.executor = executor;
    }

    CompletableFuture<Outcome> submit(MetadataCommand command) {
        Submission submission = new Submission(command);
        submission.attempt(Optional.empty());
        return submission.outcome;
    }

    private final class Submission {
        private final MetadataCommand command;
        private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();
        private final long deadlineNanos = System.nanoTime() + DEADLINE.toNanos();
        private final AtomicInteger failures = new AtomicInteger();

        Submission(MetadataCommand command) {
            this.command = command;
        }

        /** @param hint the broker that the last one asked believes to lead */
        void attempt(Optional<Integer> hint) {
            int voter = hint.or(() -> quorum.get().leader()).orElseGet(this::anyVoter);
            var unused = target.propose(failures.get() % 3 == 2 ? anyVoter() : voter, command)
                    .whenCompleteAsync(this::answered, executor);
        }

        /** A belief about the leader can be wrong for long, so every third attempt asks around. */
        private int anyVoter() {
            List<Integer> voters = quorum.get().voters(); // at least one: a group without members has no replica here
            return voters.get(Math.floorMod(nextVoter.getAndIncrement(), voters.size()));
        }

        private void answered(@Nullable Outcome answer, @Nullable Throwable failure) {
            if (answer != null) {
                outcome.complete(withAttempts(answer));
                return;
            }
            Throwable cause = failure instanceof CompletionException wrapper && wrapper.getCause() != null
                    ? wrapper.getCause()
                    : failure;
            if (!(cause instanceof LogException refusal) || !refusal.code().retriable()) {
                outcome.completeExceptionally(cause == null ? new IllegalStateException("no answer") : cause);
            } else if (System.nanoTime() - deadlineNanos > 0) {
                outcome.completeExceptionally(exhausted(refusal));
            } else {
                retry(refusal instanceof NotLeader notLeader ? notLeader.leaderBrokerId() : Optional.empty());
            }
        }

        /** Lets the caller see whether an earlier attempt may have had the effect that it asked for. */
        private Outcome withAttempts(Outcome answer) {
            if (failures.get() == 0 || !(answer instanceof Outcome.Rejected rejected)) {
                return answer;
            }
            Map<String, String> details = new TreeMap<>(rejected.details());
            details.put(Refused.ATTEMPTS, Integer.toString(failures.get() + 1));
            return new Outcome.Rejected(rejected.code(), rejected.message(), details);
        }

        private Refused exhausted(LogException last) {
            return new Refused(
                    ErrorCode.NO_QUORUM,
                    "no leader of the cluster's metadata answered within " + DEADLINE.toSeconds()
                            + " s, asked of brokers "
                            + quorum.get().voters() + "; last: " + last.getMessage()
                            + "; a majority of them must run and reach each other",
                    Map.of(),
                    last);
        }

        private void retry(Optional<Integer> hint) {
            int failed = failures.incrementAndGet();
            long pause = hint.isPresent() && failed == 1
                    ? 0
                    : Math.min(PAUSE_MAX.toMillis(), PAUSE_MIN.toMillis() << Math.min(failed, 10));
            try {
                var unused = timer.schedule(() -> attempt(hint), pause, TimeUnit.MILLISECONDS);
            } catch (RejectedExecutionException closing) {
                outcome.completeExceptionally(
                        new Refused(ErrorCode.BROKER_NOT_AVAILABLE, "the broker is shutting down; ask another one"));
            }
        }
    }
}
