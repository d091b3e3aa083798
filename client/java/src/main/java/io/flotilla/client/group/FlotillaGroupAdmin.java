package io.flotilla.client.group;

import io.flotilla.client.ClientSettings;
import io.flotilla.client.CommittedOffset;
import io.flotilla.client.GroupAdmin;
import io.flotilla.client.GroupDescription;
import io.flotilla.client.GroupSummary;
import io.flotilla.client.TopicPartition;
import io.flotilla.client.transport.Answers;
import io.flotilla.client.transport.WirePartition;
import io.flotilla.protocol.v1.DeleteGroupRequest;
import io.flotilla.protocol.v1.DeleteOffsetsRequest;
import io.flotilla.protocol.v1.DescribeGroupRequest;
import io.flotilla.protocol.v1.GroupServiceGrpc;
import io.flotilla.protocol.v1.ListGroupsRequest;
import io.flotilla.protocol.v1.OffsetToReset;
import io.flotilla.protocol.v1.ResetOffsetsRequest;
import io.grpc.MethodDescriptor;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** Threading: safe. */
public final class FlotillaGroupAdmin implements GroupAdmin {
    private final ClientSettings settings;
    private final CoordinatorCalls calls;

    public FlotillaGroupAdmin(ClientSettings settings, CoordinatorCalls calls) {
        this.settings = settings;
        this.calls = calls;
    }

    @Override
    public List<GroupSummary> list() {
        return ask(GroupServiceGrpc.getListGroupsMethod(), ListGroupsRequest.getDefaultInstance())
                .getGroupsList()
                .stream()
                .map(WireGroups::summary)
                .toList();
    }

    @Override
    public GroupDescription describe(String group) {
        DescribeGroupRequest request =
                DescribeGroupRequest.newBuilder().setGroup(group).build();
        return WireGroups.description(
                ask(GroupServiceGrpc.getDescribeGroupMethod(), request).getDescription());
    }

    @Override
    public Map<TopicPartition, CommittedOffset> committed(String group) {
        return Answers.await(new CommittedOffsets(group, calls, settings.requestTimeout()).all());
    }

    @Override
    public void reset(String group, Map<TopicPartition, Long> offsets) {
        ResetOffsetsRequest.Builder request = ResetOffsetsRequest.newBuilder().setGroup(group);
        offsets.forEach((partition, offset) -> request.addOffsets(OffsetToReset.newBuilder()
                .setPartition(WirePartition.toProto(partition))
                .setOffset(offset)));
        var unused = ask(GroupServiceGrpc.getResetOffsetsMethod(), request.build());
    }

    @Override
    public void delete(String group) {
        DeleteGroupRequest request =
                DeleteGroupRequest.newBuilder().setGroup(group).build();
        var unused = ask(GroupServiceGrpc.getDeleteGroupMethod(), request);
    }

    @Override
    public int forget(String group, Collection<TopicPartition> partitions) {
        DeleteOffsetsRequest.Builder request = DeleteOffsetsRequest.newBuilder().setGroup(group);
        partitions.forEach(partition -> request.addPartitions(WirePartition.toProto(partition)));
        return ask(GroupServiceGrpc.getDeleteOffsetsMethod(), request.build()).getDeletedCount();
    }

    private <Q, R> R ask(MethodDescriptor<Q, R> method, Q request) {
        return Answers.await(calls.ask(method, request, settings.requestTimeout()));
    }
}
