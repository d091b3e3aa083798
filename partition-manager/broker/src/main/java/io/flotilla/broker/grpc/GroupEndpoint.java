package io.flotilla.broker.grpc;

import io.flotilla.broker.concurrent.OpenStreams;
import io.flotilla.broker.group.GroupCoordinator;
import io.flotilla.broker.replica.PartitionName;
import io.flotilla.metadata.MetadataImage;
import io.flotilla.metadata.group.GroupCommand;
import io.flotilla.metadata.group.GroupEntry;
import io.flotilla.metadata.group.GroupMember;
import io.flotilla.metadata.group.GroupResult;
import io.flotilla.metadata.group.Groups;
import io.flotilla.protocol.error.ErrorCode;
import io.flotilla.protocol.error.LogException;
import io.flotilla.protocol.error.Refused;
import io.flotilla.protocol.v1.CommitOffsetsRequest;
import io.flotilla.protocol.v1.CommitOffsetsResponse;
import io.flotilla.protocol.v1.DeleteGroupRequest;
import io.flotilla.protocol.v1.DeleteGroupResponse;
import io.flotilla.protocol.v1.DeleteOffsetsRequest;
import io.flotilla.protocol.v1.DeleteOffsetsResponse;
import io.flotilla.protocol.v1.DescribeGroupRequest;
import io.flotilla.protocol.v1.DescribeGroupResponse;
import io.flotilla.protocol.v1.FetchOffsetsRequest;
import io.flotilla.protocol.v1.FetchOffsetsResponse;
import io.flotilla.protocol.v1.GroupServiceGrpc.GroupServiceImplBase;
import io.flotilla.protocol.v1.JoinGroupRequest;
import io.flotilla.protocol.v1.JoinGroupResponse;
import io.flotilla.protocol.v1.ListGroupsRequest;
import io.flotilla.protocol.v1.ListGroupsResponse;
import io.flotilla.protocol.v1.OffsetReset;
import io.flotilla.protocol.v1.OffsetToReset;
import io.flotilla.protocol.v1.ResetOffsetsRequest;
import io.flotilla.protocol.v1.ResetOffsetsResponse;
import io.flotilla.protocol.v1.TopicPartition;
import io.flotilla.raftlog.partition.PartitionId;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** {@code flotilla.v1.GroupService}. */
final class GroupEndpoint extends GroupServiceImplBase {
    private final GroupAccess access;
    private final Clock clock;
    private final ErrorAnswers errors;
    private final OpenStreams streams;
    private final Executor executor;
    private final UnaryAnswer answers;

    GroupEndpoint(GroupAccess access, Clock clock, ErrorAnswers errors, OpenStreams streams, Executor executor) {
        this.access = access;
        this.clock = clock;
        this.errors = errors;
        this.streams = streams;
        this.executor = executor;
        this.answers = new UnaryAnswer(errors, executor);
    }

    @Override
    public StreamObserver<JoinGroupRequest> joinGroup(StreamObserver<JoinGroupResponse> observer) {
        ServerCallStreamObserver<JoinGroupResponse> call = (ServerCallStreamObserver<JoinGroupResponse>) observer;
        GroupSession session = new GroupSession(call, access, errors, streams, executor, CallerHost.current());
        session.start();
        return session;
    }

    @Override
    public void commitOffsets(CommitOffsetsRequest request, StreamObserver<CommitOffsetsResponse> observer) {
        answers.send(observer, null, () -> commit(request));
    }

    private CompletableFuture<CommitOffsetsResponse> commit(CommitOffsetsRequest request) {
        GroupCoordinator coordinator = access.coordinator();
        MetadataImage image = coordinator.image();
        GroupRequests.requireCount(
                request.getOffsetsCount(),
                request.getOffsetsList().stream()
                        .map(offset -> Payloads.name(offset.getPartition()))
                        .distinct()
                        .count());
        CommitResults results = new CommitResults(request, errors);
        List<GroupCommand.Position> positions = new ArrayList<>();
        for (int i = 0; i < request.getOffsetsCount(); i++) {
            try {
                positions.add(GroupRequests.position(image, request.getOffsets(i)));
                results.sent(i);
            } catch (LogException refused) {
                if (refused.code() == ErrorCode.INVALID_REQUEST) {
                    throw refused;
                }
                results.refused(i, refused);
            }
        }
        return coordinator
                .commit(new GroupCommand.Commit(request.getGroup(), GroupRequests.committer(request), positions))
                .thenApply(results::response);
    }

    @Override
    public void fetchOffsets(FetchOffsetsRequest request, StreamObserver<FetchOffsetsResponse> observer) {
        answers.send(observer, null, () -> {
            GroupCoordinator coordinator = access.coordinator();
            return coordinator.read().thenApply(groups -> fetch(request, groups, coordinator.image()));
        });
    }

    private static FetchOffsetsResponse fetch(FetchOffsetsRequest request, Groups groups, MetadataImage image) {
        FetchOffsetsResponse.Builder response = FetchOffsetsResponse.newBuilder();
        Optional<GroupEntry> entry = groups.group(request.getGroup());
        if (entry.isEmpty()) {
            return response.build();
        }
        if (request.getPartitionsCount() == 0) {
            entry.get().offsets().entrySet().stream()
                    .map(offset -> GroupDescriptions.committed(image, offset.getKey(), offset.getValue()))
                    .flatMap(Optional::stream)
                    .sorted(Comparator.comparing((io.flotilla.protocol.v1.CommittedOffset offset) ->
                                    offset.getPartition().getTopic())
                            .thenComparingInt(offset -> offset.getPartition().getPartition()))
                    .forEach(response::addOffsets);
            return response.build();
        }
        for (TopicPartition wanted : request.getPartitionsList()) {
            image.topic(wanted.getTopic())
                    .map(topic -> topic.partitionId(wanted.getPartition()))
                    .flatMap(id -> Optional.ofNullable(entry.get().offsets().get(id))
                            .flatMap(offset -> GroupDescriptions.committed(image, id, offset)))
                    .ifPresent(response::addOffsets);
        }
        return response.build();
    }

    @Override
    public void listGroups(ListGroupsRequest request, StreamObserver<ListGroupsResponse> observer) {
        answers.send(observer, null, () -> access.coordinator().read().thenApply(groups -> {
            ListGroupsResponse.Builder response = ListGroupsResponse.newBuilder();
            groups.all().forEach(entry -> response.addGroups(GroupDescriptions.summary(entry)));
            return response.build();
        }));
    }

    @Override
    public void describeGroup(DescribeGroupRequest request, StreamObserver<DescribeGroupResponse> observer) {
        answers.send(observer, null, () -> {
            GroupCoordinator coordinator = access.coordinator();
            return coordinator.read().thenCompose(groups -> {
                GroupEntry group = groups.group(request.getGroup())
                        .orElseThrow(() -> new Refused(
                                ErrorCode.UNKNOWN_GROUP,
                                "there is no consumer group '" + request.getGroup()
                                        + "'; list the groups to find its name",
                                Map.of("group", request.getGroup())));
                return access.lag(group).thenApply(lags -> DescribeGroupResponse.newBuilder()
                        .setDescription(GroupDescriptions.describe(group, coordinator.image(), coordinator, lags))
                        .build());
            });
        });
    }

    @Override
    public void resetOffsets(ResetOffsetsRequest request, StreamObserver<ResetOffsetsResponse> observer) {
        answers.send(observer, null, () -> reset(request));
    }

    private CompletableFuture<ResetOffsetsResponse> reset(ResetOffsetsRequest request) {
        GroupCoordinator coordinator = access.coordinator();
        Map<PartitionId, Long> wanted = new HashMap<>();
        List<PartitionId> inOrder = new ArrayList<>();
        for (OffsetToReset offset : request.getOffsetsList()) {
            PartitionName name = Payloads.name(offset.getPartition());
            PartitionId id = ControlRequests.partitionOf(coordinator.image(), name);
            wanted.put(id, GroupRequests.offset(name, offset.getOffset()));
            inOrder.add(id);
        }
        GroupRequests.requireCount(inOrder.size(), wanted.size());
        GroupCommand command = GroupCommand.ResetOffsets.of(request.getGroup(), wanted, clock.millis());
        return coordinator.change(request.getGroup(), command).thenApply(result -> {
            List<Long> before = ((GroupResult.Reset) result).before();
            List<PartitionId> sorted =
                    wanted.keySet().stream().sorted(GroupMember.ORDER).toList();
            ResetOffsetsResponse.Builder response = ResetOffsetsResponse.newBuilder();
            for (int i = 0; i < inOrder.size(); i++) {
                OffsetReset.Builder reset = OffsetReset.newBuilder()
                        .setPartition(request.getOffsets(i).getPartition())
                        .setOffset(request.getOffsets(i).getOffset());
                long previous = before.get(sorted.indexOf(inOrder.get(i)));
                if (previous >= 0) {
                    reset.setPreviousOffset(previous);
                }
                response.addResults(reset);
            }
            return response.build();
        });
    }

    @Override
    public void deleteGroup(DeleteGroupRequest request, StreamObserver<DeleteGroupResponse> observer) {
        answers.send(
                observer,
                null,
                () -> access.coordinator().change(request.getGroup(), new GroupCommand.DeleteGroup(request.getGroup())),
                done -> DeleteGroupResponse.getDefaultInstance());
    }

    @Override
    public void deleteOffsets(DeleteOffsetsRequest request, StreamObserver<DeleteOffsetsResponse> observer) {
        answers.send(
                observer,
                null,
                () -> {
                    GroupCoordinator coordinator = access.coordinator();
                    List<PartitionId> partitions = request.getPartitionsList().stream()
                            .map(partition ->
                                    ControlRequests.partitionOf(coordinator.image(), Payloads.name(partition)))
                            .toList();
                    GroupRequests.requireCount(
                            partitions.size(), partitions.stream().distinct().count());
                    return coordinator.change(
                            request.getGroup(), new GroupCommand.DeleteOffsets(request.getGroup(), partitions));
                },
                result -> DeleteOffsetsResponse.newBuilder()
                        .setDeletedCount(((GroupResult.Changed) result).removed())
                        .build());
    }
}
