package io.flotilla.chaos.run;

import io.flotilla.chaos.plan.Plan;
import io.flotilla.chaos.plan.Scenario;
import io.flotilla.chaos.workload.WorkloadSettings;
import java.time.Duration;
import java.util.Collections;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What is run.
 *
 * @param profile     name of the kind of run, for people
 * @param plan        of faults
 * @param workloads   names of those that run: {@code W1}, {@code W2}, {@code W3}, {@code W6}, {@code W7}, {@code W9},
 *     {@code reads}
 * @param healed      how long the workloads go on once all faults are over, which is when the cluster has to prove that it
 *     serves
 * @param restart     whether all brokers are restarted before the last reads
 * @param finalTimeout of the last reads of one partition, and of the replicas' coming to agree
 */
public record RunSettings(
        String profile,
        Plan plan,
        WorkloadSettings workload,
        Set<String> workloads,
        Duration healed,
        boolean restart,
        Duration finalTimeout) {
    /** Names of all workloads. */
    public static final Set<String> ALL_WORKLOADS =
            Collections.unmodifiableSet(new TreeSet<>(Set.of("W1", "W2", "W3", "W6", "W7", "W9", "reads")));

    public RunSettings {
        workloads = Collections.unmodifiableSet(new TreeSet<>(workloads));
        for (String name : workloads) {
            if (!ALL_WORKLOADS.contains(name)) {
                throw new IllegalArgumentException("there is no workload " + name + "; there are " + ALL_WORKLOADS);
            }
        }
    }

    /** All workloads at their default rates, 20 s of them after the last fault, and a restart at the end. */
    public static RunSettings of(String profile, Plan plan) {
        return new RunSettings(
                profile,
                plan,
                WorkloadSettings.defaults(plan.seed()),
                ALL_WORKLOADS,
                Duration.ofSeconds(20),
                true,
                Duration.ofMinutes(3));
    }

    /** A scenario with all workloads at the rate that suits it. */
    public static RunSettings of(Scenario scenario, Plan plan) {
        RunSettings usual = of(scenario.name(), plan);
        return usual.with(usual.workload().withRecordsPerSecond(scenario.recordsPerSecond()));
    }

    /** The same with other amounts of work. */
    public RunSettings with(WorkloadSettings other) {
        return new RunSettings(profile, plan, other, workloads, healed, restart, finalTimeout);
    }

    /** The same with only these workloads. */
    public RunSettings withWorkloads(Set<String> names) {
        return new RunSettings(profile, plan, workload, names, healed, restart, finalTimeout);
    }

    /** What they are, by name, for the history. */
    SortedMap<String, String> described() {
        SortedMap<String, String> all = new TreeMap<>();
        all.put("plan", plan.name());
        all.put("episodes", Integer.toString(plan.episodes().size()));
        all.put("workloads", String.join(" ", workloads));
        all.put("records.per.second", Double.toString(workload.recordsPerSecond()));
        all.put("partitions", Integer.toString(workload.partitions()));
        all.put("healed.ms", Long.toString(healed.toMillis()));
        all.put("restart", Boolean.toString(restart));
        return all;
    }
}
