package io.flotilla.chaos.command;

import io.flotilla.chaos.plan.Plan;
import io.flotilla.chaos.run.RunSettings;
import io.flotilla.chaos.workload.WorkloadSettings;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Option;

/** What clients do meanwhile. */
final class WorkloadOptions {
    @Option(
            names = "--workloads",
            paramLabel = "NAMES",
            split = ",",
            description = "W1 appends, W2 idempotent appends, W3 groups, W6 retention, W7 topics, W9 metrics, reads"
                    + " (default: all).")
    private List<String> workloads = List.of();

    @Option(
            names = "--rate",
            paramLabel = "RECORDS",
            defaultValue = "300",
            description = "Records appended a second, on average (default: ${DEFAULT-VALUE}).")
    private double rate;

    RunSettings settings(String profile, Plan plan) {
        RunSettings usual = RunSettings.of(profile, plan);
        Set<String> names = workloads.isEmpty() ? usual.workloads() : new LinkedHashSet<>(workloads);
        return new RunSettings(
                profile,
                plan,
                WorkloadSettings.defaults(plan.seed()).withRecordsPerSecond(rate),
                names,
                usual.healed(),
                usual.restart(),
                usual.finalTimeout());
    }
}
