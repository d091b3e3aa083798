package io.flotilla.chaos.report;

import io.flotilla.chaos.history.Event.RunStarted;
import java.util.Optional;

/** What a run calls itself. */
final class RunNames {
    private RunNames() {}

    /** Empty if the run has no setting of this name. */
    static String setting(RunStarted run, String key) {
        return run.settings().getOrDefault(key, "");
    }

    /** The command that runs the same plan again. */
    static String replay(String name, Optional<RunStarted> run) {
        String backend = run.map(started -> setting(started, "backend")).orElse("");
        String brokers = run.map(started -> " --brokers " + started.brokers()).orElse("");
        return "flotilla chaos replay " + name + (backend.isEmpty() ? "" : " --backend " + backend) + brokers;
    }
}
