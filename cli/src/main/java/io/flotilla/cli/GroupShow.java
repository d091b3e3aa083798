package io.flotilla.cli;

import io.flotilla.cli.failure.ExitCode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "show",
        description = "Show a consumer group: its members and what they read, how far it is behind, and what has moved"
                + " partitions last.",
        footerHeading = "%nExamples:%n",
        footer = {"  flotilla group show billing", "  flotilla group show billing -o json | jq .lagSeconds"})
final class GroupShow extends ClusterCommand {

    @Parameters(paramLabel = "GROUP", description = "The group: `flotilla group list`.")
    private String group;

    GroupShow(Terminal terminal, Cluster.Connector connector) {
        super(terminal, connector);
    }

    @Override
    public String task() {
        return "show group " + group;
    }

    @Override
    ExitCode run(Cluster cluster) {
        printer().show(GroupKinds.GROUP, cluster.admin().groups().describe(group));
        return ExitCode.OK;
    }
}
