package io.flotilla.cli;

import io.flotilla.cli.failure.ExitCode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "show",
        description = "Show one broker and the replicas it holds, as it sees them itself.",
        footerHeading = "%nExamples:%n",
        footer = {"  flotilla broker show 1", "  flotilla broker show 1 -o json | jq '.replicas[].appliedIndex'"})
final class BrokerShow extends ClusterCommand {

    @Parameters(paramLabel = "ID", description = "Id of the broker: `flotilla broker list`.")
    private int brokerId;

    BrokerShow(Terminal terminal, Cluster.Connector connector) {
        super(terminal, connector);
    }

    @Override
    public String task() {
        return "show broker " + brokerId;
    }

    @Override
    ExitCode run(Cluster cluster) {
        printer().show(BrokerKinds.STATUS, cluster.admin().describeBroker(brokerId));
        return ExitCode.OK;
    }
}
