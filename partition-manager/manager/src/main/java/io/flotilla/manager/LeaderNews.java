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
import java.util.Optional;
import java.util.function.Function;

/** What the metadata does not yet know of this broker's leaderships. */
final class LeaderNews {
    private LeaderNews() {}

    /**
     * @param led      leader epochs of the partitions this broker leads
     * @param voters   of a group it leads, empty while not known
     * @param countMax reports at most, the others wait for the next call
     */
    static List<LeaderReport> of(
            MetadataImage image,
            int brokerId,
            Map<PartitionId, Integer> led,
            Function<PartitionId, Optional<List<Peer>>> voters,
            int countMax) {
        return led.entrySet().stream()
                .map(entry -> report(entry.getKey(), entry.getValue(), brokerId, voters))
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
            PartitionId id, int epoch, int brokerId, Function<PartitionId, Optional<List<Peer>>> voters) {
        List<PeerId> peers =
                voters.apply(id).orElse(List.of()).stream().map(Peer::id).toList();
        return new LeaderReport(id, epoch, brokerId, peers);
    }

    private static boolean isNews(LeaderReport report, PartitionAssignment known) {
        if (!known.isOn(report.brokerId()) || known.leaderEpoch() > report.epoch()) {
            return false;
        }
        return known.leaderEpoch() < report.epoch()
                || (!report.voters().isEmpty() && !PartitionAssignment.sameMembers(report.voters(), known.voters()));
    }
}
