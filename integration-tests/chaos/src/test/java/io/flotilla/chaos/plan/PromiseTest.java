package io.flotilla.chaos.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.chaos.fault.FaultId;
import io.flotilla.chaos.fault.FaultSpec;
import io.flotilla.chaos.fault.Target;
import io.flotilla.chaos.fault.Target.Role;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class PromiseTest {
    @ParameterizedTest
    @CsvSource({"1, 0", "2, 0", "3, 1", "4, 1", "5, 1", "9, 1"})
    void shouldSpareAMajorityOfThreeCopies(int brokers, int destructible) {
        assertThat(Promise.destructibleBrokers(brokers)).isEqualTo(destructible);
    }

    @ParameterizedTest
    @EnumSource(
            value = FaultId.class,
            names = {"WIPE", "BIT_ROT", "LYING_DISK", "TORN_WRITE"})
    void shouldLetOneCopyOfThreeBeDestroyed(FaultId id) {
        assertThat(Promise.allows(List.of(fault(id, Target.of(Role.ANY))), 3)).isTrue();
        assertThat(Promise.allows(List.of(fault(id, new Target(Role.ANY, 2))), 3))
                .isFalse();
        assertThat(Promise.allows(List.of(fault(id, Target.of(Role.ALL))), 3)).isFalse();
        assertThat(Promise.allows(List.of(fault(id, Target.of(Role.LEADER))), 1))
                .isFalse();
    }

    @Test
    void shouldCountWhatSeveralFaultsDestroyTogether() {
        List<PlannedFault> two =
                List.of(fault(FaultId.WIPE, Target.of(Role.LEADER)), fault(FaultId.BIT_ROT, Target.of(Role.FOLLOWER)));

        assertThat(Promise.allows(two, 3)).isFalse();
    }

    @ParameterizedTest
    @EnumSource(
            value = FaultId.class,
            names = {"KILL", "POWER_LOSS", "PAUSE", "TERMINATE", "FULL_DISK", "PARTITION", "CLOCK"})
    void shouldAllowAnythingThatLeavesStoredBytesAlone(FaultId id) {
        assertThat(Promise.allows(List.of(fault(id, Target.of(Role.ALL))), 3)).isTrue();
        assertThat(Promise.allows(List.of(fault(id, Target.of(Role.ALL)), fault(FaultId.WIPE, Target.of(Role.ANY))), 3))
                .isTrue();
    }

    @Test
    void shouldNotDestroyCopiesWhileOthersAreMoved() {
        List<PlannedFault> mixed =
                List.of(fault(FaultId.MEMBERSHIP, Target.of(Role.ANY)), fault(FaultId.WIPE, Target.of(Role.ANY)));

        assertThat(Promise.allows(mixed, 5)).isFalse();
    }

    private static PlannedFault fault(FaultId id, Target target) {
        return new PlannedFault(new FaultSpec(id, target, new TreeMap<>()), 1, 0, 1_000);
    }
}
