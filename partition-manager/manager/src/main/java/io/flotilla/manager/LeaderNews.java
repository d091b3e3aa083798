package io.flotilla.manager;

import io.flotilla.metadata.LeaderReport;
import io.flotilla.metadata.MetadataImage;
import io.flotilla.metadata.PartitionAssignment;
import io.flotilla.raftlog.partition.PartitionId;
import io.flotilla.raftlog.raft.Peer;
import io.flotilla.raftlog.raft.PeerId;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** What the metadata does not yet know of this broker's leaderships. */
final class LeaderNews {
    private LeaderNews() {}

    /**
     * @param replicas of this broker
     * @param countMax reports at most, the others wait for the next call
     */
    static List<LeaderReport> of(MetadataImage image, int brokerId, ReplicaSet replicas, int countMax) {
        Map<PartitionId, Integer> incarnations = replicas.incarnations();
        return replicas.led().entrySet().stream()
                .map(entry -> report(
                        image,
                        entry.getKey(),
                        entry.getValue(),
                        brokerId,
                        incarnations.getOrDefault(entry.getKey(), 0),
                        replicas))
                .filter(report -> image.partition(report.partition())
                        .filter(known -> isNews(report, known))
                        .isPresent())
                .sorted(Comparator.comparing(
                                (LeaderReport report) -> report.partition().topicId())
                        .thenComparing(report -> report.partition().partition()))
                .limit(countMax)
                .toList();
    }

    private static LeaderReport report(
            MetadataImage image, PartitionId id, int epoch, int brokerId, int incarnation, ReplicaSet replicas) {
        List<PeerId> peers =
                replicas.voters(id).orElse(List.of()).stream().map(Peer::id).toList();
        boolean first =
                image.partition(id).filter(PartitionAssignment::isRecovering).isPresent();
        long keptEnd = first ? replicas.keptEnd(id).orElse(0) : 0;
        return new LeaderReport(id, epoch, brokerId, peers, incarnation, keptEnd);
    }

    private static boolean isNews(LeaderReport report, PartitionAssignment known) {
        if (report.incarnation() != known.incarnation()
                || !known.isOn(report.brokerId())
                || known.leaderEpoch() > report.epoch()) {
            return false;
        }
        return known.leaderEpoch() < report.epoch()
                || (!report.voters().isEmpty() && !PartitionAssignment.sameMembers(report.voters(), known.voters()));
    }
}
