package io.flotilla.chaos.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.chaos.fault.FaultId;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class PlansTest {
    private static final Duration DURATION = Duration.ofMinutes(5);
    private static final Set<FaultId> ALL = EnumSet.allOf(FaultId.class);

    @Test
    void shouldDrawTheSamePlanFromTheSameSeed() {
        assertThat(Plans.random(7, DURATION, 3, ALL)).isEqualTo(Plans.random(7, DURATION, 3, ALL));
        assertThat(Plans.random(7, DURATION, 3, ALL)).isNotEqualTo(Plans.random(8, DURATION, 3, ALL));
    }

    @Test
    void shouldNeverDestroyMoreThanThePromiseAllows() {
        LongStream.range(0, 500).forEach(seed -> {
            for (int brokers : new int[] {1, 3, 5}) {
                for (Episode episode :
                        Plans.random(seed, DURATION, brokers, ALL).episodes()) {
                    assertThat(Promise.allows(episode.faults(), brokers))
                            .as("seed %d, %d brokers, %s", seed, brokers, episode)
                            .isTrue();
                }
            }
        });
    }

    @Test
    void shouldLeaveNoTimeUnusedAndLetNoEpisodesOverlap() {
        Plan plan = Plans.random(3, DURATION, 5, ALL);

        for (int i = 1; i < plan.episodes().size(); i++) {
            assertThat(plan.episodes().get(i).startMillis())
                    .isEqualTo(plan.episodes().get(i - 1).endMillis());
        }
        assertThat(plan.episodes()).allSatisfy(episode -> {
            assertThat(episode.faults()).hasSizeBetween(1, 3);
            assertThat(episode.quietMillis()).isBetween(10_000L, 20_000L);
        });
        assertThat(plan.lengthMillis()).isBetween(DURATION.toMillis(), DURATION.toMillis() + 20_000);
    }

    @Test
    void shouldDrawOnlyWhatIsPossible() {
        Set<FaultId> possible = EnumSet.of(FaultId.KILL, FaultId.PAUSE);

        Plan plan = Plans.random(11, DURATION, 3, possible);

        assertThat(plan.episodes()).isNotEmpty().allSatisfy(episode -> assertThat(episode.faults())
                .allSatisfy(fault -> assertThat(possible).contains(fault.spec().id())));
    }

    @Test
    void shouldMakeAPlanWithoutFaultsWhereNoneIsPossible() {
        Plan plan = Plans.random(11, DURATION, 3, Set.of());

        assertThat(plan.episodes()).isEmpty();
        assertThat(plan.lengthMillis()).isEqualTo(DURATION.toMillis());
    }

    @Test
    void shouldLetNothingStopBrokersWhileTheyAreRestartedInTurn() {
        LongStream.range(0, 300)
                .forEach(seed -> Plans.random(seed, DURATION, 3, ALL).episodes().forEach(episode -> {
                    Set<FaultId> kinds = EnumSet.noneOf(FaultId.class);
                    episode.faults().forEach(fault -> kinds.add(fault.spec().id()));
                    if (kinds.contains(FaultId.ROLLING_RESTART)) {
                        assertThat(kinds)
                                .as("seed %d", seed)
                                .doesNotContain(FaultId.KILL, FaultId.PAUSE, FaultId.POWER_LOSS, FaultId.TERMINATE);
                    }
                }));
    }

    @Test
    void shouldStrikeAFailpointOnlyWhereNothingElseKeepsItFromBeingReached() {
        List<Episode> failing = LongStream.range(0, 300)
                .boxed()
                .flatMap(seed -> Plans.random(seed, DURATION, 3, ALL).episodes().stream())
                .filter(episode ->
                        episode.faults().stream().anyMatch(fault -> fault.spec().id() == FaultId.FAILPOINT))
                .toList();

        assertThat(failing).isNotEmpty().allSatisfy(episode -> assertThat(episode.faults())
                .hasSize(1));
    }

    @Test
    void shouldBeginNoEpisodeOfARandomPlanAfterItsTimeAndEveryOneOfAScript() {
        Plan random = Plans.random(3, DURATION, 3, ALL);

        assertThat(random.mayBeginAt(DURATION.toMillis())).isTrue();
        assertThat(random.mayBeginAt(DURATION.toMillis() + 1)).isFalse();
        assertThat(Scenario.B7.plan(1, 3).mayBeginAt(DURATION.toMillis() * 100)).isTrue();
    }

    @Test
    void shouldReadAPlanAsItWasWritten() {
        Plan plan = Plans.random(5, DURATION, 3, ALL);

        assertThat(PlanFile.parse(PlanFile.text(plan))).isEqualTo(plan);
    }
}
