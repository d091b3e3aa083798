package io.flotilla.metadata.group;

import io.flotilla.protocol.error.ErrorCode;
import java.util.List;
import java.util.Optional;

/** What an accepted {@link GroupCommand} brought about. Encoded form: {@code group.proto}. */
public sealed interface GroupResult {
    /**
     * Groups have changed, or did not have to.
     *
     * @param rebalances how many groups got a new target
     * @param removed    how many groups or offsets are gone
     */
    record Changed(int rebalances, int removed) implements GroupResult {}

    /** One answer for each commit. */
    record Committed(List<CommitAnswer> answers) implements GroupResult {
        public Committed {
            answers = List.copyOf(answers);
        }
    }

    /**
     * @param refusal why nothing was committed, if so: UNKNOWN_MEMBER, GROUP_NOT_EMPTY, INVALID_REQUEST, or CONFLICT for want
     *     of room
     * @param fenced  indexes of positions that were not committed since the member does not hold the partition
     */
    record CommitAnswer(Optional<ErrorCode> refusal, List<Integer> fenced) {
        public CommitAnswer {
            fenced = List.copyOf(fenced);
        }
    }

    /**
     * Offsets were set.
     *
     * @param before what had been committed, in the order of the partitions; -1 for nothing
     */
    record Reset(List<Long> before) implements GroupResult {
        public Reset {
            before = List.copyOf(before);
        }
    }
}
