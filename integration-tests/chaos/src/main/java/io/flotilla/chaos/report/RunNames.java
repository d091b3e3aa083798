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
        String replay = "flotilla chaos replay " + name;
        return run.map(started -> replay + "      # or, without its folder:\nflotilla chaos run --seed "
                        + started.seed()
                        + " --profile " + started.profile()
                        + (setting(started, "backend").isEmpty() ? "" : " --backend " + setting(started, "backend")))
                .orElse(replay);
    }
}
