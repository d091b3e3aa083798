package io.flotilla.cli;

import io.flotilla.cli.failure.ExitCode;
import io.flotilla.client.BrokerDescription;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "drain",
        description =
                "Take leaderships away from a broker for maintenance; its replicas stay, and it gets no new ones.",
        footerHeading = "%nExamples:%n",
        footer = {"  flotilla broker drain 2", "  flotilla broker drain 2 --wait 5m"})
final class BrokerDrain extends ClusterCommand {

    @Parameters(paramLabel = "ID", description = "Id of the broker: `flotilla broker list`.")
    private int brokerId;

    @Option(
            names = "--wait",
            paramLabel = "DURATION",
            converter = WaitTime.Converter.class,
            description =
                    "Wait until the broker leads nothing, with progress on stderr: 90s, 10m, 2h. It goes on draining if"
                            + " that is not enough.")
    private @Nullable WaitTime wait;

    BrokerDrain(Terminal terminal, Cluster.Connector connector) {
        super(terminal, connector);
    }

    @Override
    public String task() {
        return "drain broker " + brokerId;
    }

    @Override
    ExitCode run(Cluster cluster) {
        BrokerDescription broker = cluster.admin().drainBroker(brokerId);
        if (wait != null) {
            broker = new DrainWait(cluster.admin(), terminal().err()).until(broker, wait.duration());
        }
        printer().show(BrokerKinds.BROKER, broker);
        return ExitCode.OK;
    }
}
