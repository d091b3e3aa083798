package io.flotilla.broker.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import io.flotilla.broker.Broker;
import io.flotilla.broker.embedded.EmbeddedCluster;
import io.flotilla.broker.embedded.EmbeddedSettings;
import io.flotilla.protocol.v1.CommitOffsetsRequest;
import io.flotilla.protocol.v1.CommitOffsetsResponse;
import io.flotilla.protocol.v1.CommittedOffset;
import io.flotilla.protocol.v1.CreateTopicRequest;
import io.flotilla.protocol.v1.DeleteGroupRequest;
import io.flotilla.protocol.v1.DescribeClusterRequest;
import io.flotilla.protocol.v1.DescribeClusterResponse;
import io.flotilla.protocol.v1.DescribeGroupRequest;
import io.flotilla.protocol.v1.FetchOffsetsRequest;
import io.flotilla.protocol.v1.GoAwayReason;
import io.flotilla.protocol.v1.GroupAssignment;
import io.flotilla.protocol.v1.GroupDescription;
import io.flotilla.protocol.v1.GroupPartition;
import io.flotilla.protocol.v1.GroupState;
import io.flotilla.protocol.v1.GroupSubscription;
import io.flotilla.protocol.v1.JoinGroupOpen;
import io.flotilla.protocol.v1.JoinGroupResponse;
import io.flotilla.protocol.v1.ListGroupsRequest;
import io.flotilla.protocol.v1.NotLeader;
import io.flotilla.protocol.v1.OffsetToCommit;
import io.flotilla.protocol.v1.OffsetToReset;
import io.flotilla.protocol.v1.ResetOffsetsRequest;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Consumer groups over gRPC on three real brokers, all of them voters of the metadata. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init") // the fixture is made before the first test
class GroupServicesTest {
    private static final int PARTITIONS = 4;

    private EmbeddedCluster cluster;
    private final Map<Integer, WireClient> clients = new TreeMap<>();

    @BeforeAll
    void start(@TempDir Path folder) throws IOException {
        cluster = EmbeddedCluster.start(new EmbeddedSettings(3, folder.resolve("cluster"), 0));
        for (Broker broker : cluster.brokers()) {
            clients.put(broker.nodeId(), new WireClient(broker));
        }
    }

    @AfterAll
    void stop() {
        clients.values().forEach(WireClient::close);
        cluster.close();
    }

    private void createTopic(String name) {
        coordinator()
                .topics()
                .createTopic(CreateTopicRequest.newBuilder()
                        .setName(name)
                        .setPartitionCount(PARTITIONS)
                        .setReplicationFactor(1)
                        .build());
    }

    private int coordinatorId() {
        return await().atMost(WireClient.PATIENCE)
                .ignoreExceptionsInstanceOf(StatusRuntimeException.class)
                .until(this::leaderThatServes, leader -> leader > 0);
    }

    /** -1 while brokers do not agree, or it does not serve yet. */
    private int leaderThatServes() {
        Set<Integer> leaders = new HashSet<>();
        for (WireClient client : clients.values()) {
            DescribeClusterResponse response =
                    client.cluster().describeCluster(DescribeClusterRequest.getDefaultInstance());
            leaders.add(response.hasMetadataLeaderBrokerId() ? response.getMetadataLeaderBrokerId() : -1);
        }
        int leader = leaders.iterator().next();
        if (leaders.size() != 1 || !clients.containsKey(leader)) {
            return -1;
        }
        client(leader).groups().listGroups(ListGroupsRequest.getDefaultInstance());
        return leader;
    }

    private WireClient coordinator() {
        return client(coordinatorId());
    }

    private WireClient client(int brokerId) {
        return Objects.requireNonNull(clients.get(brokerId));
    }

    private static String reasonOf(WireMember ended) {
        await().atMost(WireClient.PATIENCE).until(() -> ended.inbox().failure() != null);
        return WireClient.reasonOf(
                (StatusRuntimeException) Objects.requireNonNull(ended.inbox().failure()));
    }

    private CommitOffsetsResponse commit(
            String group, String member, int epoch, String topic, long offset, int... numbers) {
        CommitOffsetsRequest.Builder request = CommitOffsetsRequest.newBuilder()
                .setGroup(group)
                .setMemberId(member)
                .setMemberEpoch(epoch);
        for (int number : numbers) {
            request.addOffsets(OffsetToCommit.newBuilder()
                    .setPartition(WireClient.partition(topic, number))
                    .setOffset(offset)
                    .setLeaderEpoch(1)
                    .setMetadata("note"));
        }
        return coordinator().groups().commitOffsets(request.build());
    }

    private List<CommittedOffset> offsets(String group) {
        return coordinator()
                .groups()
                .fetchOffsets(FetchOffsetsRequest.newBuilder().setGroup(group).build())
                .getOffsetsList();
    }

    private GroupDescription describe(String group) {
        return coordinator()
                .groups()
                .describeGroup(DescribeGroupRequest.newBuilder().setGroup(group).build())
                .getDescription();
    }

    private static void assertRefused(ThrowingCallable call, String reason) {
        assertThatThrownBy(call).isInstanceOfSatisfying(StatusRuntimeException.class, failure -> assertThat(
                        WireClient.reasonOf(failure))
                .isEqualTo("ERROR_REASON_" + reason));
    }

    @Test
    void shouldHandPartitionsOverOnceTheirOwnerHasAcknowledged() throws InterruptedException {
        createTopic("handed");
        WireMember first = new WireMember(coordinator(), WireMember.open("handing", "a", "handed"));
        assertThat(first.opened().getHeartbeatInterval().getSeconds()).isEqualTo(3);
        GroupAssignment all = first.settled(PARTITIONS);

        WireMember second = new WireMember(coordinator(), WireMember.open("handing", "b", "handed"));
        GroupAssignment nothing = second.assignment(next -> true);
        GroupAssignment half = first.assignment(next -> next.getRevokedCount() > 0);

        assertThat(nothing.getPartitionsList()).isEmpty();
        assertThat(half.getPartitionsCount()).isEqualTo(2);
        assertThat(half.getRevokeWithin().getSeconds()).isBetween(200L, 300L);
        assertThat(describe("handing").getState()).isEqualTo(GroupState.GROUP_STATE_RECONCILING);
        assertThat(commit("handing", "a", all.getMemberEpoch(), "handed", 7, 0, 1, 2, 3)
                        .getResultsList())
                .as("it may still commit what it is to give up")
                .noneMatch(result -> result.hasError());

        first.acknowledge(half);
        GroupAssignment other = second.settled(2);

        assertThat(WireMember.numbers(other.getPartitionsList())).isEqualTo(WireMember.numbers(half.getRevokedList()));
        assertThat(describe("handing").getState()).isEqualTo(GroupState.GROUP_STATE_STABLE);
        int lost = half.getRevoked(0).getPartition().getPartition();
        int kept = half.getPartitions(0).getPartition().getPartition();
        CommitOffsetsResponse late = commit("handing", "a", all.getMemberEpoch(), "handed", 9, lost, kept);
        assertThat(WireClient.reasonOf(late.getResults(0).getError())).isEqualTo("ERROR_REASON_FENCED_MEMBER_EPOCH");
        assertThat(late.getResults(1).hasError()).isFalse();
        assertThat(offsets("handing")).extracting(CommittedOffset::getOffset).containsExactlyInAnyOrder(7L, 7L, 7L, 9L);

        first.leave(false);
        second.settled(PARTITIONS);
        await().atMost(WireClient.PATIENCE).until(first.inbox()::isCompleted);
        assertRefused(() -> commit("handing", "a", 2, "handed", 10, kept), "UNKNOWN_MEMBER");
        assertRefused(() -> commit("handing", "", 0, "handed", 10, kept), "GROUP_NOT_EMPTY");
    }

    @Test
    void shouldNameTheCoordinator() {
        int leader = coordinatorId();
        WireClient other = client(leader % 3 + 1);

        assertThatThrownBy(() -> other.groups().listGroups(ListGroupsRequest.getDefaultInstance()))
                .isInstanceOfSatisfying(StatusRuntimeException.class, failure -> {
                    assertThat(WireClient.reasonOf(failure)).isEqualTo("ERROR_REASON_NOT_LEADER");
                    assertThat(notLeader(failure).getLeader().getBrokerId()).isEqualTo(leader);
                });
    }

    private static NotLeader notLeader(StatusRuntimeException failure) {
        return StatusProto.fromThrowable(failure).getDetailsList().stream()
                .filter(detail -> detail.is(NotLeader.class))
                .map(GroupServicesTest::unpack)
                .findFirst()
                .orElseThrow();
    }

    private static NotLeader unpack(Any detail) {
        try {
            return detail.unpack(NotLeader.class);
        } catch (IOException malformed) {
            throw new AssertionError(malformed);
        }
    }

    @Test
    void shouldRemoveAMemberThatIsSilent() throws InterruptedException {
        createTopic("silent");
        WireMember silent = new WireMember(
                coordinator(),
                WireMember.open("silence", "mute", "silent").toBuilder()
                        .setSessionTimeout(Duration.newBuilder().setSeconds(1))
                        .build());
        silent.settled(PARTITIONS);
        WireMember alive = new WireMember(coordinator(), WireMember.open("silence", "b", "silent"));

        alive.settled(PARTITIONS);

        assertThat(reasonOf(silent)).isEqualTo("ERROR_REASON_UNKNOWN_MEMBER");
        assertThat(describe("silence").getRebalancesList())
                .anyMatch(rebalance -> rebalance.getReason().startsWith("mute has been silent for"));
        WireMember back = new WireMember(
                coordinator(),
                WireMember.open("silence", "mute", "silent").toBuilder()
                        .setMemberEpoch(1)
                        .build());
        assertThat(reasonOf(back)).isEqualTo("ERROR_REASON_UNKNOWN_MEMBER");
    }

    @Test
    void shouldRemoveAMemberThatDoesNotGivePartitionsUp() throws InterruptedException {
        createTopic("stuck");
        WireMember stuck = new WireMember(
                coordinator(),
                WireMember.open("sticking", "a", "stuck").toBuilder()
                        .setRevocationTimeout(Duration.newBuilder().setNanos(500_000_000))
                        .build());
        stuck.settled(PARTITIONS);

        WireMember second = new WireMember(coordinator(), WireMember.open("sticking", "b", "stuck"));

        second.settled(PARTITIONS);
        assertThat(describe("sticking").getRebalancesList())
                .anyMatch(rebalance -> rebalance.getReason().startsWith("a has not given up 2 partitions"));
    }

    @Test
    void shouldGiveTopicsThatComeLaterToThoseWhoWantThem() throws InterruptedException {
        WireMember early = new WireMember(coordinator(), WireMember.open("early", "a", "later"));
        early.settled(0);
        assertThat(describe("early").getMissingTopicsList()).containsExactly("later");

        createTopic("later");

        early.settled(PARTITIONS);
        assertThat(describe("early").getMissingTopicsList()).isEmpty();
    }

    /** As after a change of the coordinator, which knows of patterns what members tell it. */
    @Test
    void shouldGiveAMemberThatComesBackWhatItsPatternMatchesByThen() throws InterruptedException {
        createTopic("matched-a");
        JoinGroupOpen open = WireMember.open("matching", "a").toBuilder()
                .setSubscription(GroupSubscription.newBuilder().setTopicPattern("matched-."))
                .build();
        WireMember member = new WireMember(coordinator(), open);
        int epoch = member.settled(PARTITIONS).getMemberEpoch();
        member.hangUp();
        await().atMost(WireClient.PATIENCE).until(member.inbox()::isCompleted);
        createTopic("matched-b");

        WireMember back = new WireMember(
                coordinator(), open.toBuilder().setMemberEpoch(epoch).build());

        back.settled(2 * PARTITIONS);
    }

    @Test
    void shouldEndAStreamThatAnotherReplaces() throws InterruptedException {
        createTopic("twice");
        WireMember former = new WireMember(coordinator(), WireMember.open("replacing", "a", "twice"));
        GroupAssignment before = former.settled(PARTITIONS);

        WireMember latter = new WireMember(coordinator(), WireMember.open("replacing", "a", "twice"));

        assertThat(latter.settled(PARTITIONS)).isEqualTo(before);
        assertThat(former.until(JoinGroupResponse::hasGoAway).getGoAway().getReason())
                .isEqualTo(GoAwayReason.GO_AWAY_REASON_REPLACED);
    }

    @Test
    void shouldKeepAStaticMembersPlace() throws InterruptedException {
        createTopic("static");
        WireMember first = new WireMember(
                coordinator(),
                WireMember.open("statics", "one", "static").toBuilder()
                        .setInstanceId("i")
                        .build());
        GroupAssignment before = first.settled(PARTITIONS);
        first.leave(true);
        await().atMost(WireClient.PATIENCE).until(first.inbox()::isCompleted);

        WireMember next = new WireMember(
                coordinator(),
                WireMember.open("statics", "two", "static").toBuilder()
                        .setInstanceId("i")
                        .build());

        assertThat(next.settled(PARTITIONS).getMemberEpoch()).isEqualTo(before.getMemberEpoch());
        assertThat(describe("statics").getRebalancesCount()).isOne();
    }

    @Test
    void shouldResetListAndDeleteAGroupWithoutMembers() {
        createTopic("reset");
        commit("resetting", "", 0, "reset", 5, 1);
        ResetOffsetsRequest request = ResetOffsetsRequest.newBuilder()
                .setGroup("resetting")
                .addOffsets(OffsetToReset.newBuilder()
                        .setPartition(WireClient.partition("reset", 1))
                        .setOffset(2))
                .addOffsets(OffsetToReset.newBuilder()
                        .setPartition(WireClient.partition("reset", 0))
                        .setOffset(3))
                .build();

        var results = coordinator().groups().resetOffsets(request).getResultsList();

        assertThat(results.get(0).getPreviousOffset()).isEqualTo(5);
        assertThat(results.get(1).hasPreviousOffset()).isFalse();
        assertThat(offsets("resetting")).extracting(CommittedOffset::getOffset).containsExactly(3L, 2L);
        assertThat(coordinator()
                        .groups()
                        .listGroups(ListGroupsRequest.getDefaultInstance())
                        .getGroupsList())
                .anyMatch(group -> group.getGroup().equals("resetting") && group.getOffsetCount() == 2);

        coordinator()
                .groups()
                .deleteGroup(
                        DeleteGroupRequest.newBuilder().setGroup("resetting").build());
        assertThat(offsets("resetting")).isEmpty();
        assertRefused(() -> describe("resetting"), "UNKNOWN_GROUP");
        assertThat(WireClient.reasonOf(
                        commit("resetting", "", 0, "none", 5, 1).getResults(0).getError()))
                .isEqualTo("ERROR_REASON_UNKNOWN_TOPIC");
    }

    @Test
    void shouldTellHowFarAGroupIsBehind() {
        createTopic("late");
        await().atMost(WireClient.PATIENCE).until(() -> coordinator().leaderOf("late") > 0);
        WireClient leader = client(coordinator().leaderOf("late"));
        leader.append(WireClient.partition("late", 0), "a", "b"); // their timestamp is second 1 of 1970
        leader.append(WireClient.partition("late", 0), "c");
        commit("lagging", "", 0, "late", 2, 0);
        commit("lagging", "", 0, "late", 0, 1);

        long before = System.currentTimeMillis();
        GroupPartition behind = describe("lagging").getPartitions(0);

        assertThat(behind.getPartition()).isEqualTo(WireClient.partition("late", 0));
        assertThat(behind.getCommittedOffset()).isEqualTo(2);
        assertThat(behind.getHighWatermark()).isEqualTo(3);
        assertThat(behind.getLagRecords()).isOne();
        assertThat(behind.getLag().getSeconds() * 1_000 + behind.getLag().getNanos() / 1_000_000)
                .isBetween(before - 1_000, System.currentTimeMillis() - 1_000);
        await().atMost(WireClient.PATIENCE)
                .untilAsserted(() -> assertThat(describe("lagging").getPartitions(1))
                        .as("nothing was ever written to it")
                        .isEqualTo(GroupPartition.newBuilder()
                                .setPartition(WireClient.partition("late", 1))
                                .setCommittedOffset(0)
                                .setHighWatermark(0)
                                .setLagRecords(0)
                                .setLag(Duration.getDefaultInstance())
                                .build()));

        commit("lagging", "", 0, "late", 3, 0);

        GroupPartition done = describe("lagging").getPartitions(0);
        assertThat(done.getLagRecords()).isZero();
        assertThat(done.getLag()).isEqualTo(Duration.getDefaultInstance());
    }

    /** The next coordinator knows members, partitions and offsets; whoever comes back goes on as if nothing had been. */
    @Test
    void shouldMoveNoPartitionWhenTheCoordinatorFails() throws InterruptedException, IOException {
        createTopic("moved");
        WireMember first = new WireMember(coordinator(), WireMember.open("moving", "a", "moved"));
        first.settled(PARTITIONS);
        WireMember second = new WireMember(coordinator(), WireMember.open("moving", "b", "moved"));
        first.acknowledge(first.assignment(next -> next.getRevokedCount() > 0));
        GroupAssignment ofFirst = first.settled(2);
        GroupAssignment ofSecond = second.settled(2);
        commit(
                "moving",
                "a",
                ofFirst.getMemberEpoch(),
                "moved",
                11,
                ofFirst.getPartitions(0).getPartition().getPartition());
        GroupDescription before = describe("moving");
        int stopped = coordinatorId();

        client(stopped).close();
        clients.remove(stopped);
        cluster.stop(stopped);

        WireMember firstAgain = new WireMember(coordinator(), again("a", ofFirst));
        WireMember secondAgain = new WireMember(coordinator(), again("b", ofSecond));
        assertThat(firstAgain.settled(2)).isEqualTo(ofFirst);
        assertThat(secondAgain.settled(2)).isEqualTo(ofSecond);
        GroupDescription after = describe("moving");
        assertThat(after.getEpoch()).isEqualTo(before.getEpoch());
        assertThat(after.getRebalancesList()).isEqualTo(before.getRebalancesList());
        assertThat(offsets("moving")).extracting(CommittedOffset::getOffset).containsExactly(11L);
        assertThat(commit(
                                "moving",
                                "a",
                                ofFirst.getMemberEpoch(),
                                "moved",
                                12,
                                ofFirst.getPartitions(0).getPartition().getPartition())
                        .getResults(0)
                        .hasError())
                .isFalse();

        clients.put(stopped, new WireClient(cluster.restart(stopped)));
    }

    private static JoinGroupOpen again(String member, GroupAssignment last) {
        return WireMember.open("moving", member, "moved").toBuilder()
                .setMemberEpoch(last.getMemberEpoch())
                .setAssignmentVersion(last.getVersion())
                .build();
    }
}
