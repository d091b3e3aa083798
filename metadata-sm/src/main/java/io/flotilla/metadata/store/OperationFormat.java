package io.flotilla.metadata.store;

import io.flotilla.metadata.Job;
import io.flotilla.metadata.Operation;
import io.flotilla.metadata.TargetReplicas;
import io.flotilla.metadata.v1.JobState;
import io.flotilla.metadata.v1.OperationPhase;
import io.flotilla.metadata.v1.OperationState;
import io.flotilla.metadata.v1.RebalanceJob;
import io.flotilla.metadata.v1.RecoverJob;
import io.flotilla.metadata.v1.ReplicationChange;
import io.flotilla.metadata.v1.TargetState;
import io.flotilla.raftlog.partition.PartitionId;
import io.flotilla.raftlog.raft.PeerId;

/** Operations within images, commands and outcomes. What is malformed throws IllegalArgumentException. */
final class OperationFormat {
    private OperationFormat() {}

    static OperationState messageOf(Operation operation) {
        return OperationState.newBuilder()
                .setId(ImageFormat.bytesOf(operation.id()))
                .setPhase(phaseOf(operation.state()))
                .setStartedAtMillis(operation.startedAtMillis())
                .setPartitionsAtStart(operation.partitionsAtStart())
                .setEndedAtMillis(operation.endedAtMillis())
                .setMessage(operation.message())
                .setJob(messageOf(operation.job()))
                .build();
    }

    static Operation operationOf(OperationState message) {
        return new Operation(
                ImageFormat.uuidOf(message.getId()),
                jobOf(message.getJob()),
                stateOf(message.getPhase()),
                message.getStartedAtMillis(),
                message.getPartitionsAtStart(),
                message.getEndedAtMillis(),
                message.getMessage());
    }

    static OperationPhase phaseOf(Operation.State state) {
        return switch (state) {
            case RUNNING -> OperationPhase.OPERATION_PHASE_RUNNING;
            case DONE -> OperationPhase.OPERATION_PHASE_DONE;
            case FAILED -> OperationPhase.OPERATION_PHASE_FAILED;
            case CANCELLED -> OperationPhase.OPERATION_PHASE_CANCELLED;
        };
    }

    static Operation.State stateOf(OperationPhase phase) {
        return switch (phase) {
            case OPERATION_PHASE_RUNNING -> Operation.State.RUNNING;
            case OPERATION_PHASE_DONE -> Operation.State.DONE;
            case OPERATION_PHASE_FAILED -> Operation.State.FAILED;
            case OPERATION_PHASE_CANCELLED -> Operation.State.CANCELLED;
            case OPERATION_PHASE_UNSPECIFIED, UNRECOGNIZED ->
                throw new IllegalArgumentException("an operation has the unknown state " + phase);
        };
    }

    static JobState messageOf(Job job) {
        return job.match(new Encoding(JobState.newBuilder())).build();
    }

    static Job jobOf(JobState message) {
        return switch (message.getJobCase()) {
            case DECOMMISSION_BROKER_ID -> new Job.Decommission(message.getDecommissionBrokerId());
            case MOVE -> {
                TargetReplicas target = targetOf(message.getMove());
                yield new Job.Move(target.partition(), target.peers());
            }
            case CHANGE_REPLICATION ->
                new Job.ChangeReplication(
                        ImageFormat.uuidOf(message.getChangeReplication().getTopicId()),
                        message.getChangeReplication().getReplicationFactor());
            case REBALANCE -> new Job.Rebalance();
            case RECOVER -> {
                RecoverJob recover = message.getRecover();
                yield new Job.Recover(
                        new PartitionId(ImageFormat.uuidOf(recover.getTopicId()), recover.getPartition()),
                        new PeerId(recover.getSurvivor()),
                        recover.getGivenUpList().stream().map(PeerId::new).toList(),
                        recover.getIncarnation());
            }
            case JOB_NOT_SET -> throw new IllegalArgumentException("an operation has a job this broker does not know");
        };
    }

    static TargetState messageOf(TargetReplicas target) {
        TargetState.Builder message = TargetState.newBuilder()
                .setTopicId(ImageFormat.bytesOf(target.partition().topicId()))
                .setPartition(target.partition().partition());
        target.peers().forEach(peer -> message.addPeers(peer.value()));
        return message.build();
    }

    static TargetReplicas targetOf(TargetState message) {
        return new TargetReplicas(
                new PartitionId(ImageFormat.uuidOf(message.getTopicId()), message.getPartition()),
                message.getPeersList().stream().map(PeerId::new).toList());
    }

    private record Encoding(JobState.Builder message) implements Job.Cases<JobState.Builder> {
        @Override
        public JobState.Builder decommission(Job.Decommission job) {
            return message.setDecommissionBrokerId(job.brokerId());
        }

        @Override
        public JobState.Builder move(Job.Move job) {
            return message.setMove(messageOf(new TargetReplicas(job.partition(), job.replicas())));
        }

        @Override
        public JobState.Builder changeReplication(Job.ChangeReplication job) {
            return message.setChangeReplication(ReplicationChange.newBuilder()
                    .setTopicId(ImageFormat.bytesOf(job.topicId()))
                    .setReplicationFactor(job.replicationFactor()));
        }

        @Override
        public JobState.Builder rebalance(Job.Rebalance job) {
            return message.setRebalance(RebalanceJob.getDefaultInstance());
        }

        @Override
        public JobState.Builder recover(Job.Recover job) {
            return message.setRecover(RecoverJob.newBuilder()
                    .setTopicId(ImageFormat.bytesOf(job.partition().topicId()))
                    .setPartition(job.partition().partition())
                    .setSurvivor(job.survivor().value())
                    .addAllGivenUp(job.givenUp().stream().map(PeerId::value).toList())
                    .setIncarnation(job.incarnation()));
        }
    }
}
