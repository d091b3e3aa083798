package io.flotilla.manager;

import io.flotilla.metadata.LeaderReport;
import io.flotilla.metadata.MetadataImage;
import io.flotilla.raftlog.partition.PartitionId;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** What the metadata does not yet know of this broker's leaderships. */
final class LeaderNews {
    private LeaderNews() {}

    /**
     * @param led      leader epochs of the partitions this broker leads
     * @param countMax reports at most, the others wait for the next call
     */
    static List<LeaderReport> of(MetadataImage image, int brokerId, Map<PartitionId, Integer> led, int countMax) {
        return led.entrySet().stream()
                .filter(entry -> image.partition(entry.getKey())
                        .filter(known -> known.leaderEpoch() < entry.getValue() && known.isOn(brokerId))
                        .isPresent())
                .map(entry -> new LeaderReport(entry.getKey(), entry.getValue(), brokerId))
                .sorted(Comparator.comparing(
                                (LeaderReport report) -> report.partition().topicId())
                        .thenComparing(report -> report.partition().partition()))
                .limit(countMax)
                .toList();
    }
}
