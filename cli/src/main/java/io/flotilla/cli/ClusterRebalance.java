package io.flotilla.cli;

import io.flotilla.client.Admin;
import io.flotilla.client.OperationDescription;
import picocli.CommandLine.Command;

@Command(
        name = "rebalance",
        description = "Spread replicas and preferred leaders evenly over the brokers, for instance after adding some.",
        footerHeading = "%nExamples:%n",
        footer = {"  flotilla cluster rebalance", "  flotilla cluster rebalance --wait 2h"})
final class ClusterRebalance extends OperationVerb {

    ClusterRebalance(Terminal terminal, Cluster.Connector connector) {
        super(terminal, connector);
    }

    @Override
    public String task() {
        return "rebalance the cluster";
    }

    @Override
    OperationDescription begin(Admin admin) {
        return admin.rebalance();
    }
}
