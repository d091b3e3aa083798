package io.flotilla.cli;

import io.flotilla.client.ClientSettings;
import java.time.Duration;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Options of every command that speaks to a cluster. */
final class ConnectionOptions {
    /** How long a topic just created elsewhere may take to reach the broker asked. */
    private static final Duration TOPIC_GRACE = Duration.ofSeconds(2);

    private static final String DEFAULT_BOOTSTRAP = "127.0.0.1:9094";

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = {"-b", "--bootstrap"},
            paramLabel = "HOST:PORT[,…]",
            defaultValue = "${env:FLOTILLA_BOOTSTRAP:-" + DEFAULT_BOOTSTRAP + "}",
            description = "Brokers to ask first; FLOTILLA_BOOTSTRAP sets the default (" + DEFAULT_BOOTSTRAP + ").")
    private String bootstrap;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "30",
            description = "How long one request may take with its retries, 1 to 3600 (default: ${DEFAULT-VALUE}).")
    private int timeoutSeconds;

    ClientSettings settings() {
        if (timeoutSeconds < 1 || timeoutSeconds > 3600) {
            throw wrong("--timeout " + timeoutSeconds + " is outside [1, 3600]");
        }
        try {
            return ClientSettings.of(bootstrap)
                    .withRequestTimeout(Duration.ofSeconds(timeoutSeconds))
                    .withTopicGrace(TOPIC_GRACE);
        } catch (IllegalArgumentException malformed) {
            throw wrong("--bootstrap: " + malformed.getMessage());
        }
    }

    private ParameterException wrong(String message) {
        return new ParameterException(command.commandLine(), message);
    }
}
