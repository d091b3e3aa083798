package io.flotilla.client.group;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.flotilla.client.CommittedOffset;
import io.flotilla.client.TopicPartition;
import io.flotilla.client.intercept.ReadInterceptors;
import io.flotilla.client.metrics.ConsumerMetrics;
import io.flotilla.client.transport.Failure;
import io.flotilla.client.transport.WirePartition;
import io.flotilla.protocol.error.ErrorCode;
import io.flotilla.protocol.error.LogException;
import io.flotilla.protocol.error.Refused;
import io.flotilla.protocol.v1.CommitOffsetsRequest;
import io.flotilla.protocol.v1.CommitOffsetsResponse;
import io.flotilla.protocol.v1.GroupServiceGrpc;
import io.flotilla.protocol.v1.OffsetCommitResult;
import io.flotilla.protocol.v1.OffsetToCommit;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Commits offsets one call after the other, so that they take effect in the order in which they were asked for, however
 * often a call has to be repeated. What is asked for while a call is under way goes out together in the next, where a later
 * offset of a partition takes the place of an earlier one.
 *
 * <p>Threading: safe; futures complete on the client's loop.
 */
final class OffsetCommitter {
    /** Most partitions in one call, which is what brokers take at least. */
    private static final int CALL_PARTITIONS_MAX = 1_000;

    /** Most commits that wait for those before them. */
    private static final int WAITING_MAX = 1_000;

    private final String group;
    private final CoordinatorCalls calls;
    private final Duration timeout;
    private final ConsumerMetrics metrics;
    private final ReadInterceptors interceptors;

    @GuardedBy("this")
    private final ArrayDeque<Commit> waiting = new ArrayDeque<>();

    @GuardedBy("this")
    private boolean underWay;

    /**
     * Who commits.
     *
     * @param held what it holds, and since when
     */
    record Committer(String memberId, int memberEpoch, Map<TopicPartition, Assignment.Tenure> held) {}

    /** Offsets of one call of a user. */
    private record Commit(
            Committer committer, Map<TopicPartition, CommittedOffset> offsets, CompletableFuture<Void> done) {}

    /**
     * Commits of one member that go out together.
     *
     * @param offsets of all of them
     */
    private record Together(Committer committer, List<Commit> commits, Map<TopicPartition, CommittedOffset> offsets) {}

    /**
     * @param metrics      hear how long it took
     * @param interceptors hear of what is committed
     */
    OffsetCommitter(
            String group,
            CoordinatorCalls calls,
            Duration timeout,
            ConsumerMetrics metrics,
            ReadInterceptors interceptors) {
        this.group = group;
        this.calls = calls;
        this.timeout = timeout;
        this.metrics = metrics;
        this.interceptors = interceptors;
    }

    /** Fails with FENCED_MEMBER_EPOCH, UNKNOWN_MEMBER, TIMEOUT, or OVERLOADED if too many wait already. */
    CompletableFuture<Void> commit(Committer committer, Map<TopicPartition, CommittedOffset> offsets) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        if (offsets.isEmpty()) {
            done.complete(null);
            return done;
        }
        synchronized (this) {
            if (waiting.size() >= WAITING_MAX) {
                done.completeExceptionally(new Refused(
                        ErrorCode.OVERLOADED,
                        WAITING_MAX + " commits of group " + group
                                + " wait already; commit less often, or wait for them"));
                return done;
            }
            waiting.add(new Commit(committer, Map.copyOf(offsets), done));
        }
        next();
        return done;
    }

    private void next() {
        Together together;
        synchronized (this) {
            if (underWay || waiting.isEmpty()) {
                return;
            }
            underWay = true;
            together = takeTogether();
        }
        long askedNanos = System.nanoTime();
        List<CompletableFuture<CommitOffsetsResponse>> answers = new ArrayList<>();
        for (CommitOffsetsRequest request : requests(together)) {
            answers.add(calls.ask(GroupServiceGrpc.getCommitOffsetsMethod(), request, timeout));
        }
        CompletableFuture<Void> unused = CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
                .whenComplete((none, thrown) -> {
                    synchronized (this) {
                        underWay = false;
                    }
                    next();
                    finish(together, answers, thrown, System.nanoTime() - askedNanos);
                });
    }

    /** The first that waits, whatever its size, and those behind it that the same call can carry. */
    @GuardedBy("this")
    private Together takeTogether() {
        Commit first = waiting.remove();
        List<Commit> commits = new ArrayList<>(List.of(first));
        Map<TopicPartition, CommittedOffset> offsets = new HashMap<>(first.offsets());
        for (Commit next = waiting.peek();
                next != null && next.committer().equals(first.committer());
                next = waiting.peek()) {
            if (offsets.size() + next.offsets().size() > CALL_PARTITIONS_MAX) {
                break;
            }
            offsets.putAll(next.offsets());
            commits.add(waiting.remove());
        }
        return new Together(first.committer(), commits, offsets);
    }

    private List<CommitOffsetsRequest> requests(Together together) {
        List<CommitOffsetsRequest> requests = new ArrayList<>();
        CommitOffsetsRequest.Builder request = begin(together.committer());
        for (Map.Entry<TopicPartition, CommittedOffset> entry :
                together.offsets().entrySet()) {
            if (request.getOffsetsCount() == CALL_PARTITIONS_MAX) {
                requests.add(request.build());
                request = begin(together.committer());
            }
            request.addOffsets(offset(together.committer(), entry.getKey(), entry.getValue()));
        }
        requests.add(request.build());
        return requests;
    }

    private CommitOffsetsRequest.Builder begin(Committer committer) {
        return CommitOffsetsRequest.newBuilder()
                .setGroup(group)
                .setMemberId(committer.memberId())
                .setMemberEpoch(committer.memberEpoch());
    }

    private static OffsetToCommit offset(Committer committer, TopicPartition partition, CommittedOffset committed) {
        OffsetToCommit.Builder offset = OffsetToCommit.newBuilder()
                .setPartition(WirePartition.toProto(partition))
                .setOffset(committed.offset())
                .setMetadata(committed.metadata());
        Assignment.Tenure tenure = committer.held().get(partition);
        if (tenure != null) {
            offset.setTopicId(tenure.topicId());
        }
        committed.leaderEpoch().ifPresent(offset::setLeaderEpoch);
        return offset.build();
    }

    private void finish(
            Together together,
            List<CompletableFuture<CommitOffsetsResponse>> answers,
            @Nullable Throwable thrown,
            long tookNanos) {
        if (thrown != null) {
            Throwable cause = thrown.getCause() instanceof LogException ? thrown.getCause() : thrown;
            together.commits().forEach(commit -> failed(commit, cause));
            return;
        }
        Map<TopicPartition, LogException> refusals = new HashMap<>();
        answers.stream()
                .flatMap(answer -> answer.join().getResultsList().stream())
                .filter(OffsetCommitResult::hasError)
                .forEach(result -> refusals.put(WirePartition.fromProto(result.getPartition()), refusal(result)));
        for (Commit commit : together.commits()) {
            Optional<LogException> refusal = commit.offsets().keySet().stream()
                    .map(refusals::get)
                    .filter(Objects::nonNull)
                    .findFirst();
            if (refusal.isPresent()) {
                failed(commit, refusal.get());
            } else {
                metrics.committed(tookNanos);
                interceptors.onCommitted(commit.offsets());
                commit.done().complete(null);
            }
        }
    }

    private void failed(Commit commit, Throwable cause) {
        metrics.commitFailed();
        commit.done().completeExceptionally(cause);
    }

    private LogException refusal(OffsetCommitResult result) {
        LogException cause = Failure.of(result.getError(), calls.coordinator()).cause();
        TopicPartition partition = WirePartition.fromProto(result.getPartition());
        Map<String, String> details = new HashMap<>(cause.details());
        details.put("topic", partition.topic());
        details.put("partition", Integer.toString(partition.partition()));
        return new Refused(cause.code(), partition + ": " + cause.getMessage(), details, cause);
    }
}
