package io.flotilla.cli;

import io.flotilla.cli.failure.ExitCode;
import picocli.CommandLine.Command;

@Command(
        name = "list",
        description = "List all topics by name.",
        footerHeading = "%nExamples:%n",
        footer = {"  flotilla topic list", "  flotilla topic list -o name | xargs -n 1 flotilla topic show"})
final class TopicList extends ClusterCommand {

    TopicList(Terminal terminal, Cluster.Connector connector) {
        super(terminal, connector);
    }

    @Override
    public String task() {
        return "list topics";
    }

    @Override
    ExitCode run(Cluster cluster) {
        printer().list(TopicKinds.SUMMARY, cluster.admin().listTopics());
        return ExitCode.OK;
    }
}
