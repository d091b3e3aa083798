package io.flotilla.cli;

import io.flotilla.cli.failure.ExitCode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "list",
        description = "List all topics by name.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  flotilla topic list",
            "  flotilla topic list -o name | xargs -n 1 flotilla topic show",
            "  flotilla topic list --deleted"
        })
final class TopicList extends ClusterCommand {

    @Option(names = "--deleted", description = "List the topics that can be undeleted instead, with the time left.")
    private boolean deleted;

    TopicList(Terminal terminal, Cluster.Connector connector) {
        super(terminal, connector);
    }

    @Override
    public String task() {
        return deleted ? "list deleted topics" : "list topics";
    }

    @Override
    ExitCode run(Cluster cluster) {
        if (deleted) {
            printer().list(TopicKinds.UNDELETABLE, cluster.admin().listDeletedTopics());
        } else {
            printer().list(TopicKinds.SUMMARY, cluster.admin().listTopics());
        }
        return ExitCode.OK;
    }
}
