package io.flotilla.broker.grpc;

import io.flotilla.broker.internal.BrokerLinks;
import io.flotilla.broker.internal.v1.DescribeMemberResponse;
import io.flotilla.broker.replica.PartitionName;
import io.flotilla.metadata.BrokerRegistration;
import io.flotilla.metadata.BrokerStatus;
import io.flotilla.metadata.Job;
import io.flotilla.metadata.MetadataImage;
import io.flotilla.metadata.Operation;
import io.flotilla.metadata.PartitionAssignment;
import io.flotilla.metadata.core.RecoveryRules;
import io.flotilla.protocol.error.ErrorCode;
import io.flotilla.protocol.error.Refused;
import io.flotilla.protocol.v1.RecoverPartitionRequest;
import io.flotilla.protocol.v1.RecoverPartitionResponse;
import io.flotilla.protocol.v1.RecoverableReplica;
import io.flotilla.raftlog.partition.PartitionId;
import io.flotilla.raftlog.raft.GroupId;
import io.flotilla.raftlog.raft.PeerId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Recovers a partition that has lost a majority of its replicas: tells what is known of them, and begins only for a
 * caller who names the partition once more.
 *
 * <p>Threading: safe for all threads; nothing waits.
 */
final class PartitionRecovery {
    private final ControlRequests requests;
    private final BrokerLinks links;

    PartitionRecovery(ControlRequests requests, BrokerLinks links) {
        this.requests = requests;
        this.links = links;
    }

    /**
     * @throws Refused UNKNOWN_TOPIC, UNKNOWN_PARTITION, or INVALID_REQUEST for a wrong name, while a majority lives, or
     *     if the survivor cannot be used
     */
    CompletableFuture<RecoverPartitionResponse> recover(RecoverPartitionRequest request) {
        PartitionName name = Payloads.name(request.getPartition());
        boolean accepted = isAccepted(request.getAcceptLoss(), name);
        MetadataImage image = requests.image();
        UUID id = WireIds.chosenOperation(request.getOperationId());
        Optional<Operation> begun = image.operation(id);
        if (begun.isPresent()) { // by an earlier attempt, which the rules would refuse now
            return CompletableFuture.completedFuture(response(List.of(), begun));
        }
        Job.Recover job = job(image, name, request.getSurvivorBrokerId());
        RecoveryRules.refusalOf(image, job).ifPresent(rejected -> {
            throw new Refused(rejected.code(), rejected.message(), rejected.details());
        });
        CompletableFuture<List<RecoverableReplica>> known = look(image, job);
        if (!accepted) {
            return known.thenApply(replicas -> response(replicas, Optional.empty()));
        }
        return known.thenCompose(replicas -> {
            requireUsable(replicas.get(0), name);
            return requests.recover(id, job).thenApply(operation -> response(replicas, Optional.of(operation)));
        });
    }

    private static boolean isAccepted(String acceptLoss, PartitionName name) {
        String wanted = name.topic() + "-" + name.partition();
        if (!acceptLoss.isEmpty() && !acceptLoss.equals(wanted)) {
            throw new Refused(
                    ErrorCode.INVALID_REQUEST,
                    "the loss is accepted for partition '" + acceptLoss + "', but the one to be recovered is '" + wanted
                            + "'; nothing was changed",
                    Map.of("accept_loss", acceptLoss, "partition", wanted));
        }
        return !acceptLoss.isEmpty();
    }

    private Job.Recover job(MetadataImage image, PartitionName name, int survivorId) {
        PartitionId partition = ControlRequests.partitionOf(image, name);
        PartitionAssignment assignment = image.partition(partition).orElseThrow();
        PeerId survivor = assignment.voters().stream()
                .filter(voter -> voter.nodeId() == survivorId)
                .findFirst()
                .orElseGet(() -> ControlRequests.peerOf(image, survivorId));
        List<PeerId> givenUp = new ArrayList<>(assignment.voters());
        givenUp.remove(survivor);
        return new Job.Recover(partition, survivor, givenUp, assignment.incarnation() + 1);
    }

    /** What the brokers themselves tell, the survivor's first. Those that do not answer in time are told of as such. */
    private CompletableFuture<List<RecoverableReplica>> look(MetadataImage image, Job.Recover job) {
        GroupId group = job.partition().groupId(job.incarnation() - 1);
        List<PeerId> voters = new ArrayList<>(List.of(job.survivor()));
        voters.addAll(job.givenUp());
        List<CompletableFuture<RecoverableReplica>> answers = voters.stream()
                .map(voter -> links.describeMember(voter.nodeId(), image, group)
                        .handle((known, failure) -> replica(image, voter, known, failure)))
                .toList();
        return CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
                .thenApply(all -> answers.stream().map(CompletableFuture::join).toList());
    }

    private static RecoverableReplica replica(
            MetadataImage image, PeerId voter, @Nullable DescribeMemberResponse known, @Nullable Throwable failure) {
        RecoverableReplica.Builder replica = RecoverableReplica.newBuilder().setBrokerId(voter.nodeId());
        image.broker(voter.nodeId())
                .map(BrokerRegistration::status)
                .filter(BrokerStatus::isFenced)
                .ifPresent(status -> replica.setFencedSince(WireTimes.timestamp(status.fencedAtMillis())));
        if (known == null) {
            return replica.setUnknownBecause(String.valueOf(failure)).build();
        }
        return replica.setLogStartOffset(known.getLogStartOffset())
                .setHighWatermark(known.getHighWatermark())
                .setLastIndex(known.getLastIndex())
                .setLastTerm(known.getLastTerm())
                .setFailure(known.getFailure())
                .build();
    }

    private static void requireUsable(RecoverableReplica survivor, PartitionName name) {
        String obstacle = survivor.getUnknownBecause().isEmpty() ? survivor.getFailure() : survivor.getUnknownBecause();
        if (!obstacle.isEmpty()) {
            throw new Refused(
                    ErrorCode.INVALID_REQUEST,
                    "partition " + name + " cannot go on from broker " + survivor.getBrokerId()
                            + ", whose replica is of" + " no use now: " + obstacle
                            + "; nothing was changed. Mend that, or name another broker",
                    Map.of("broker_id", Integer.toString(survivor.getBrokerId())));
        }
    }

    private RecoverPartitionResponse response(List<RecoverableReplica> replicas, Optional<Operation> operation) {
        RecoverPartitionResponse.Builder response =
                RecoverPartitionResponse.newBuilder().addAllReplicas(replicas);
        operation.ifPresent(begun -> response.setOperation(OperationDescriptions.describe(begun, requests.image())));
        return response.build();
    }
}
