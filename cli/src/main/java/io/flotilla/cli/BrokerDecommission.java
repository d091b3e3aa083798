package io.flotilla.cli;

import io.flotilla.client.Admin;
import io.flotilla.client.OperationDescription;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "decommission",
        description = "Move all replicas away from a broker and take it out of the cluster.",
        footerHeading = "%nExamples:%n",
        footer = {"  flotilla broker decommission 4", "  flotilla broker decommission 4 --wait 1h"})
final class BrokerDecommission extends OperationVerb {

    @Parameters(paramLabel = "ID", description = "Id of the broker: `flotilla broker list`.")
    private int brokerId;

    BrokerDecommission(Terminal terminal, Cluster.Connector connector) {
        super(terminal, connector);
    }

    @Override
    public String task() {
        return "decommission broker " + brokerId;
    }

    @Override
    OperationDescription begin(Admin admin) {
        return admin.decommissionBroker(brokerId);
    }
}
