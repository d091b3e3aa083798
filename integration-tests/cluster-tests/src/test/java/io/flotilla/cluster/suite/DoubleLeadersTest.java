package io.flotilla.cluster.suite;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.cluster.suite.ElectionLines.Reign;
import java.util.List;
import org.junit.jupiter.api.Test;

final class DoubleLeadersTest {
    private static final Reign FIRST = new Reign("80F53BAB8FAA", 5, "1-ac60");

    @Test
    void shouldFindASecondLeaderOfATerm() {
        List<Reign> reigns =
                List.of(FIRST, new Reign("80F53BAB8FAA", 6, "3-77aa"), new Reign("80F53BAB8FAA", 5, "2-91be"));

        assertThat(DoubleLeaders.of(reigns))
                .containsExactly("group 80F53BAB8FAA term 5 had the leaders [1-ac60, 2-91be]");
    }

    @Test
    void shouldTakeTheSameLeaderFromManyBrokers() {
        assertThat(DoubleLeaders.of(List.of(FIRST, FIRST, FIRST))).isEmpty();
    }

    @Test
    void shouldKeepTermsAndGroupsApart() {
        List<Reign> reigns =
                List.of(FIRST, new Reign("80F53BAB8FAA", 6, "2-91be"), new Reign("1234567890AB", 5, "2-91be"));

        assertThat(DoubleLeaders.of(reigns)).isEmpty();
        assertThat(DoubleLeaders.terms(reigns)).isEqualTo(3);
    }

    @Test
    void shouldFindASecondLeaderAcrossBothKindsOfLines() {
        List<Reign> reigns = List.of(
                ElectionLines.reignIn(ElectionLinesTest.CHANGE).orElseThrow(),
                ElectionLines.reignIn(ElectionLinesTest.READY.replace("leader=1-ac60cc29977c18df", "leader=2-91be"))
                        .orElseThrow());

        assertThat(DoubleLeaders.of(reigns)).hasSize(1);
    }
}
