package io.flotilla.cli;

import io.flotilla.cli.failure.ExitCode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "undrain",
        description = "Let a broker that was drained have leaderships and new replicas again.",
        footerHeading = "%nExamples:%n",
        footer = {"  flotilla broker undrain 2"})
final class BrokerUndrain extends ClusterCommand {

    @Parameters(paramLabel = "ID", description = "Id of the broker: `flotilla broker list`.")
    private int brokerId;

    BrokerUndrain(Terminal terminal, Cluster.Connector connector) {
        super(terminal, connector);
    }

    @Override
    public String task() {
        return "undrain broker " + brokerId;
    }

    @Override
    ExitCode run(Cluster cluster) {
        printer().show(BrokerKinds.BROKER, cluster.admin().undrainBroker(brokerId));
        return ExitCode.OK;
    }
}
