package io.flotilla.chaos.command;

import io.flotilla.chaos.run.RunSettings;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
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
            description = "Records appended a second, on average (default: 300, or what suits the scenario).")
    private @Nullable Double rate;

    /** The settings with what the user wants changed. */
    RunSettings applyTo(RunSettings settings) {
        RunSettings changed = settings;
        if (!workloads.isEmpty()) {
            changed = changed.withWorkloads(Set.copyOf(workloads));
        }
        if (rate != null) {
            changed = changed.with(changed.workload().withRecordsPerSecond(rate));
        }
        return changed;
    }
}
