package io.flotilla.cli;

import io.flotilla.client.Admin;
import io.flotilla.client.OperationDescription;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "replication",
        description = "Give every partition of a topic more or fewer replicas.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  flotilla topic replication orders --factor 3",
            "  flotilla topic replication orders --factor 5 --wait 30m"
        })
final class TopicReplication extends OperationVerb {

    @Parameters(paramLabel = "TOPIC", description = "The topic.")
    private String topic;

    @Option(
            names = "--factor",
            paramLabel = "COUNT",
            required = true,
            description = "Replicas of each partition, 1 to 15 and at most the number of brokers in service.")
    private int factor;

    TopicReplication(Terminal terminal, Cluster.Connector connector) {
        super(terminal, connector);
    }

    @Override
    public String task() {
        return "change the replication factor of topic " + topic + " to " + factor;
    }

    @Override
    void checkArguments() {
        if (factor < 1) {
            throw wrong("--factor " + factor + " is less than 1");
        }
    }

    @Override
    OperationDescription begin(Admin admin) {
        return admin.changeReplicationFactor(topic, factor);
    }
}
