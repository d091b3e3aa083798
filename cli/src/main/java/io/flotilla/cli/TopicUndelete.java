package io.flotilla.cli;

import io.flotilla.cli.failure.ExitCode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "undelete",
        description = "Bring a deleted topic back with its settings and records, as long as it is not purged.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  flotilla topic undelete orders",
            "  flotilla topic undelete 0f3c6a1e2b4d5f60718293a4b5c6d7e8   # one of several that had a name"
        })
final class TopicUndelete extends ClusterCommand {

    @Parameters(paramLabel = "NAME", description = "The topic, or its id as `topic list --deleted` shows it.")
    private String name;

    TopicUndelete(Terminal terminal, Cluster.Connector connector) {
        super(terminal, connector);
    }

    @Override
    public String task() {
        return "undelete topic " + name;
    }

    @Override
    ExitCode run(Cluster cluster) {
        printer().show(TopicKinds.TOPIC, cluster.admin().undeleteTopic(name));
        return ExitCode.OK;
    }
}
