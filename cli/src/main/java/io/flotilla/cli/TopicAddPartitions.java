package io.flotilla.cli;

import io.flotilla.cli.failure.ExitCode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "add-partitions",
        description = {
            "Give a topic more partitions. Later records of a key may go to another partition than its earlier ones."
        },
        footerHeading = "%nExamples:%n",
        footer = {"  flotilla topic add-partitions orders --partitions 12"})
final class TopicAddPartitions extends ClusterCommand {

    @Parameters(paramLabel = "NAME", description = "The topic.")
    private String name;

    @Option(
            names = {"-p", "--partitions"},
            paramLabel = "COUNT",
            required = true,
            description = "Partitions that it has afterwards, those of now included; at most 10000.")
    private int partitions;

    TopicAddPartitions(Terminal terminal, Cluster.Connector connector) {
        super(terminal, connector);
    }

    @Override
    public String task() {
        return "add partitions to topic " + name;
    }

    @Override
    ExitCode run(Cluster cluster) {
        printer().show(TopicKinds.TOPIC, cluster.admin().addPartitions(name, partitions));
        return ExitCode.OK;
    }
}
