package io.flotilla.cli;

import io.flotilla.cli.failure.ExitCode;
import picocli.CommandLine.Command;

@Command(
        name = "list",
        description = "List the brokers of the cluster.",
        footerHeading = "%nExamples:%n",
        footer = {"  flotilla broker list", "  flotilla broker list -o jsonl"})
final class BrokerList extends ClusterCommand {

    BrokerList(Terminal terminal, Cluster.Connector connector) {
        super(terminal, connector);
    }

    @Override
    public String task() {
        return "list brokers";
    }

    @Override
    ExitCode run(Cluster cluster) {
        printer().list(BrokerKinds.BROKER, cluster.admin().describeCluster().brokers());
        return ExitCode.OK;
    }
}
