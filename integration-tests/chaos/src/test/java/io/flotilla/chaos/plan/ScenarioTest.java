package io.flotilla.chaos.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.chaos.fault.FaultId;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ScenarioTest {
    @ParameterizedTest
    @EnumSource
    void shouldNeedExactlyTheFaultsThatItUses(Scenario scenario) {
        for (int brokers : new int[] {3, 5}) {
            Set<FaultId> used = new HashSet<>();
            scenario.plan(1, brokers).episodes().forEach(episode -> episode.faults()
                    .forEach(fault -> used.add(fault.spec().id())));

            assertThat(used).isEqualTo(scenario.needs());
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldKeepThePromise(Scenario scenario) {
        assertThat(scenario.plan(1, 3).episodes()).allSatisfy(episode -> assertThat(Promise.allows(episode.faults(), 3))
                .isTrue());
    }

    @ParameterizedTest
    @EnumSource
    void shouldBePossibleOnlyWithWhatItNeeds(Scenario scenario) {
        assertThat(Scenario.possibleWith(scenario.needs())).contains(scenario);
        scenario.needs().forEach(missing -> {
            EnumSet<FaultId> others = EnumSet.complementOf(EnumSet.of(missing));
            assertThat(Scenario.possibleWith(others)).doesNotContain(scenario);
        });
    }

    @ParameterizedTest
    @EnumSource
    void shouldNameChecks(Scenario scenario) {
        assertThat(scenario.checks()).isNotEmpty().allMatch(check -> check.matches("C\\d+"));
    }
}
