package io.flotilla.cli;

import io.flotilla.cli.failure.ExitCode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "cancel",
        description = "End an operation: what has moved stays where it is, what is under way goes back.",
        footerHeading = "%nExamples:%n",
        footer = {"  flotilla operation cancel 0123456789abcdef0123456789abcdef"})
final class OperationCancel extends ClusterCommand {

    @Parameters(paramLabel = "ID", description = "Id of the operation: `flotilla operation list`.")
    private String id;

    OperationCancel(Terminal terminal, Cluster.Connector connector) {
        super(terminal, connector);
    }

    @Override
    public String task() {
        return "cancel operation " + id;
    }

    @Override
    ExitCode run(Cluster cluster) {
        printer().show(OperationKinds.OPERATION, cluster.admin().cancelOperation(id));
        return ExitCode.OK;
    }
}
