package io.flotilla.cli;

import io.flotilla.cli.failure.ExitCode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "show",
        description = "Show an operation and the partitions that it has yet to deal with.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  flotilla operation show 0123456789abcdef0123456789abcdef",
            "  flotilla operation show 0123456789abcdef0123456789abcdef -o json | jq .partitionsRemaining"
        })
final class OperationShow extends ClusterCommand {

    @Parameters(paramLabel = "ID", description = "Id of the operation: `flotilla operation list`.")
    private String id;

    OperationShow(Terminal terminal, Cluster.Connector connector) {
        super(terminal, connector);
    }

    @Override
    public String task() {
        return "show operation " + id;
    }

    @Override
    ExitCode run(Cluster cluster) {
        printer().show(OperationKinds.OPERATION, cluster.admin().operation(id));
        return ExitCode.OK;
    }
}
