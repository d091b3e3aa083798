package io.flotilla.cli;

import io.flotilla.cli.failure.ExitCode;
import io.flotilla.client.Admin;
import io.flotilla.client.OperationDescription;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** A command that begins a long operation, waits for its end if asked to, and prints it. */
abstract class OperationVerb extends ClusterCommand {

    @Option(
            names = "--wait",
            paramLabel = "DURATION",
            converter = WaitTime.Converter.class,
            description =
                    "Wait for the end of the operation, with progress on stderr: 90s, 10m, 2h. The operation goes on"
                            + " if that is not enough.")
    private @Nullable WaitTime wait;

    OperationVerb(Terminal terminal, Cluster.Connector connector) {
        super(terminal, connector);
    }

    abstract OperationDescription begin(Admin admin);

    @Override
    final ExitCode run(Cluster cluster) {
        OperationDescription operation = begin(cluster.admin());
        if (wait != null) {
            operation = new OperationWait(cluster.admin(), terminal().err(), task()).until(operation, wait.duration());
        }
        printer().show(OperationKinds.OPERATION, operation);
        return ExitCode.OK;
    }
}
