package io.flotilla.chaos.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class SimPlanTest {
    @Test
    void shouldFollowFromTheSeedAlone() {
        assertThat(SimPlan.of(42)).isEqualTo(SimPlan.of(42));
        assertThat(SimPlan.of(42)).isNotEqualTo(SimPlan.of(43));
    }

    @Test
    void shouldDrawEveryActionAndNameOnlyNodesThereAre() {
        Set<SimPlan.Action> drawn = LongStream.range(0, 200)
                .mapToObj(SimPlan::of)
                .flatMap(plan -> plan.steps().stream()
                        .peek(step -> assertThat(step.node()).isBetween(1, plan.nodes()))
                        .peek(step -> assertThat(step.other())
                                .isBetween(1, plan.nodes())
                                .isNotEqualTo(step.node())))
                .map(SimPlan.Step::action)
                .collect(Collectors.toSet());

        assertThat(drawn).isEqualTo(EnumSet.allOf(SimPlan.Action.class));
    }
}
