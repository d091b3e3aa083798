package io.flotilla.raftlog.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.protocol.error.ErrorCode;
import io.flotilla.protocol.error.LogException;
import io.flotilla.protocol.error.NotLeader;
import io.flotilla.protocol.error.Refused;
import io.flotilla.raftlog.partition.rules.Verdict;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CoalescerTest {
    private static final PartitionId ID = new PartitionId(new UUID(1, 2), 0);

    private record Proposal(List<ByteBuffer> batches, CompletableFuture<ByteBuffer> answer) {
        void accept() {
            List<BatchReply> replies = IntStream.range(0, batches.size())
                    .mapToObj(i ->
                            BatchReply.of(new Verdict.Accepted(batches.get(i).get(0), 0), 1, 2))
                    .toList();
            assertThat(answer.complete(BatchReply.encode(replies))).isTrue();
        }

        void fail(Throwable cause) {
            assertThat(answer.completeExceptionally(cause)).isTrue();
        }
    }

    private final List<Proposal> proposals = new ArrayList<>();
    private final Coalescer coalescer = new Coalescer(
            ID, StorageSettings.DEFAULT.withEntriesInFlightMax(1).withPendingBytesMax(2 << 20), batches -> {
                Proposal proposal = new Proposal(batches, new CompletableFuture<>());
                proposals.add(proposal);
                return proposal.answer();
            });

    /** A stand-in for a batch; the coalescer does not look inside. */
    private static ByteBuffer batch(int number) {
        return ByteBuffer.wrap(new byte[] {(byte) number, 1, 2, 3});
    }

    private static ErrorCode codeOf(CompletableFuture<?> failed) {
        return ((LogException) Objects.requireNonNull(
                        failed.handle((done, failure) -> failure).join()))
                .code();
    }

    @Test
    void shouldGiveEachBatchItsOwnAnswer() {
        List<CompletableFuture<AppendResult>> results =
                IntStream.range(0, 4).mapToObj(i -> coalescer.append(batch(i))).toList();

        assertThat(proposals).hasSize(1);
        proposals.get(0).accept();
        assertThat(proposals.get(1).batches()).containsExactly(batch(1), batch(2), batch(3));
        proposals.get(1).accept();

        assertThat(results).extracting(result -> result.join().baseOffset()).containsExactly(0L, 1L, 2L, 3L);
    }

    @Test
    void shouldFailTheBatchesOfAFailedEntryOnly() {
        CompletableFuture<AppendResult> first = coalescer.append(batch(1));
        CompletableFuture<AppendResult> second = coalescer.append(batch(2));

        proposals.get(0).fail(new Refused(ErrorCode.TIMEOUT, "no answer"));
        proposals.get(1).accept();

        assertThat(codeOf(first)).isEqualTo(ErrorCode.TIMEOUT);
        assertThat(second.join().baseOffset()).isEqualTo(2);
    }

    @Test
    void shouldFailAllThatWaitsWhenAnotherLeads() {
        CompletableFuture<AppendResult> first = coalescer.append(batch(1));
        CompletableFuture<AppendResult> second = coalescer.append(batch(2));

        proposals.get(0).fail(new NotLeader("another leads", 5, Optional.of(2)));

        assertThat(codeOf(first)).isEqualTo(ErrorCode.NOT_LEADER);
        assertThat(codeOf(second)).isEqualTo(ErrorCode.NOT_LEADER);
        assertThat(proposals).hasSize(1);
        assertThat(coalescer.append(batch(3))).isNotDone();
        assertThat(proposals).hasSize(2);
    }

    @Test
    void shouldRefuseBatchesPastItsBytes() {
        ByteBuffer big = ByteBuffer.allocate(1 << 20);
        CompletableFuture<AppendResult> first = coalescer.append(big);

        assertThat(codeOf(coalescer.append(big))).isEqualTo(ErrorCode.OVERLOADED);
        assertThat(codeOf(coalescer.append(ByteBuffer.allocate(2 << 20)))).isEqualTo(ErrorCode.RECORD_TOO_LARGE);
        proposals.get(0).accept();
        assertThat(first).isCompleted();
        assertThat(coalescer.append(big)).isNotDone();
    }

    @Test
    void shouldFailLoudlyWhenAnAnswerMakesNoSense() {
        CompletableFuture<AppendResult> result = coalescer.append(batch(1));

        assertThat(proposals.get(0).answer().complete(ByteBuffer.allocate(3))).isTrue();

        assertThat(codeOf(result)).isEqualTo(ErrorCode.INTERNAL);
        assertThat(coalescer.append(batch(2))).isNotDone();
    }

    @Test
    void shouldLetACompletedBatchAppendTheNext() {
        CompletableFuture<AppendResult> chained =
                coalescer.append(batch(1)).thenCompose(done -> coalescer.append(batch(2)));

        proposals.get(0).accept();
        proposals.get(1).accept();

        assertThat(chained.join().baseOffset()).isEqualTo(2);
    }
}
