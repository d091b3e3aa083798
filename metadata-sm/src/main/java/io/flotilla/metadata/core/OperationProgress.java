package io.flotilla.metadata.core;

import io.flotilla.metadata.Job;
import io.flotilla.metadata.MetadataImage;
import io.flotilla.metadata.PartitionAssignment;
import io.flotilla.metadata.Topic;
import io.flotilla.raftlog.partition.PartitionId;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiPredicate;

/**
 * What an operation has yet to do, which the image itself tells.
 *
 * @param remaining partitions that are not where the job wants them, or still on their way
 * @param votes     whether the broker that is to leave still votes on the metadata
 */
public record OperationProgress(List<PartitionId> remaining, boolean votes) {
    public static OperationProgress of(MetadataImage image, Job job) {
        return new OperationProgress(
                job.match(new Remaining(image)),
                job instanceof Job.Decommission decommission
                        && image.metadataVoters().isOn(decommission.brokerId()));
    }

    public boolean isDone() {
        return remaining.isEmpty() && !votes;
    }

    private record Remaining(MetadataImage image) implements Job.Cases<List<PartitionId>> {
        @Override
        public List<PartitionId> decommission(Job.Decommission job) {
            return those((topic, partition) -> partition.isOn(job.brokerId()));
        }

        @Override
        public List<PartitionId> move(Job.Move job) {
            return image.partition(job.partition())
                            .filter(PartitionAssignment::isMoving)
                            .isPresent()
                    ? List.of(job.partition())
                    : List.of();
        }

        @Override
        public List<PartitionId> changeReplication(Job.ChangeReplication job) {
            return those((topic, partition) -> topic.id().equals(job.topicId())
                    && (partition.isMoving() || partition.replicas().size() != job.replicationFactor()));
        }

        @Override
        public List<PartitionId> rebalance(Job.Rebalance job) {
            return those((topic, partition) -> partition.isMoving());
        }

        @Override
        public List<PartitionId> recover(Job.Recover job) {
            return image.partition(job.partition())
                            .filter(partition -> partition.incarnation() == job.incarnation())
                            .filter(PartitionAssignment::isRecovering)
                            .isPresent()
                    ? List.of(job.partition())
                    : List.of();
        }

        private List<PartitionId> those(BiPredicate<Topic, PartitionAssignment> remaining) {
            List<PartitionId> found = new ArrayList<>();
            for (Topic topic : image.topics().values()) {
                for (PartitionAssignment partition : topic.partitions()) {
                    if (remaining.test(topic, partition)) {
                        found.add(topic.partitionId(partition.partition()));
                    }
                }
            }
            return found;
        }
    }
}
