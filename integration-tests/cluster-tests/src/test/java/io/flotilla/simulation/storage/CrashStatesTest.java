package io.flotilla.simulation.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.simulation.disk.CrashStates;
import org.junit.jupiter.api.Test;

class CrashStatesTest {
    private static final int STATES_MIN = 100_000;
    private static final int SEEDS_MAX = 40;

    @Test
    void shouldRecoverFromEveryLossOfPower() {
        var plan = new StorageSimulation.Plan(150, new CrashStates.Limits(5, 32), -1);
        long states = 0;
        for (long seed = 1; seed <= SEEDS_MAX && states < STATES_MIN; seed++) {
            states += StorageSimulation.run(seed, plan, Machine.HONEST);
        }

        assertThat(states).isGreaterThanOrEqualTo(STATES_MIN);
    }

    @Test
    void shouldTryEverySubsetOfTwelveChanges() {
        var plan = new StorageSimulation.Plan(25, new CrashStates.Limits(12, 64), -1);

        assertThat(StorageSimulation.run(100, plan, Machine.HONEST)).isGreaterThan(4_096);
    }

    @Test
    void shouldRepeatARunExactly() {
        var plan = new StorageSimulation.Plan(30, new CrashStates.Limits(4, 16), -1);

        assertThat(StorageSimulation.run(7, plan, Machine.HONEST))
                .isEqualTo(StorageSimulation.run(7, plan, Machine.HONEST));
    }
}
