package io.flotilla.cli;

import io.flotilla.cli.failure.ExitCode;
import io.flotilla.client.NewTopic;
import io.flotilla.client.TopicDescription;
import io.flotilla.protocol.error.ErrorCode;
import io.flotilla.protocol.error.LogException;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "create",
        description = "Create a topic.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  flotilla topic create orders",
            "  flotilla topic create orders -p 6 -r 3",
            "  flotilla topic create orders --if-not-exists -o json",
            "  flotilla topic create audit -c segment.bytes=67108864 -c max.message.bytes=65536"
        })
final class TopicCreate extends ClusterCommand {

    @Parameters(paramLabel = "NAME", description = "1 to 249 letters, digits, '.', '_' or '-'.")
    private String name;

    @Option(
            names = {"-p", "--partitions"},
            paramLabel = "COUNT",
            description = "Number of partitions, 1 to 10000 (default: as the cluster says).")
    private int partitions;

    @Option(
            names = {"-r", "--replication-factor"},
            paramLabel = "COUNT",
            description = "Replicas of each partition, 1 to the number of brokers (default: as the cluster says).")
    private int replicationFactor;

    @Option(
            names = {"-c", "--config"},
            paramLabel = "KEY=VALUE",
            description = "A setting of the topic; may be repeated.")
    private Map<String, String> config = new LinkedHashMap<>();

    @Option(names = "--if-not-exists", description = "Keep a topic that exists as it is and succeed.")
    private boolean ifNotExists;

    TopicCreate(Terminal terminal, Cluster.Connector connector) {
        super(terminal, connector);
    }

    @Override
    public String task() {
        return "create topic " + name;
    }

    @Override
    ExitCode run(Cluster cluster) {
        printer().show(TopicKinds.TOPIC, createOrFind(cluster));
        return ExitCode.OK;
    }

    private TopicDescription createOrFind(Cluster cluster) {
        try {
            return cluster.admin().createTopic(new NewTopic(name, partitions, replicationFactor, config));
        } catch (LogException refused) {
            if (ifNotExists && refused.code() == ErrorCode.TOPIC_ALREADY_EXISTS) {
                return cluster.admin().describeTopic(name);
            }
            throw refused;
        }
    }
}
