package io.flotilla.chaos.plant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FailpointOrderTest {
    private static final FailpointOrder ORDER =
            new FailpointOrder(3, Failpoint.RAFT_LOG_SYNC, FailpointOrder.Action.HALT, 2, 3, 40);

    @Test
    void isReadAsItWasWritten(@TempDir Path folder) throws Exception {
        Path hits = folder.resolve("hits");

        ORDER.give(hits, 1234);

        assertThat(FailpointOrder.parse(Files.readString(FailpointOrder.file(hits, 1234))))
                .isEqualTo(ORDER);
    }

    @Test
    void failsAsOftenAsItSaysAndNotBefore() {
        assertThat(LongStream.rangeClosed(1, 10).filter(ORDER::isDue)).containsExactly(3L, 4L, 5L);
    }

    @Test
    void refusesWhatIsNoOrder() {
        assertThatThrownBy(() -> FailpointOrder.parse("1 no-such-place halt 0 1 0"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no-such-place");
    }
}
