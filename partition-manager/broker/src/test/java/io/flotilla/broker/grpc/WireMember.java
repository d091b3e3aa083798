package io.flotilla.broker.grpc;

import io.flotilla.protocol.v1.AssignedPartition;
import io.flotilla.protocol.v1.GroupAssignment;
import io.flotilla.protocol.v1.GroupServiceGrpc;
import io.flotilla.protocol.v1.GroupSubscription;
import io.flotilla.protocol.v1.JoinGroupAcknowledge;
import io.flotilla.protocol.v1.JoinGroupHeartbeat;
import io.flotilla.protocol.v1.JoinGroupLeave;
import io.flotilla.protocol.v1.JoinGroupOpen;
import io.flotilla.protocol.v1.JoinGroupOpened;
import io.flotilla.protocol.v1.JoinGroupRequest;
import io.flotilla.protocol.v1.JoinGroupResponse;
import io.grpc.stub.StreamObserver;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** A member of a group by hand: it says what it is told to say, and nothing else. */
final class WireMember {
    private final StreamObserver<JoinGroupRequest> requests;
    private final WireClient.Inbox<JoinGroupResponse> inbox = new WireClient.Inbox<>();

    WireMember(WireClient broker, JoinGroupOpen open) {
        requests = GroupServiceGrpc.newStub(broker.channel()).joinGroup(inbox);
        send(JoinGroupRequest.newBuilder().setOpen(open));
    }

    static JoinGroupOpen open(String group, String member, String... topics) {
        return JoinGroupOpen.newBuilder()
                .setGroup(group)
                .setMemberId(member)
                .setSubscription(GroupSubscription.newBuilder().addAllTopics(Set.of(topics)))
                .build();
    }

    private void send(JoinGroupRequest.Builder request) {
        requests.onNext(request.build());
    }

    void acknowledge(GroupAssignment assignment) {
        send(JoinGroupRequest.newBuilder()
                .setAcknowledge(JoinGroupAcknowledge.newBuilder().setAssignmentVersion(assignment.getVersion())));
    }

    void heartbeat() {
        send(JoinGroupRequest.newBuilder().setHeartbeat(JoinGroupHeartbeat.getDefaultInstance()));
    }

    void leave(boolean keepPlace) {
        send(JoinGroupRequest.newBuilder().setLeave(JoinGroupLeave.newBuilder().setKeepPlace(keepPlace)));
    }

    /** Ends the stream, not the membership. */
    void hangUp() {
        requests.onCompleted();
    }

    WireClient.Inbox<JoinGroupResponse> inbox() {
        return inbox;
    }

    JoinGroupOpened opened() throws InterruptedException {
        return until(JoinGroupResponse::hasOpened).getOpened();
    }

    /** The next assignment that is so. */
    GroupAssignment assignment(Predicate<GroupAssignment> condition) throws InterruptedException {
        return until(response -> response.hasAssignment() && condition.test(response.getAssignment()))
                .getAssignment();
    }

    /** The next assignment of so many partitions and none to give up. */
    GroupAssignment settled(int partitions) throws InterruptedException {
        return assignment(next -> next.getPartitionsCount() == partitions && next.getRevokedCount() == 0);
    }

    JoinGroupResponse until(Predicate<JoinGroupResponse> condition) throws InterruptedException {
        while (true) {
            JoinGroupResponse next = inbox.next();
            if (condition.test(next)) {
                return next;
            }
        }
    }

    static Set<Integer> numbers(Iterable<AssignedPartition> partitions) {
        return StreamSupport.stream(partitions.spliterator(), false)
                .map(partition -> partition.getPartition().getPartition())
                .collect(Collectors.toSet());
    }
}
