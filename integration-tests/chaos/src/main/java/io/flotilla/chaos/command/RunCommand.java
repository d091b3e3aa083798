package io.flotilla.chaos.command;

import io.flotilla.chaos.backend.Backend;
import io.flotilla.chaos.fault.FaultId;
import io.flotilla.chaos.plan.Plan;
import io.flotilla.chaos.plan.Plans;
import io.flotilla.chaos.plan.Scenario;
import io.flotilla.chaos.run.RunSettings;
import io.flotilla.cli.Terminal;
import io.flotilla.cli.WaitTime;
import io.flotilla.cli.failure.ExitCode;
import io.flotilla.cli.failure.Task;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "run",
        description = {
            "Start a cluster, use it, break it by a seeded plan, and judge what clients saw.",
            "",
            "Everything of a run goes into one folder: plan, history, brokers' logs, judgement, report. Exits with 0"
                    + " only if the verdict is valid: a run that proves nothing fails."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  flotilla chaos run --time 5m",
            "  flotilla chaos run --brokers 5 --seed 42 --faults N1,N3,N4 --time 1h",
            "  flotilla chaos run --scenarios B7,B11",
            "  sudo flotilla chaos run --backend netns --faults N17,N13 --time 10m"
        })
final class RunCommand implements Callable<Integer>, Task {
    private final Terminal terminal;

    @Spec
    private CommandSpec spec;

    @Mixin
    private BackendOptions where;

    @Mixin
    private WorkloadOptions what;

    @Option(
            names = "--seed",
            paramLabel = "NUMBER",
            description = "Of plan and workloads (default: one that is chosen and printed).")
    private @Nullable Long seed;

    @Option(
            names = "--time",
            paramLabel = "TIME",
            converter = WaitTime.Converter.class,
            defaultValue = "5m",
            description = "How long faults go on: 90s, 5m, 1h (default: ${DEFAULT-VALUE}).")
    private WaitTime time;

    @Option(
            names = "--directory",
            paramLabel = "FOLDER",
            description = "Of the run, empty or new (default: chaos-SEED).")
    private @Nullable Path directory;

    @SuppressWarnings("NullAway.Init") // set by picocli
    RunCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public String task() {
        return "run chaos";
    }

    @Option(
            names = "--scenarios",
            paramLabel = "NAMES",
            split = ",",
            description = "Instead of a plan by chance: ${COMPLETION-CANDIDATES}; each on a cluster of its own, in a"
                    + " folder of its own below that of the run.")
    private List<Scenario> scenarios = List.of();

    @Override
    public Integer call() throws IOException {
        long chosen = seed == null ? System.nanoTime() & Integer.MAX_VALUE : seed;
        Path path = directory == null ? Path.of("chaos-" + chosen) : directory;
        RunFolder folder = new RunFolder(path).created(task());
        return scenarios.isEmpty() ? runRandom(folder, chosen) : runScenarios(folder, chosen);
    }

    private int runRandom(RunFolder folder, long chosen) throws IOException {
        try (Backend backend = Backends.open(where, folder.path(), where.faults(), Map.of())) {
            Set<FaultId> possible = EnumSet.noneOf(FaultId.class);
            possible.addAll(backend.faults());
            possible.retainAll(where.faults());
            if (where.faultsNamed()) {
                requirePossible(where.faults(), possible);
            }
            Plan plan = Plans.random(chosen, time.duration(), backend.nodes().size(), possible);
            return new JudgedRun(terminal, folder).run(backend, what.applyTo(RunSettings.of("random", plan)));
        }
    }

    private int runScenarios(RunFolder folder, long chosen) throws IOException {
        int worst = ExitCode.OK.number();
        for (Scenario scenario : scenarios) {
            RunFolder own = new RunFolder(folder.path().resolve(scenario.name())).created(task());
            try (Backend backend = Backends.open(where, own.path(), scenario.needs(), scenario.overrides())) {
                requirePossible(scenario.needs(), backend.faults());
                Plan plan = scenario.plan(chosen, backend.nodes().size());
                int exitCode = new JudgedRun(terminal, own).run(backend, what.applyTo(RunSettings.of(scenario, plan)));
                worst = Math.max(worst, exitCode);
            }
        }
        return worst;
    }

    private void requirePossible(Set<FaultId> wanted, Set<FaultId> possible) {
        Set<FaultId> missing = EnumSet.noneOf(FaultId.class);
        missing.addAll(wanted);
        missing.removeAll(possible);
        if (!missing.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "faults " + missing + " are not possible with this backend here; possible are " + possible);
        }
    }
}
