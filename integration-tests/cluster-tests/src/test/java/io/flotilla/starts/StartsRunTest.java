package io.flotilla.starts;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** A few rounds of what {@code integration-tests/run sdk} does a hundred times. */
class StartsRunTest {
    private static final int ROUNDS = 5;

    @Test
    void shouldLeaveNothingBehind() throws Exception {
        StartsRun.Result result = new StartsRun(3, ROUNDS).run();

        assertThat(result.leaks()).isEmpty();
        assertThat(result.millis()).hasSize(ROUNDS);
        assertThat(result.after().listeningPorts()).isZero();
    }

    @Test
    void shouldNameWhatIsLeft() {
        ProcessResources before = new ProcessResources(new TreeMap<>(), new TreeMap<>(), 0, 1);
        TreeMap<String, Integer> threads = new TreeMap<>();
        threads.put("broker-#-timer-#", 2);
        ProcessResources after = new ProcessResources(threads, new TreeMap<>(), 3, 1);

        assertThat(after.beyond(before))
                .isEqualTo(List.of("threads 'broker-#-timer-#': 2, before 0", "listening ports: 3, before 0"));
        assertThat(before.beyond(after)).isEmpty();
    }
}
