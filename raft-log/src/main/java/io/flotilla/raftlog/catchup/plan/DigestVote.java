package io.flotilla.raftlog.catchup.plan;

import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;

/**
 * What the replicas of a group say about one full segment, whose bytes are the same on all of them. Pure.
 *
 * <p>The checksums of batches do not cover their offsets and leader epochs, nor do they tell one partition's batches from
 * another's; so a segment can be wrong and pass them.
 */
public enum DigestVote {
    /** Most replicas have it as this one does, or nobody else knows it. */
    RIGHT,
    /** Most replicas have it otherwise, and all of those alike. */
    WRONG,
    /** It differs, and no majority tells which replica is wrong. */
    UNDECIDED;

    /**
     * @param own    as this replica has it
     * @param others as each other replica has it that knows it, full segments of the same base offset
     */
    public static DigestVote of(SegmentSummary own, Collection<SegmentSummary> others) {
        Map<SegmentSummary, Integer> votes = new HashMap<>();
        votes.put(own, 1);
        others.forEach(other -> votes.merge(other, 1, Integer::sum));
        if (votes.size() == 1) {
            return RIGHT;
        }
        int most = Collections.max(votes.values());
        if (2 * most <= others.size() + 1) {
            return UNDECIDED;
        }
        return votes.get(own) == most ? RIGHT : WRONG;
    }
}
