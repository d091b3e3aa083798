package io.flotilla.cli;

import io.flotilla.cli.failure.ExitCode;
import picocli.CommandLine.Command;

@Command(
        name = "list",
        description = "List the operations that run, and the last 100 that have ended.",
        footerHeading = "%nExamples:%n",
        footer = {"  flotilla operation list", "  flotilla operation list -o jsonl | jq 'select(.state == \"running\")'"
        })
final class OperationList extends ClusterCommand {

    OperationList(Terminal terminal, Cluster.Connector connector) {
        super(terminal, connector);
    }

    @Override
    public String task() {
        return "list operations";
    }

    @Override
    ExitCode run(Cluster cluster) {
        printer().list(OperationKinds.OPERATION, cluster.admin().operations());
        return ExitCode.OK;
    }
}
