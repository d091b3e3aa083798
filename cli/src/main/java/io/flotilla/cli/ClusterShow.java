package io.flotilla.cli;

import io.flotilla.cli.failure.ExitCode;
import picocli.CommandLine.Command;

@Command(
        name = "show",
        description = "Show the cluster: its id, who keeps its metadata, and its brokers.",
        footerHeading = "%nExamples:%n",
        footer = {"  flotilla cluster show", "  flotilla cluster show -b broker-1:9094,broker-2:9094 -o json"})
final class ClusterShow extends ClusterCommand {

    ClusterShow(Terminal terminal, Cluster.Connector connector) {
        super(terminal, connector);
    }

    @Override
    public String task() {
        return "show the cluster";
    }

    @Override
    ExitCode run(Cluster cluster) {
        printer().show(BrokerKinds.CLUSTER, cluster.admin().describeCluster());
        return ExitCode.OK;
    }
}
