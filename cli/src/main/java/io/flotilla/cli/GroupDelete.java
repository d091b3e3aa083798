package io.flotilla.cli;

import io.flotilla.cli.failure.ExitCode;
import io.flotilla.client.GroupState;
import io.flotilla.client.GroupSummary;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "delete",
        description =
                "Forget a consumer group that has no members, and what it has committed. It never asks: --yes says that"
                        + " you mean it.",
        footerHeading = "%nExamples:%n",
        footer = {"  flotilla group delete billing --yes"})
final class GroupDelete extends ClusterCommand {

    @Parameters(paramLabel = "GROUP", description = "The group: `flotilla group list`.")
    private String group;

    @Option(names = "--yes", description = "Delete.")
    private boolean yes;

    GroupDelete(Terminal terminal, Cluster.Connector connector) {
        super(terminal, connector);
    }

    @Override
    public String task() {
        return "delete group " + group;
    }

    @Override
    void checkArguments() {
        if (!yes) {
            throw wrong("deleting group " + group + " with its offsets needs --yes");
        }
    }

    @Override
    ExitCode run(Cluster cluster) {
        int offsets = cluster.admin().groups().committed(group).size();
        cluster.admin().groups().delete(group);
        printer().show(GroupKinds.DELETED, new GroupSummary(group, GroupState.EMPTY, 0, offsets));
        return ExitCode.OK;
    }
}
