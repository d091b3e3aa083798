package io.flotilla.cli;

import io.flotilla.cli.failure.ExitCode;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "upgrade",
        description = "Raise the cluster's feature level once every broker runs the new release. There is no way back.",
        footerHeading = "%nExamples:%n",
        footer = {"  flotilla cluster upgrade", "  flotilla cluster upgrade --to 1"})
final class ClusterUpgrade extends ClusterCommand {

    @Option(
            names = "--to",
            paramLabel = "LEVEL",
            description = "The feature level, 1 or more; by default the newest that every broker speaks.")
    private @Nullable Integer level;

    ClusterUpgrade(Terminal terminal, Cluster.Connector connector) {
        super(terminal, connector);
    }

    @Override
    public String task() {
        return "upgrade the cluster";
    }

    @Override
    void checkArguments() {
        if (level != null && level < 1) {
            throw wrong("--to " + level + " is no feature level: they begin with 1");
        }
    }

    @Override
    ExitCode run(Cluster cluster) {
        cluster.admin().upgradeCluster(level == null ? OptionalInt.empty() : OptionalInt.of(level));
        printer().show(BrokerKinds.CLUSTER, cluster.admin().describeCluster());
        return ExitCode.OK;
    }
}
