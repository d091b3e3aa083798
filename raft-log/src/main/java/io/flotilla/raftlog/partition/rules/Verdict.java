package io.flotilla.raftlog.partition.rules;

import io.flotilla.protocol.error.ErrorCode;

/** What the log decided about one batch. */
public sealed interface Verdict {
    <R> R match(Cases<R> cases);

    /** One method for each verdict. */
    interface Cases<R> {
        R accepted(Accepted accepted);

        R duplicate(Duplicate duplicate);

        R refused(Refusal refusal);
    }

    /** The batch is appended at these offsets. */
    record Accepted(long baseOffset, long lastOffset) implements Verdict {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.accepted(this);
        }
    }

    /** The batch was appended before; this is where it stands. */
    record Duplicate(AppendedBatch original) implements Verdict {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.duplicate(this);
        }
    }

    /**
     * The batch is not appended.
     *
     * @param code     OUT_OF_ORDER_SEQUENCE, UNKNOWN_PRODUCER or PRODUCER_FENCED
     * @param expected the sequence that would have been accepted; for PRODUCER_FENCED the producer's newest epoch
     * @param actual   the sequence or epoch of the batch
     */
    record Refusal(ErrorCode code, int expected, int actual) implements Verdict {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.refused(this);
        }
    }
}
