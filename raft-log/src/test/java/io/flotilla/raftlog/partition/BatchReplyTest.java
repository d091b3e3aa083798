package io.flotilla.raftlog.partition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flotilla.protocol.error.ErrorCode;
import io.flotilla.protocol.error.Refused;
import io.flotilla.raftlog.partition.rules.AppendedBatch;
import io.flotilla.raftlog.partition.rules.Verdict;
import java.util.List;
import org.junit.jupiter.api.Test;

class BatchReplyTest {
    @Test
    void shouldReadWhatItWrote() {
        List<BatchReply> replies = List.of(
                BatchReply.of(new Verdict.Accepted(10, 12), 4, 1_000),
                BatchReply.of(new Verdict.Duplicate(new AppendedBatch(0, 3, 5, 2, 500)), 4, 1_000),
                BatchReply.of(new Verdict.Refusal(ErrorCode.PRODUCER_FENCED, 7, 6), 4, 1_000));

        assertThat(BatchReply.decode(BatchReply.encode(replies), 3)).isEqualTo(replies);
        assertThatThrownBy(() -> BatchReply.decode(BatchReply.encode(replies), 2))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shouldTellWhereABatchStands() {
        assertThat(BatchReply.of(new Verdict.Accepted(10, 12), 4, 1_000).orThrow())
                .isEqualTo(new AppendResult(10, 12, 4, false, 1_000));
        assertThat(BatchReply.of(new Verdict.Duplicate(new AppendedBatch(0, 3, 5, 2, 500)), 4, 1_000)
                        .orThrow())
                .isEqualTo(new AppendResult(5, 7, 2, true, 500));
    }

    @Test
    void shouldNameTheSequenceThatWasExpected() {
        BatchReply refused = BatchReply.of(new Verdict.Refusal(ErrorCode.OUT_OF_ORDER_SEQUENCE, 7, 9), 4, 1_000);

        assertThatThrownBy(refused::orThrow).isInstanceOfSatisfying(Refused.class, thrown -> {
            assertThat(thrown.code()).isEqualTo(ErrorCode.OUT_OF_ORDER_SEQUENCE);
            assertThat(thrown.details()).containsEntry("expected_sequence", "7").containsEntry("actual_sequence", "9");
        });
    }
}
