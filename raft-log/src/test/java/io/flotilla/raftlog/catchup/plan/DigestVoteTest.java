package io.flotilla.raftlog.catchup.plan;

import static io.flotilla.raftlog.catchup.plan.DigestVote.RIGHT;
import static io.flotilla.raftlog.catchup.plan.DigestVote.UNDECIDED;
import static io.flotilla.raftlog.catchup.plan.DigestVote.WRONG;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DigestVoteTest {
    private static SegmentSummary digest(int crc) {
        return new SegmentSummary(0, 10, crc);
    }

    @ParameterizedTest
    @CsvSource({
        "'', RIGHT",
        "'1', RIGHT",
        "'2', UNDECIDED",
        "'1 1', RIGHT",
        "'1 2', RIGHT",
        "'2 2', WRONG",
        "'2 3', UNDECIDED",
        "'1 1 2 2', RIGHT",
        "'1 2 2 2', WRONG",
        "'1 2 2 3', UNDECIDED",
        "'2 2 3 3', UNDECIDED",
    })
    void shouldFollowTheMajority(String others, DigestVote expected) {
        DigestVote vote = DigestVote.of(
                digest(1),
                Arrays.stream(others.split(" "))
                        .filter(crc -> !crc.isEmpty())
                        .map(crc -> digest(Integer.parseInt(crc)))
                        .toList());

        assertThat(vote).isEqualTo(expected).isIn(RIGHT, WRONG, UNDECIDED);
    }
}
