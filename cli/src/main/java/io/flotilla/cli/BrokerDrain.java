package io.flotilla.cli;

import io.flotilla.cli.failure.ExitCode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "drain",
        description =
                "Take leaderships away from a broker for maintenance; its replicas stay, and it gets no new ones.",
        footerHeading = "%nExamples:%n",
        footer = {"  flotilla broker drain 2", "  flotilla broker drain 2 -o json | jq .leaderCount"})
final class BrokerDrain extends ClusterCommand {

    @Parameters(paramLabel = "ID", description = "Id of the broker: `flotilla broker list`.")
    private int brokerId;

    BrokerDrain(Terminal terminal, Cluster.Connector connector) {
        super(terminal, connector);
    }

    @Override
    public String task() {
        return "drain broker " + brokerId;
    }

    @Override
    ExitCode run(Cluster cluster) {
        printer().show(BrokerKinds.BROKER, cluster.admin().drainBroker(brokerId));
        return ExitCode.OK;
    }
}
