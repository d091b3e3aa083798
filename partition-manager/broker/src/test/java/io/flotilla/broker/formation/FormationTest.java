package io.flotilla.broker.formation;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.broker.config.SeedList;
import io.flotilla.broker.formation.Decision.Belong;
import io.flotilla.broker.formation.Decision.Blocked;
import io.flotilla.broker.formation.Decision.Wait;
import io.flotilla.broker.identity.Membership;
import io.flotilla.raftlog.raft.Peer;
import io.flotilla.raftlog.raft.PeerId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FormationTest {
    private static final SeedList SEEDS = SeedList.parse("1@a:9094,2@b:9094,3@c:9094");
    private static final Peer ONE = peer(1, "d1");
    private static final Peer TWO = peer(2, "d2");
    private static final Peer THREE = peer(3, "d3");
    private static final Membership FORMED = new Membership("formed", List.of(ONE, TWO, THREE));

    @Test
    void shouldFormOnceAllSeedsAreEmptyAndAgree() {
        Map<Integer, SeedAnswer> answers = Map.of(1, empty(ONE), 2, empty(TWO), 3, empty(THREE));

        Belong first = (Belong) Formation.decide(1, SEEDS, answers);

        assertThat(first.formed()).isTrue();
        assertThat(first.membership().voters()).containsExactly(ONE, TWO, THREE);
        assertThat(first.membership().clusterId()).matches("[A-Za-z0-9_-]{22}");
        assertThat(Formation.decide(2, SEEDS, answers)).isEqualTo(first);
        assertThat(Formation.decide(3, SEEDS, answers)).isEqualTo(first);
    }

    @Test
    void shouldGiveOtherFoldersAnotherClusterId() {
        Belong first = (Belong) Formation.decide(1, SEEDS, Map.of(1, empty(ONE), 2, empty(TWO), 3, empty(THREE)));
        Belong second =
                (Belong) Formation.decide(1, SEEDS, Map.of(1, empty(ONE), 2, empty(TWO), 3, empty(peer(3, "d9"))));

        assertThat(first.membership().clusterId())
                .isNotEqualTo(second.membership().clusterId());
    }

    @Test
    void shouldFormAloneAtOnceAsTheOnlySeed() {
        SeedList alone = SeedList.parse("1@a:9094");
        SeedAnswer self = new SeedAnswer(ONE, Optional.empty(), alone.toString());

        assertThat(Formation.decide(1, alone, Map.of(1, self))).isInstanceOf(Belong.class);
    }

    @Test
    void shouldJoinWhatExistsHoweverFewAnswer() {
        Map<Integer, SeedAnswer> answers = Map.of(1, empty(ONE), 3, member(THREE, FORMED));

        Belong decision = (Belong) Formation.decide(1, SEEDS, answers);

        assertThat(decision.formed()).isFalse();
        assertThat(decision.membership()).isEqualTo(FORMED);
        assertThat(decision.membership().isVoter(ONE.id())).isTrue();
    }

    @Test
    void shouldTellWhichSeedBelongsToAnotherCluster() {
        Membership other = new Membership("other", List.of(TWO));

        assertThat(Formation.foreignTo(FORMED, Map.of(1, member(ONE, FORMED), 2, member(TWO, other))))
                .contains("seed 2 belongs to cluster other");
        assertThat(Formation.foreignTo(FORMED, Map.of(1, member(ONE, FORMED), 3, empty(THREE))))
                .isEmpty();
    }

    @Test
    void shouldLetAWipedSeedJoinWithoutAVote() {
        Peer wiped = peer(1, "fresh");

        Belong decision = (Belong) Formation.decide(1, SEEDS, Map.of(1, empty(wiped), 2, member(TWO, FORMED)));

        assertThat(decision.formed()).isFalse();
        assertThat(decision.membership().isVoter(wiped.id())).isFalse();
    }

    @Test
    void shouldNotFormBesideAnUnreachableSeed() {
        Decision decision = Formation.decide(1, SEEDS, Map.of(1, empty(ONE), 3, empty(THREE)));

        assertThat(((Wait) decision).reason()).contains("2@b:9094").doesNotContain("3@c:9094");
    }

    @Test
    void shouldNeverFormAsABrokerThatIsNoSeed() {
        Map<Integer, SeedAnswer> answers = Map.of(1, empty(ONE), 2, empty(TWO), 3, empty(THREE));

        assertThat(((Wait) Formation.decide(4, SEEDS, answers)).reason()).contains("not formed");
    }

    @Test
    void shouldNameBothListsWhenTheyDiffer() {
        SeedAnswer other = new SeedAnswer(TWO, Optional.empty(), "2@b:9094,3@c:9094,4@d:9094");

        Decision decision = Formation.decide(1, SEEDS, Map.of(1, empty(ONE), 2, other, 3, empty(THREE)));

        assertThat(((Blocked) decision).reason()).contains(SEEDS.toString(), "2@b:9094,3@c:9094,4@d:9094", "node 2");
    }

    @Test
    void shouldRefuseSeedsOfTwoClusters() {
        Membership other = new Membership("other", List.of(THREE));

        Decision decision =
                Formation.decide(1, SEEDS, Map.of(1, empty(ONE), 2, member(TWO, FORMED), 3, member(THREE, other)));

        assertThat(((Blocked) decision).reason()).contains("node 2 in formed", "node 3 in other");
    }

    @Test
    void shouldRefuseASeedThatAnswersAsAnotherNode() {
        Decision decision = Formation.decide(1, SEEDS, Map.of(1, empty(ONE), 2, empty(THREE)));

        assertThat(((Blocked) decision).reason()).contains("2@b:9094", "node 3");
    }

    @Test
    void shouldNotMindAddressesOfVotersThatChangedSince() {
        Membership moved = new Membership("formed", List.of(new Peer(ONE.id(), "elsewhere", 1), TWO, THREE));

        Decision decision =
                Formation.decide(1, SEEDS, Map.of(1, empty(ONE), 2, member(TWO, FORMED), 3, member(THREE, moved)));

        assertThat(decision).isInstanceOf(Belong.class);
    }

    /** Every combination of what three seeds can answer: silent, empty, with another list, or in the cluster. */
    @Test
    void shouldFormOnlyWhenAllThreeAreEmptyWhateverTheyAnswer() {
        for (List<Kind> kinds : combinations()) {
            Map<Integer, SeedAnswer> answers = new HashMap<>();
            List<Peer> peers = List.of(ONE, TWO, THREE);
            for (int index = 0; index < peers.size(); index++) {
                int nodeId = index + 1;
                answer(kinds.get(index), peers.get(index)).ifPresent(answer -> answers.put(nodeId, answer));
            }

            Decision decision = Formation.decide(1, SEEDS, answers);

            boolean exists = kinds.contains(Kind.MEMBER);
            boolean allEmpty = kinds.stream().allMatch(kind -> kind == Kind.EMPTY);
            assertThat(decision instanceof Belong)
                    .as("decision %s for %s", decision, kinds)
                    .isEqualTo(exists || allEmpty);
            if (decision instanceof Belong belong) {
                assertThat(belong.formed()).as("%s", kinds).isEqualTo(!exists);
            }
        }
    }

    private enum Kind {
        SILENT,
        EMPTY,
        OTHER_LIST,
        MEMBER
    }

    private static List<List<Kind>> combinations() {
        List<List<Kind>> combinations = new ArrayList<>();
        for (Kind two : Kind.values()) {
            for (Kind three : Kind.values()) {
                combinations.add(List.of(Kind.EMPTY, two, three));
            }
        }
        return combinations;
    }

    private static Optional<SeedAnswer> answer(Kind kind, Peer peer) {
        return switch (kind) {
            case SILENT -> Optional.empty();
            case EMPTY -> Optional.of(empty(peer));
            case OTHER_LIST -> Optional.of(new SeedAnswer(peer, Optional.empty(), "9@z:1"));
            case MEMBER -> Optional.of(member(peer, FORMED));
        };
    }

    private static SeedAnswer empty(Peer peer) {
        return new SeedAnswer(peer, Optional.empty(), SEEDS.toString());
    }

    private static SeedAnswer member(Peer peer, Membership membership) {
        return new SeedAnswer(peer, Optional.of(membership), SEEDS.toString());
    }

    private static Peer peer(int nodeId, String directoryId) {
        return new Peer(PeerId.of(nodeId, directoryId), "host-" + nodeId, 9095);
    }
}
