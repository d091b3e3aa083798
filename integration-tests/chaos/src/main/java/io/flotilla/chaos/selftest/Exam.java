package io.flotilla.chaos.selftest;

import io.flotilla.chaos.fault.FaultId;
import io.flotilla.chaos.fault.FaultSpec;
import io.flotilla.chaos.fault.Target;
import io.flotilla.chaos.plan.Episode;
import io.flotilla.chaos.plan.Plan;
import io.flotilla.chaos.plan.PlannedFault;
import io.flotilla.chaos.run.RunSettings;
import io.flotilla.chaos.workload.WorkloadSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * What a cluster is put through so that one bug must show: small and short, as many are needed.
 *
 * @param brokers    1 to 9
 * @param overrides  settings of all brokers
 * @param workloads  that run, by name
 * @param faults     of one episode
 * @param episodes   how often it happens, 0 or more
 * @param quiet      after each
 * @param healed     how long clients go on in the end
 * @param atLeast    how long they go on before that, however soon the episodes are over
 * @param needsDisks whether each broker needs a file system of its own, which can be cut off
 */
record Exam(
        int brokers,
        Map<String, String> overrides,
        Set<String> workloads,
        List<Strike> faults,
        int episodes,
        Duration quiet,
        Duration healed,
        Duration atLeast,
        boolean needsDisks) {
    private static final long SETTLE_MILLIS = 3_000;
    private static final Duration FINAL_TIMEOUT = Duration.ofSeconds(20);
    private static final double RECORDS_PER_SECOND = 200;
    private static final int PARTITIONS = 4;

    Exam {
        overrides = Map.copyOf(overrides);
        workloads = Set.copyOf(workloads);
        faults = List.copyOf(faults);
    }

    /** A fault of an episode: whom it strikes, when, for how long, and how. Times in milliseconds. */
    record Strike(FaultId id, Target target, long delay, long length, Map<String, String> parameters) {
        static Strike of(FaultId id, Target.Role role, long delay, long length) {
            return new Strike(id, Target.of(role), delay, length, Map.of());
        }

        Strike count(int count) {
            return new Strike(id, new Target(target.role(), count), delay, length, parameters);
        }

        Strike with(String parameter, String value) {
            Map<String, String> more = new TreeMap<>(parameters);
            more.put(parameter, value);
            return new Strike(id, target, delay, length, more);
        }
    }

    /** Three brokers and the idempotent producers' topic, its readers, and such faults, twice. */
    static Exam of(Strike... faults) {
        return new Exam(
                3,
                Map.of(),
                Set.of("W2", "reads"),
                List.of(faults),
                faults.length == 0 ? 0 : 2,
                Duration.ofSeconds(5),
                Duration.ofSeconds(5),
                Duration.ofSeconds(10),
                false);
    }

    Exam onBrokers(int count) {
        return new Exam(count, overrides, workloads, faults, episodes, quiet, healed, atLeast, needsDisks);
    }

    Exam with(String setting, String value) {
        Map<String, String> more = new TreeMap<>(overrides);
        more.put(setting, value);
        return new Exam(brokers, more, workloads, faults, episodes, quiet, healed, atLeast, needsDisks);
    }

    Exam running(String... names) {
        return new Exam(brokers, overrides, Set.of(names), faults, episodes, quiet, healed, atLeast, needsDisks);
    }

    Exam times(int count) {
        return new Exam(brokers, overrides, workloads, faults, count, quiet, healed, atLeast, needsDisks);
    }

    Exam healing(Duration longer) {
        return new Exam(brokers, overrides, workloads, faults, episodes, quiet, longer, atLeast, needsDisks);
    }

    Exam lasting(Duration longer) {
        return new Exam(brokers, overrides, workloads, faults, episodes, quiet, healed, longer, needsDisks);
    }

    Exam onDisks() {
        return new Exam(brokers, overrides, workloads, faults, episodes, quiet, healed, atLeast, true);
    }

    /** Kinds of faults that it needs. */
    Set<FaultId> faultIds() {
        Set<FaultId> ids = EnumSet.noneOf(FaultId.class);
        faults.forEach(strike -> ids.add(strike.id()));
        return ids;
    }

    /** What is run with a seed. */
    RunSettings settings(String name, long seed) {
        WorkloadSettings usual = WorkloadSettings.defaults(seed);
        WorkloadSettings small = new WorkloadSettings(
                seed,
                PARTITIONS,
                RECORDS_PER_SECOND,
                usual.producers(),
                20,
                200,
                usual.members(),
                Duration.ofSeconds(2),
                usual.boundInterval(),
                Duration.ofSeconds(5),
                Duration.ofSeconds(15));
        return new RunSettings("selftest", plan(name, seed), small, workloads, healed, false, FINAL_TIMEOUT);
    }

    private Plan plan(String name, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Episode> all = new ArrayList<>();
        long start = SETTLE_MILLIS;
        for (int number = 1; number <= episodes; number++) {
            List<PlannedFault> planned = faults.stream()
                    .map(strike -> new PlannedFault(
                            new FaultSpec(strike.id(), strike.target(), new TreeMap<>(strike.parameters())),
                            random.nextLong(),
                            strike.delay(),
                            strike.length()))
                    .toList();
            Episode episode = new Episode(number, start, random.nextLong(), planned, quiet.toMillis());
            all.add(episode);
            start = episode.endMillis();
        }
        return new Plan(seed, name, brokers, SETTLE_MILLIS, all, atLeast.toMillis());
    }
}
