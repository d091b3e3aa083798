package io.flotilla.cli;

import io.flotilla.cli.failure.ExitCode;
import picocli.CommandLine.Command;

@Command(
        name = "list",
        description = "List the consumer groups.",
        footerHeading = "%nExamples:%n",
        footer = {"  flotilla group list", "  flotilla group list -o jsonl"})
final class GroupList extends ClusterCommand {

    GroupList(Terminal terminal, Cluster.Connector connector) {
        super(terminal, connector);
    }

    @Override
    public String task() {
        return "list consumer groups";
    }

    @Override
    ExitCode run(Cluster cluster) {
        printer().list(GroupKinds.SUMMARY, cluster.admin().groups().list());
        return ExitCode.OK;
    }
}
