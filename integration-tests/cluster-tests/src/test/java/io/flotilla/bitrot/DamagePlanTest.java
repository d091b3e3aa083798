package io.flotilla.bitrot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DamagePlanTest {
    private static final int UNITS = 10;

    @TempDir
    @SuppressWarnings("NullAway.Init") // set before each test
    Path folder;

    private final List<Unit> units = new ArrayList<>();

    @BeforeEach
    void makeUnits() throws IOException {
        for (int number = 0; number < UNITS; number++) {
            Path root = Files.createDirectories(folder.resolve("unit-" + number));
            byte[] content = new byte[2_000];
            Arrays.fill(content, (byte) (number + 1));
            Files.write(root.resolve("checkpoint"), content);
            Files.write(root.resolve("00000000000000000000.log"), content);
            Files.write(root.resolve("in_use.lock"), content);
            units.add(new Unit("unit " + number, OptionalInt.of(number), List.of(root), List.of()));
        }
    }

    private DamagePlan plan(long seed) {
        return new DamagePlan(seed, List.of(Mutation.values()), file -> file.resolveSibling("none"));
    }

    private static List<String> told(List<Damage> damages) {
        return damages.stream().map(Damage::toString).toList();
    }

    @Test
    void shouldFollowFromSeedAndRound() throws IOException {
        List<String> drawn = told(plan(7).draw(3, units, UNITS));

        assertThat(told(plan(7).draw(3, units, UNITS))).isEqualTo(drawn);
        assertThat(told(plan(7).draw(4, units, UNITS))).isNotEqualTo(drawn);
        assertThat(told(plan(8).draw(3, units, UNITS))).isNotEqualTo(drawn);
    }

    @Test
    void shouldDamageEachUnitAtMostOnceAndNeverALock() throws IOException {
        Set<Mutation> mutations = EnumSet.noneOf(Mutation.class);
        for (int round = 0; round < 50; round++) {
            List<Damage> damages = plan(1).draw(round, units, UNITS);

            assertThat(damages).hasSize(UNITS).allMatch(Damage::isChange);
            assertThat(damages.stream().map(Damage::unit)).doesNotHaveDuplicates();
            assertThat(damages).noneMatch(damage -> damage.kind().contains("lock"));
            damages.forEach(damage -> mutations.add(damage.mutation()));
        }
        assertThat(mutations).containsExactlyInAnyOrder(Mutation.values());
    }

    @Test
    void shouldKeepToTheLimit() throws IOException {
        Set<Integer> sizes = new HashSet<>();
        for (int round = 0; round < 50; round++) {
            sizes.add(plan(1).draw(round, units, 3).size());
        }

        assertThat(sizes).containsExactly(3);
    }
}
