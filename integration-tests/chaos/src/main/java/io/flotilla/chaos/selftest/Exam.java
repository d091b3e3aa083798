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
 * @param lasting    how long clients go on before the end, however soon the episodes are over
 * @param patience   how long the cluster has to come back and serve once all is over, before it counts as dead; clients go
 *     on as long if it may be dead, otherwise for a moment
 * @param mayDie     whether the bug, if it is found, is found by a cluster that does not serve any more
 * @param needsDisks whether each broker needs a file system of its own, which can be cut off
 */
record Exam(
        int brokers,
        Map<String, String> overrides,
        Set<String> workloads,
        List<Strike> faults,
        int episodes,
        Duration quiet,
        Duration lasting,
        Duration patience,
        boolean mayDie,
        boolean needsDisks) {
    private static final long SETTLE_MILLIS = 1_500;
    private static final Duration HEALED = Duration.ofSeconds(3);
    private static final Duration FINAL_TIMEOUT = Duration.ofSeconds(20);

    /** Nobody waits long for what a dead cluster has stored. */
    private static final Duration FINAL_TIMEOUT_OF_DEAD = Duration.ofSeconds(5);

    /** Clients go on for so much longer, so that the end of the patience lies before theirs. */
    private static final Duration BEYOND_PATIENCE = Duration.ofSeconds(1);

    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration DELIVERY_TIMEOUT = Duration.ofSeconds(10);

    /** Of calls and sends to a cluster that may be dead: the end does not wait long for them. */
    private static final Duration TIMEOUT_OF_DEAD = Duration.ofSeconds(3);

    private static final double RECORDS_PER_SECOND = 200;
    private static final int RUN_MAX = 20;
    private static final int PAYLOAD_BYTES_MAX = 600;
    private static final int PARTITIONS = 4;
    private static final int PARTITIONS_OF_DEAD = 2;

    /** As many as the group's topic has partitions, so that one that hangs has something to lose. */
    private static final int MEMBERS = 2;

    private static final Duration CHURN_INTERVAL = Duration.ofSeconds(1);

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

    /** Three brokers and the idempotent producers' topic, its readers, and such faults, once. */
    static Exam of(Strike... faults) {
        return new Exam(
                3,
                Map.of(),
                Set.of("W2", "reads"),
                List.of(faults),
                faults.length == 0 ? 0 : 1,
                Duration.ofSeconds(2),
                Duration.ZERO,
                Duration.ofSeconds(30),
                false,
                false);
    }

    Exam onBrokers(int count) {
        return new Exam(count, overrides, workloads, faults, episodes, quiet, lasting, patience, mayDie, needsDisks);
    }

    Exam with(String setting, String value) {
        Map<String, String> more = new TreeMap<>(overrides);
        more.put(setting, value);
        return new Exam(brokers, more, workloads, faults, episodes, quiet, lasting, patience, mayDie, needsDisks);
    }

    Exam running(String... names) {
        return new Exam(
                brokers, overrides, Set.of(names), faults, episodes, quiet, lasting, patience, mayDie, needsDisks);
    }

    Exam times(int count) {
        return new Exam(brokers, overrides, workloads, faults, count, quiet, lasting, patience, mayDie, needsDisks);
    }

    Exam quiet(Duration longer) {
        return new Exam(brokers, overrides, workloads, faults, episodes, longer, lasting, patience, mayDie, needsDisks);
    }

    Exam lasting(Duration longer) {
        return new Exam(brokers, overrides, workloads, faults, episodes, quiet, longer, patience, mayDie, needsDisks);
    }

    Exam orDeadAfter(Duration limit) {
        return new Exam(brokers, overrides, workloads, faults, episodes, quiet, lasting, limit, true, needsDisks);
    }

    Exam onDisks() {
        return new Exam(brokers, overrides, workloads, faults, episodes, quiet, lasting, patience, mayDie, true);
    }

    private Duration healed() {
        return mayDie ? patience.plus(BEYOND_PATIENCE) : HEALED;
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
                mayDie ? PARTITIONS_OF_DEAD : PARTITIONS,
                RECORDS_PER_SECOND,
                usual.producers(),
                RUN_MAX,
                PAYLOAD_BYTES_MAX,
                MEMBERS,
                CHURN_INTERVAL,
                usual.boundInterval(),
                mayDie ? TIMEOUT_OF_DEAD : CALL_TIMEOUT,
                mayDie ? TIMEOUT_OF_DEAD : DELIVERY_TIMEOUT);
        Duration finalTimeout = mayDie ? FINAL_TIMEOUT_OF_DEAD : FINAL_TIMEOUT;
        return new RunSettings("selftest", plan(name, seed), small, workloads, healed(), false, finalTimeout);
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
        return new Plan(seed, name, brokers, SETTLE_MILLIS, all, lasting.toMillis());
    }
}
