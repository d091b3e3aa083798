package io.flotilla.cli;

import io.flotilla.cli.failure.ExitCode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "show",
        description = "Show a topic with its settings, partitions, leaders and offsets.",
        footerHeading = "%nExamples:%n",
        footer = {"  flotilla topic show orders", "  flotilla topic show orders -o json | jq '.partitions[].leader'"})
final class TopicShow extends ClusterCommand {

    @Parameters(paramLabel = "NAME", description = "The topic.")
    private String name;

    TopicShow(Terminal terminal, Cluster.Connector connector) {
        super(terminal, connector);
    }

    @Override
    public String task() {
        return "show topic " + name;
    }

    @Override
    ExitCode run(Cluster cluster) {
        printer().show(TopicKinds.TOPIC, cluster.admin().describeTopic(name));
        return ExitCode.OK;
    }
}
