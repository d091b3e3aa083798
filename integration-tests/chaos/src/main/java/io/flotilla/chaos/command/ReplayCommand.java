package io.flotilla.chaos.command;

import io.flotilla.chaos.backend.Backend;
import io.flotilla.chaos.fault.FaultId;
import io.flotilla.chaos.plan.Plan;
import io.flotilla.chaos.plan.Scenario;
import io.flotilla.chaos.run.RunSettings;
import io.flotilla.cli.Terminal;
import io.flotilla.cli.failure.Task;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "replay",
        description = {
            "Run the plan of an earlier run again: the same faults at the same times, with the same seeds.",
            "",
            "The operating system decides about the rest, so a violation may take several replays to come back."
        },
        footerHeading = "%nExamples:%n",
        footer = {"  flotilla chaos replay chaos-42", "  flotilla chaos replay chaos-42 --directory /tmp/again"})
final class ReplayCommand implements Callable<Integer>, Task {
    private final Terminal terminal;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "FOLDER", description = "Of the earlier run.")
    private Path folder;

    @Mixin
    private BackendOptions where;

    @Mixin
    private WorkloadOptions what;

    @Option(
            names = "--directory",
            paramLabel = "FOLDER",
            description = "Of the new run, empty or new (default: the earlier one's with -replay behind it).")
    private @Nullable Path directory;

    @SuppressWarnings("NullAway.Init") // set by picocli
    ReplayCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public String task() {
        return "replay the plan of " + folder;
    }

    @Override
    public Integer call() throws IOException {
        RunSettings settings = RunSettings.replaying(folder);
        Plan plan = settings.plan();
        if (plan.brokers() != where.brokers()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--brokers " + where.brokers() + ": the plan was made for " + plan.brokers() + " brokers");
        }
        Set<FaultId> faults = EnumSet.noneOf(FaultId.class);
        plan.episodes().forEach(episode -> episode.faults()
                .forEach(fault -> faults.add(fault.spec().id())));
        Path target = directory == null ? Path.of(new RunFolder(folder).path() + "-replay") : directory;
        RunFolder again = new RunFolder(target).created(task());
        try (Backend backend = Backends.open(where, again.path(), faults, overrides(plan))) {
            return new JudgedRun(terminal, again).run(backend, what.applyTo(settings));
        }
    }

    /** Settings of brokers that the plan's scenario needs, if it follows one. */
    private static Map<String, String> overrides(Plan plan) {
        return Arrays.stream(Scenario.values())
                .filter(scenario -> scenario.name().equals(plan.name()))
                .findFirst()
                .map(Scenario::overrides)
                .orElse(Map.of());
    }
}
