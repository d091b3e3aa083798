package io.flotilla.metadata.core;

import static io.flotilla.metadata.Fixtures.broker;
import static io.flotilla.metadata.Fixtures.brokerWithRoom;
import static io.flotilla.metadata.Fixtures.imageAfter;
import static io.flotilla.metadata.Fixtures.topic;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flotilla.metadata.MetadataCommand.DeleteTopic;
import io.flotilla.metadata.MetadataImage;
import io.flotilla.metadata.Topic;
import io.flotilla.raftlog.raft.PeerId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class PlacementTest {
    private static List<Integer> leaders(List<List<PeerId>> placed) {
        return placed.stream().map(replicas -> replicas.get(0).nodeId()).toList();
    }

    private static Map<Integer, Integer> replicaCounts(List<List<PeerId>> placed) {
        Map<Integer, Integer> counts = new HashMap<>();
        placed.forEach(replicas -> replicas.forEach(replica -> counts.merge(replica.nodeId(), 1, Integer::sum)));
        return counts;
    }

    @Test
    void shouldSpreadLeadersAndReplicasEvenly() {
        MetadataImage image = imageAfter(broker(1), broker(2), broker(3), broker(4));

        List<List<PeerId>> placed = Placement.in(image).place(8, 3).orElseThrow();

        assertThat(leaders(placed)).containsExactlyInAnyOrder(1, 1, 2, 2, 3, 3, 4, 4);
        assertThat(replicaCounts(placed).values()).containsOnly(6);
    }

    @Test
    void shouldPutSmallTopicsWhereThereIsRoom() {
        MetadataImage image = imageAfter(broker(1), broker(2), broker(3), topic("a", 1, 1), topic("b", 1, 1));

        assertThat(leaders(Placement.in(image).place(1, 1).orElseThrow())).containsExactly(3);
    }

    @Test
    void shouldNotGiveAWholeTopicToANewBroker() {
        MetadataImage image = imageAfter(broker(1), broker(2), topic("a", 100, 2), broker(3));

        assertThat(leaders(Placement.in(image).place(6, 1).orElseThrow())).containsExactly(3, 1, 2, 3, 1, 2);
    }

    @Test
    void shouldUseEveryOtherBrokerAsFollowerOfALeader() {
        MetadataImage image = imageAfter(broker(1), broker(2), broker(3), broker(4));

        Set<Integer> followers = Placement.in(image).place(16, 2).orElseThrow().stream()
                .filter(replicas -> replicas.get(0).nodeId() == 1)
                .map(replicas -> replicas.get(1).nodeId())
                .collect(Collectors.toSet());

        assertThat(followers).containsExactlyInAnyOrder(2, 3, 4);
    }

    @Test
    void shouldKeepReplicasInDifferentRacks() {
        MetadataImage image = imageAfter(
                broker(1, "d1", "a"),
                broker(2, "d2", "a"),
                broker(3, "d3", "b"),
                broker(4, "d4", "b"),
                broker(5, "d5", "c"));
        Map<Integer, String> racks = Map.of(1, "a", 2, "a", 3, "b", 4, "b", 5, "c");

        List<List<PeerId>> placed = Placement.in(image).place(20, 3).orElseThrow();

        assertThat(placed)
                .allSatisfy(replicas -> assertThat(replicas.stream().map(replica -> racks.get(replica.nodeId())))
                        .doesNotHaveDuplicates());
    }

    @Test
    void shouldFillRacksEvenlyWhenThereAreFewerThanReplicas() {
        MetadataImage image =
                imageAfter(broker(1, "d1", "a"), broker(2, "d2", "a"), broker(3, "d3", "a"), broker(4, "d4", "b"));

        assertThat(Placement.in(image).place(4, 2).orElseThrow())
                .allSatisfy(replicas -> assertThat(replicas.stream().filter(replica -> replica.nodeId() == 4))
                        .hasSize(1));
    }

    @Test
    void shouldNotCountReplicasOfADiskThatIsGone() {
        MetadataImage image = imageAfter(broker(1), broker(2), topic("a", 2, 2), broker(2, "wiped", ""));

        assertThat(Placement.in(image).place(1, 1).orElseThrow()).containsExactly(List.of(new PeerId("2-wiped")));
    }

    @Test
    void shouldFillEachBrokerToItsRoomAndNoFurther() {
        MetadataImage image = imageAfter(brokerWithRoom(1, 2), brokerWithRoom(2, 4), broker(3), topic("a", 1, 3));

        assertThat(replicaCounts(Placement.in(image).place(4, 2).orElseThrow())).isEqualTo(Map.of(1, 1, 2, 3, 3, 4));
        assertThat(Placement.in(image).place(5, 2)).isEmpty();
        assertThat(Placement.in(imageAfter(brokerWithRoom(1, 2), brokerWithRoom(2, 4), topic("a", 1, 2)))
                        .room())
                .isEqualTo(4);
    }

    @Test
    void shouldEvenOutATopicThatGrows() {
        MetadataImage image = imageAfter(broker(1), broker(2), topic("a", 4, 1), broker(3), broker(4));
        Topic grown = image.topic("a").orElseThrow();

        List<List<PeerId>> placed =
                Placement.in(image).growing(grown).place(4, 1).orElseThrow();

        assertThat(leaders(placed)).containsExactlyInAnyOrder(3, 3, 4, 4);
    }

    @Test
    void shouldNotPromiseRoomThatDeletedTopicsStillTake() {
        MetadataImage image = imageAfter(
                brokerWithRoom(1, 2), brokerWithRoom(2, 2), topic("a", 2, 1), new DeleteTopic("a", 0, 1), broker(3));

        assertThat(replicaCounts(Placement.in(image).place(6, 1).orElseThrow())).isEqualTo(Map.of(1, 1, 2, 1, 3, 4));
    }

    @Test
    void shouldRefuseMoreReplicasThanBrokers() {
        Placement placement = Placement.in(imageAfter(broker(1)));

        assertThatThrownBy(() -> placement.place(1, 2)).hasMessageContaining("2 does not fit 1 brokers");
    }
}
