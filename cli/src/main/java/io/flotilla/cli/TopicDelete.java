package io.flotilla.cli;

import io.flotilla.cli.failure.ExitCode;
import io.flotilla.client.TopicDescription;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "delete",
        description = "Delete a topic with all its records. It never asks: --yes says that you mean it.",
        footerHeading = "%nExamples:%n",
        footer = {"  flotilla topic delete orders --yes"})
final class TopicDelete extends ClusterCommand {

    @Parameters(paramLabel = "NAME", description = "The topic.")
    private String name;

    @Option(names = "--yes", description = "Delete, for good.")
    private boolean yes;

    TopicDelete(Terminal terminal, Cluster.Connector connector) {
        super(terminal, connector);
    }

    @Override
    public String task() {
        return "delete topic " + name;
    }

    @Override
    void checkArguments() {
        if (!yes) {
            throw wrong("deleting topic " + name + " with all its records needs --yes");
        }
    }

    @Override
    ExitCode run(Cluster cluster) {
        TopicDescription deleted = cluster.admin().describeTopic(name);
        cluster.admin().deleteTopic(name);
        printer().show(TopicKinds.DELETED, deleted);
        return ExitCode.OK;
    }
}
