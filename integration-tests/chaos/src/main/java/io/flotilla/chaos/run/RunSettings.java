package io.flotilla.chaos.run;

import io.flotilla.chaos.plan.Plan;
import io.flotilla.chaos.plan.PlanFile;
import io.flotilla.chaos.plan.Scenario;
import io.flotilla.chaos.workload.WorkloadSettings;
import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.Properties;
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
    /** In the folder of a run, beside its plan. */
    public static final String FILE = "run.properties";

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

    /** The same for another plan. */
    public RunSettings with(Plan other) {
        return new RunSettings(profile, other, workload, workloads, healed, restart, finalTimeout);
    }

    /** What they are, by name, for the history and for {@link #replaying}. */
    SortedMap<String, String> described() {
        SortedMap<String, String> all = new TreeMap<>();
        all.put("profile", profile);
        all.put("plan", plan.name());
        all.put("episodes", Integer.toString(plan.episodes().size()));
        all.put("workloads", String.join(" ", workloads));
        all.put("records.per.second", Double.toString(workload.recordsPerSecond()));
        all.put("partitions", Integer.toString(workload.partitions()));
        all.put("producers", Integer.toString(workload.producers()));
        all.put("members", Integer.toString(workload.members()));
        all.put("healed.ms", Long.toString(healed.toMillis()));
        all.put("restart", Boolean.toString(restart));
        return all;
    }

    /**
     * The settings of a run that was, for another one with the same plan; what is not kept has its default.
     *
     * @param directory of that run
     * @throws IOException if it has no plan, or its settings cannot be read
     */
    public static RunSettings replaying(Path directory) throws IOException {
        Plan plan = PlanFile.read(directory);
        Path file = directory.resolve(FILE);
        Properties kept = new Properties();
        if (Files.exists(file)) {
            try (Reader reader = Files.newBufferedReader(file)) {
                kept.load(reader);
            }
        }
        RunSettings usual = of(kept.getProperty("profile", plan.name()), plan);
        WorkloadSettings amounts = usual.workload();
        return new RunSettings(
                usual.profile(),
                plan,
                new WorkloadSettings(
                        amounts.seed(),
                        Integer.parseInt(kept.getProperty("partitions", Integer.toString(amounts.partitions()))),
                        Double.parseDouble(
                                kept.getProperty("records.per.second", Double.toString(amounts.recordsPerSecond()))),
                        Integer.parseInt(kept.getProperty("producers", Integer.toString(amounts.producers()))),
                        amounts.runMax(),
                        amounts.payloadBytesMax(),
                        Integer.parseInt(kept.getProperty("members", Integer.toString(amounts.members()))),
                        amounts.churnInterval(),
                        amounts.boundInterval(),
                        amounts.callTimeout(),
                        amounts.deliveryTimeout()),
                Set.of(kept.getProperty("workloads", String.join(" ", usual.workloads()))
                        .split(" ")),
                Duration.ofMillis(Long.parseLong(kept.getProperty(
                        "healed.ms", Long.toString(usual.healed().toMillis())))),
                Boolean.parseBoolean(kept.getProperty("restart", Boolean.toString(usual.restart()))),
                usual.finalTimeout());
    }

    /** Keeps them in the folder of a run. */
    void write(Path directory) throws IOException {
        PlanFile.write(plan, directory);
        Properties kept = new Properties();
        kept.putAll(described());
        try (Writer writer = Files.newBufferedWriter(directory.resolve(FILE))) {
            kept.store(writer, null);
        }
    }
}
