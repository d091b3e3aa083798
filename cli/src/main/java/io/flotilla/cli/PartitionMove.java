package io.flotilla.cli;

import io.flotilla.client.Admin;
import io.flotilla.client.OperationDescription;
import io.flotilla.client.TopicPartition;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "move",
        description = "Put a partition's replicas on other brokers; it is read and written meanwhile.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  flotilla partition move orders 0 --to 1,2,4",
            "  flotilla partition move orders 0 --to 4,2,1 --wait 10m"
        })
final class PartitionMove extends OperationVerb {

    @Parameters(index = "0", paramLabel = "TOPIC", description = "The topic.")
    private String topic;

    @Parameters(index = "1", paramLabel = "PARTITION", description = "Number of the partition, from 0.")
    private int partition;

    @Option(
            names = "--to",
            paramLabel = "ID",
            split = ",",
            required = true,
            description = "All brokers that shall have a replica, the preferred leader first.")
    private List<Integer> to;

    PartitionMove(Terminal terminal, Cluster.Connector connector) {
        super(terminal, connector);
    }

    @Override
    public String task() {
        return "move partition " + partition + " of topic " + topic + " to " + OperationKinds.ids(to);
    }

    @Override
    void checkArguments() {
        if (partition < 0) {
            throw wrong("partition " + partition + " is negative");
        }
        Set<Integer> brokers = new HashSet<>();
        for (int broker : to) {
            if (!brokers.add(broker)) {
                throw wrong(
                        "--to names broker " + broker + " twice; two replicas of a partition are never on one broker");
            }
        }
    }

    @Override
    OperationDescription begin(Admin admin) {
        return admin.movePartition(new TopicPartition(topic, partition), to);
    }
}
