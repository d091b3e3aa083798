package io.flotilla.raftlog.raft.ratis.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AppendRulesTest {
    private static final long NOTHING = -1;

    @Test
    void shouldSendWhatTheFollowerAsksFor() {
        assertThat(afterRefusal(10, 4, NOTHING)).isEqualTo(4);
        assertThat(AppendRules.nextAfterRefusal(10, 4, 2, NOTHING, true)).isEqualTo(4);
    }

    @Test
    void shouldSkipWhatTheFollowerHasCommitted() {
        assertThat(AppendRules.nextAfterRefusal(10, 21, 20, NOTHING, false)).isEqualTo(21);
    }

    /** A follower that takes over a state asks for what follows its log, whose end may be no entries of this leader. */
    @Test
    void shouldNotGoForwardToTheEndOfAnotherLeadersEntries() {
        assertThat(AppendRules.nextAfterRefusal(4, 34, 3, NOTHING, false)).isEqualTo(3);
        assertThat(AppendRules.nextAfterRefusal(10, 34, 3, NOTHING, false)).isEqualTo(9);
        assertThat(AppendRules.nextAfterRefusal(19, 34, 3, NOTHING, true)).isEqualTo(19);
    }

    @Test
    void shouldNotGoBackBehindWhatTheFollowerHasAcknowledged() {
        assertThat(afterRefusal(10, 2, 6)).isEqualTo(7);
    }

    @Test
    void shouldNeverRepeatTheRequestThatWasRefused() {
        assertThat(afterRefusal(7, 7, NOTHING)).isEqualTo(6);
        assertThat(afterRefusal(7, 3, 6)).isEqualTo(3);
        assertThat(afterRefusal(0, 0, NOTHING)).isZero();
    }

    /** By a follower that has committed nothing. */
    private static long afterRefusal(long refusedFirst, long asked, long match) {
        return AppendRules.nextAfterRefusal(refusedFirst, asked, NOTHING, match, false);
    }

    @Test
    void shouldSendLostEntriesAgainFromTheOldest() {
        assertThat(AppendRules.nextAfterLoss(5, 20, 2)).isEqualTo(5);
    }

    @Test
    void shouldNotSendAgainWhatWasAcknowledgedMeanwhile() {
        assertThat(AppendRules.nextAfterLoss(5, 20, 11)).isEqualTo(12);
    }

    /** Whatever a follower lacks, the leader comes down to it in as many refusals as there are entries at most. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void refusalsConverge(long seed) {
        Random random = new Random(seed);
        for (int run = 0; run < 2000; run++) {
            long leaderEnd = random.nextInt(50);
            long common = leaderEnd == 0 ? 0 : random.nextLong(leaderEnd + 1);
            long followerEnd = common + random.nextInt(20);
            long next = leaderEnd;
            int refusals = 0;
            while (next > common) {
                // As Ratis answers: the index before which it has nothing, or the one that does not fit.
                long asked = Math.min(followerEnd, next - 1);
                long after = afterRefusal(next, asked, NOTHING);
                assertThat(after)
                        .as("seed %s run %s", seed, run)
                        .isLessThan(next)
                        .isNotNegative();
                next = after;
                refusals++;
            }
            assertThat(refusals).isLessThanOrEqualTo((int) leaderEnd + 1);
        }
    }

    @Test
    void shouldPauseLongerAfterEachFailureUpToABound() {
        assertThat(AppendRules.pauseMillis(1, 20, 500)).isEqualTo(20);
        assertThat(AppendRules.pauseMillis(2, 20, 500)).isEqualTo(40);
        assertThat(AppendRules.pauseMillis(5, 20, 500)).isEqualTo(320);
        assertThat(AppendRules.pauseMillis(6, 20, 500)).isEqualTo(500);
        assertThat(AppendRules.pauseMillis(Integer.MAX_VALUE, 20, 500)).isEqualTo(500);
    }
}
