package io.flotilla.cluster.suite;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.cluster.suite.ElectionLines.Reign;
import io.flotilla.cluster.suite.ElectionLines.Vote;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ElectionLinesTest {
    static final String CHANGE = "2026-11-28T00:43:16.700Z INFO  [x] o.a.r.s.RaftServer$Division"
            + " 1-ac60cc29977c18df@group-80F53BAB8FAA: change Leader from null to 1-ac60cc29977c18df at term 5 for"
            + " becomeLeader, leader elected after 1204ms";
    static final String READY =
            "2026-11-28T00:43:16.806Z INFO  [1-ac60cc29977c18df-raft-notices-1] i.f.r.r.r.RatisMember"
                    + " leadership group=7d132caa-73e1-3e77-94bd-80f53bab8faa role=LEADER term=5 leader=1-ac60cc29977c18df"
                    + " ready=true";
    private static final String FOLLOWED = "2026-11-28T00:43:16.720Z INFO  [x] o.a.r.s.RaftServer$Division"
            + " 2-91be@group-80F53BAB8FAA: change Leader from null to 1-ac60cc29977c18df at term 5 for APPEND_ENTRIES,"
            + " leader elected after 1258ms";
    private static final String VOTE = "2026-11-28T00:43:16.650Z INFO  [x] o.a.r.s.RaftServer$Division"
            + " 2-91be@group-80F53BAB8FAA replies to ELECTION vote request: 1-ac60cc29977c18df<-2-91be#0:OK-t5-last:(t:4,"
            + " i:17). Peer's state: 2-91be@group-80F53BAB8FAA:t5, leader=null, voted=1-ac60cc29977c18df";

    @Test
    void shouldReadAVote() {
        Vote vote = ElectionLines.voteIn(VOTE).orElseThrow();

        assertThat(vote)
                .isEqualTo(new Vote(
                        Instant.parse("2026-11-28T00:43:16.650Z"), "80F53BAB8FAA", 5, "1-ac60cc29977c18df", "2-91be"));
        assertThat(vote.voterId()).isEqualTo(2);
        assertThat(vote.candidateId()).isEqualTo(1);
    }

    @Test
    void shouldTakeNeitherARefusalNorARehearsalForAVote() {
        assertThat(ElectionLines.voteIn(VOTE.replace(":OK-", ":FAIL-"))).isEmpty();
        assertThat(ElectionLines.voteIn(VOTE.replace("ELECTION", "PRE_VOTE"))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {CHANGE, FOLLOWED, READY})
    void shouldReadALeader(String line) {
        assertThat(ElectionLines.reignIn(line)).contains(new Reign("80F53BAB8FAA", 5, "1-ac60cc29977c18df"));
        assertThat(ElectionLines.reignIn(line))
                .isEqualTo(ElectionLines.voteIn(VOTE).map(Vote::reign));
    }

    @Test
    void shouldTakeNobodyForALeaderWhoIsNotSureYet() {
        assertThat(ElectionLines.reignIn(READY.replace("ready=true", "ready=false")))
                .isEmpty();
        assertThat(ElectionLines.reignIn(CHANGE.replace(
                        "to 1-ac60cc29977c18df at term 5 for becomeLeader",
                        "to null at" + " term 5 for updateCurrentTerm")))
                .isEmpty();
    }
}
