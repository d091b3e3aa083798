package io.flotilla.raftlog.raft.ratis;

import static io.flotilla.raftlog.raft.ratis.Hosts.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.flotilla.protocol.error.ErrorCode;
import io.flotilla.protocol.error.LogException;
import io.flotilla.raftlog.raft.DamagedMember;
import io.flotilla.raftlog.raft.GroupId;
import io.flotilla.raftlog.raft.Leadership;
import io.flotilla.raftlog.raft.Peer;
import io.flotilla.raftlog.raft.PeerId;
import io.flotilla.raftlog.raft.ReplicatedGroup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A member that lost its memory leaves its group and comes back as a voter that remembers nothing. */
class MemberReturnTest {
    private static final GroupId GROUP = new GroupId(new UUID(6, 1));

    @TempDir
    @SuppressWarnings("NullAway.Init") // by JUnit
    private Path directory;

    @Test
    void shouldComeBackAsAVoter() throws IOException {
        try (Hosts hosts = Hosts.start(3, directory)) {
            hosts.create(GROUP);
            int leader = hosts.awaitLeader(GROUP);
            int damaged = leader % 3 + 1;
            int third = damaged % 3 + 1;
            propose(hosts, leader, "before");
            damageVote(hosts, damaged);
            assertThat(hosts.host(damaged).refusal(GROUP)).containsInstanceOf(DamagedMember.class);
            assertThatThrownBy(() -> hosts.host(damaged).create(GROUP, hosts.peers()))
                    .isInstanceOf(DamagedMember.class);
            propose(hosts, hosts.awaitLeader(GROUP), "while it is out");

            comeBack(hosts, damaged);

            await().atMost(PATIENCE)
                    .until(() -> hosts.state(damaged, GROUP).entries().equals(List.of("before", "while it is out")));
            assertThat(setAside()).hasSize(1);
            hosts.stop(third);
            int next = hosts.awaitLeader(GROUP);
            propose(hosts, next, "with its vote alone");
            hosts.start(third);
            hosts.stop(damaged);
            hosts.start(damaged);
            assertThat(hosts.host(damaged).refusal(GROUP)).isEmpty();
            propose(hosts, hosts.awaitLeader(GROUP), "after another start");
        }
    }

    @Test
    void shouldNeitherVoteNorStandUntilItIsAVoterAgain() throws IOException {
        try (Hosts hosts = Hosts.start(3, directory)) {
            hosts.create(GROUP);
            int leader = hosts.awaitLeader(GROUP);
            int damaged = leader % 3 + 1;
            int third = damaged % 3 + 1;
            propose(hosts, leader, "a");
            damageVote(hosts, damaged);
            List<Peer> all = hosts.peers();
            changePeers(hosts, all, without(all, damaged));
            hosts.host(damaged).rejoin(GROUP);
            hosts.stop(third);

            // One of two voters is away; if the member that came back voted, the group would have a leader again.
            await().atMost(PATIENCE)
                    .until(() -> !hosts.group(leader, GROUP).leadership().isLeader());
            await().during(Duration.ofSeconds(3))
                    .atMost(PATIENCE)
                    .until(() -> !hosts.group(leader, GROUP).leadership().isLeader()
                            && hosts.group(damaged, GROUP).leadership().role() == Leadership.Role.FOLLOWER);
            assertThat(hosts.group(damaged, GROUP).peers()).isEmpty();
        }
    }

    @Test
    void shouldNotBeTrustedIfTheProcessEndsBeforeItIsAVoterAgain() throws IOException {
        try (Hosts hosts = Hosts.start(3, directory)) {
            hosts.create(GROUP);
            int leader = hosts.awaitLeader(GROUP);
            int damaged = leader % 3 + 1;
            propose(hosts, leader, "a");
            damageVote(hosts, damaged);
            List<Peer> all = hosts.peers();
            changePeers(hosts, all, without(all, damaged));
            hosts.host(damaged).rejoin(GROUP);
            assertThat(hosts.host(damaged).rejoin(GROUP))
                    .isSameAs(hosts.host(damaged).group(GROUP).orElseThrow());

            hosts.stop(damaged);
            hosts.start(damaged);

            assertThat(hosts.host(damaged).refusal(GROUP)).hasValueSatisfying(reason -> assertThat(reason)
                    .isInstanceOf(DamagedMember.class)
                    .hasMessageContaining("was coming back when the process ended"));
            assertThatThrownBy(() -> hosts.host(damaged).create(GROUP, all)).isInstanceOf(DamagedMember.class);
            assertThatThrownBy(() -> hosts.host(damaged).resume(GROUP)).isInstanceOf(DamagedMember.class);
            assertThatThrownBy(() -> hosts.host(damaged).rejoined(GROUP)).isInstanceOf(IOException.class);
            comeBack(hosts, damaged);
            await().atMost(PATIENCE)
                    .until(() -> hosts.state(damaged, GROUP).entries().equals(List.of("a")));
            assertThat(setAside()).hasSize(1);
        }
    }

    @Test
    void shouldComeBackWithoutAFolder() throws IOException {
        try (Hosts hosts = Hosts.start(3, directory)) {
            hosts.create(GROUP);
            int leader = hosts.awaitLeader(GROUP);
            int lost = leader % 3 + 1;
            propose(hosts, leader, "a");
            await().atMost(PATIENCE)
                    .until(() -> hosts.state(lost, GROUP).entries().size() == 1);
            hosts.stop(lost);
            Files.move(hosts.raftFolder(lost).resolve(GROUP.toString()), directory.resolve("lost"));
            hosts.start(lost);
            assertThatThrownBy(() -> hosts.host(lost).create(GROUP, hosts.peers()))
                    .isInstanceOf(DamagedMember.class)
                    .hasMessageContaining("no Raft log");

            comeBack(hosts, lost);

            propose(hosts, hosts.awaitLeader(GROUP), "b");
            await().atMost(PATIENCE)
                    .until(() -> hosts.state(lost, GROUP).entries().equals(List.of("a", "b")));
        }
    }

    /** What makes the new one a member is an entry that only it can send: nothing of it is in any file here before. */
    @Test
    void shouldFollowALeaderThatBecameAMemberWhileItWasAway() throws IOException {
        try (Hosts hosts = Hosts.start(4, directory)) {
            List<Peer> all = hosts.peers();
            List<Peer> first = without(all, 4);
            for (int node = 1; node <= 3; node++) {
                hosts.host(node).create(GROUP, first);
            }
            int leader = hosts.awaitLeader(GROUP);
            int away = leader % 3 + 1;
            propose(hosts, leader, "a");
            await().atMost(PATIENCE)
                    .until(() -> hosts.state(away, GROUP).entries().equals(List.of("a")));
            hosts.stop(away);

            hosts.host(4).rejoin(GROUP);
            changePeers(hosts, first, all);
            changePeers(hosts, all, without(all, leader));
            await().atMost(PATIENCE).until(() -> hosts.group(4, GROUP).peers().size() == 3);
            hosts.host(4).rejoined(GROUP);
            await().atMost(PATIENCE).until(() -> hosts.awaitLeader(GROUP) != leader);
            awaitLeaderAt(hosts, 4);
            hosts.start(away);
            propose(hosts, 4, "b");

            await().atMost(PATIENCE)
                    .until(() -> hosts.state(away, GROUP).entries().equals(List.of("a", "b")));
            assertThat(idsOf(hosts.group(away, GROUP).peers())).isEqualTo(idsOf(without(all, leader)));
        }
    }

    private static void awaitLeaderAt(Hosts hosts, int node) {
        await().atMost(PATIENCE).until(() -> {
            int leader = hosts.awaitLeader(GROUP);
            return leader == node
                    || hosts.group(leader, GROUP)
                            .transferLeadership(Hosts.peerId(node))
                            .handle((done, failure) -> failure == null)
                            .join();
        });
    }

    @Test
    void shouldChangeFromTwoVotersToOneAndBack() throws IOException {
        try (Hosts hosts = Hosts.start(2, directory)) {
            hosts.create(GROUP);
            int leader = hosts.awaitLeader(GROUP);
            int other = leader % 2 + 1;
            propose(hosts, leader, "a");

            List<Peer> all = hosts.peers();
            changePeers(hosts, all, without(all, other));
            await().atMost(PATIENCE)
                    .until(() -> hosts.state(other, GROUP).failure() != null
                            || hosts.group(other, GROUP).peers().size() == 1);
            hosts.host(other).suspend(GROUP);
            propose(hosts, leader, "alone");
            hosts.host(other).rejoin(GROUP);
            changePeers(hosts, without(all, other), all);
            hosts.host(other).rejoined(GROUP);

            propose(hosts, leader, "both");
            await().atMost(PATIENCE)
                    .until(() -> hosts.state(other, GROUP).entries().equals(List.of("a", "alone", "both")));
        }
    }

    @Test
    void shouldNotBeginAChangeThatCannotBeCommitted() throws IOException {
        try (Hosts hosts = Hosts.start(2, directory)) {
            hosts.create(GROUP);
            int leader = hosts.awaitLeader(GROUP);
            int dead = leader % 2 + 1;
            propose(hosts, leader, "a");
            List<Peer> all = hosts.peers();
            hosts.stop(dead);

            assertThat(hosts.group(leader, GROUP).changePeers(all, without(all, dead)))
                    .failsWithin(PATIENCE)
                    .withThrowableThat()
                    .havingCause()
                    .isInstanceOfSatisfying(
                            LogException.class,
                            error -> assertThat(error.code().retriable()).isTrue());

            hosts.start(dead);
            int next = hosts.awaitLeader(GROUP);
            propose(hosts, next, "b");
            assertThat(hosts.group(next, GROUP).peers()).hasSize(2);
        }
    }

    @Test
    void shouldRefuseAChangeOfOtherPeersThanThereAre() throws IOException {
        try (Hosts hosts = Hosts.start(3, directory)) {
            hosts.create(GROUP);
            int leader = hosts.awaitLeader(GROUP);
            propose(hosts, leader, "a");
            List<Peer> all = hosts.peers();

            assertThat(hosts.group(leader, GROUP).changePeers(without(all, leader % 3 + 1), all))
                    .failsWithin(PATIENCE)
                    .withThrowableThat()
                    .havingCause()
                    .isInstanceOfSatisfying(LogException.class, error -> assertThat(error.code())
                            .isEqualTo(ErrorCode.LEADER_NOT_READY));
            assertThat(hosts.group(leader % 3 + 1, GROUP).changePeers(all, all))
                    .failsWithin(PATIENCE)
                    .withThrowableThat()
                    .havingCause()
                    .isInstanceOfSatisfying(LogException.class, error -> assertThat(error.code())
                            .isEqualTo(ErrorCode.NOT_LEADER));
        }
    }

    /** Majorities of before and after would not overlap. */
    @Test
    void shouldRefuseToExchangeOneVoterForAnother() throws IOException {
        try (Hosts hosts = Hosts.start(4, directory)) {
            List<Peer> all = hosts.peers();
            List<Peer> first = without(all, 4);
            for (int node = 1; node <= 3; node++) {
                hosts.host(node).create(GROUP, first);
            }
            int leader = hosts.awaitLeader(GROUP);
            hosts.host(4).rejoin(GROUP);

            assertThat(hosts.group(leader, GROUP).changePeers(first, without(all, leader % 3 + 1)))
                    .failsWithin(PATIENCE)
                    .withThrowableThat()
                    .havingCause()
                    .isInstanceOfSatisfying(LogException.class, error -> assertThat(error.code())
                            .isEqualTo(ErrorCode.INVALID_REQUEST))
                    .withMessageContaining("4-d4")
                    .withMessageContaining("at a time");
            assertThat(idsOf(hosts.group(leader, GROUP).peers())).isEqualTo(idsOf(first));
        }
    }

    /** What a broker does with a member refused as damaged. */
    private static void comeBack(Hosts hosts, int node) throws IOException {
        List<Peer> all = hosts.peers();
        changePeers(hosts, all, without(all, node));
        hosts.host(node).rejoin(GROUP);
        List<Peer> reversed = new ArrayList<>(without(all, node));
        Collections.reverse(reversed);
        changePeers(hosts, reversed, all);
        hosts.host(node).rejoined(GROUP);
    }

    /** On whichever member leads, again and again until it succeeds. */
    private static void changePeers(Hosts hosts, List<Peer> expected, List<Peer> wanted) {
        await().atMost(PATIENCE).until(() -> {
            ReplicatedGroup leader = hosts.group(hosts.awaitLeader(GROUP), GROUP);
            return idsOf(leader.peers()).equals(idsOf(wanted)) || isChanged(leader, expected, wanted);
        });
    }

    private static boolean isChanged(ReplicatedGroup leader, List<Peer> expected, List<Peer> wanted) {
        return leader.changePeers(expected, wanted)
                .handle((changed, failure) -> failure == null)
                .join();
    }

    private static Set<PeerId> idsOf(List<Peer> peers) {
        return peers.stream().map(Peer::id).collect(Collectors.toSet());
    }

    private static List<Peer> without(List<Peer> peers, int node) {
        return peers.stream()
                .filter(peer -> !peer.id().equals(Hosts.peerId(node)))
                .toList();
    }

    private static void propose(Hosts hosts, int node, String entry) {
        hosts.propose(node, GROUP, entry);
    }

    private static void damageVote(Hosts hosts, int node) throws IOException {
        hosts.stop(node);
        Path vote = hosts.logFolder(node, GROUP).resolve("raft-meta");
        Files.writeString(vote, Files.readString(vote).replace("term=", "term=x"));
        hosts.start(node);
    }

    private List<Path> setAside() throws IOException {
        try (Stream<Path> entries = Files.list(directory.resolve("quarantine").resolve("raft"))) {
            return entries.toList();
        }
    }
}
