package io.flotilla.quickstart;

import io.flotilla.cluster.SegmentDigests.PartitionDigests;
import io.flotilla.cluster.history.Availability;
import io.flotilla.cluster.history.Verdict;
import java.util.List;
import java.util.SortedMap;

/**
 * What the demonstration found.
 *
 * @param leadersBefore partitions led by each broker before the kill
 * @param leadersWithout the same while the killed broker was down
 * @param leadersAfter  the same at the end
 */
record Outcome(
        Verdict verdict,
        Availability availability,
        int killedBroker,
        SortedMap<Integer, Integer> leadersBefore,
        SortedMap<Integer, Integer> leadersWithout,
        SortedMap<Integer, Integer> leadersAfter,
        List<PartitionDigests> digests) {

    /** Everything acknowledged and stored as it was sent, and alike on all replicas. */
    boolean passed() {
        return verdict.passed()
                && verdict.acknowledged() == verdict.written()
                && digests.stream().allMatch(PartitionDigests::identical)
                && segmentBytes() > 0;
    }

    private long segmentBytes() {
        return digests.stream()
                .flatMap(partition -> partition.replicas().values().stream())
                .mapToLong(replica -> replica.bytes())
                .sum();
    }
}
