package io.flotilla.cli;

import io.flotilla.cli.failure.ExitCode;
import io.flotilla.client.Admin;
import io.flotilla.client.OperationDescription;
import io.flotilla.client.TopicPartition;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "recover",
        description = {
            "The last resort for a partition that has lost a majority of its replicas for good: it goes on from one"
                    + " replica, and every record that only the others had is lost for ever. Without --accept-loss nothing is"
                    + " changed: the command tells what is known of the replicas and what would be lost."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  flotilla partition recover orders 0 --from 1",
            "  flotilla partition recover orders 0 --from 1 --accept-loss orders-0 --wait 1m"
        })
final class PartitionRecover extends ClusterCommand {

    @Parameters(index = "0", paramLabel = "TOPIC", description = "The topic.")
    private String topic;

    @Parameters(index = "1", paramLabel = "PARTITION", description = "Number of the partition, from 0.")
    private int partition;

    @Option(
            names = "--from",
            paramLabel = "ID",
            required = true,
            description = "The broker whose replica the partition goes on from.")
    private int from;

    @Option(
            names = "--accept-loss",
            paramLabel = "TOPIC-PARTITION",
            description =
                    "Recover. Name the partition once more, exactly, to say that what only the others had may be lost.")
    private @Nullable String acceptLoss;

    @Option(
            names = "--wait",
            paramLabel = "DURATION",
            converter = WaitTime.Converter.class,
            description = "With --accept-loss: wait until the partition is led again, with progress on stderr.")
    private @Nullable WaitTime wait;

    PartitionRecover(Terminal terminal, Cluster.Connector connector) {
        super(terminal, connector);
    }

    @Override
    public String task() {
        return "recover partition " + partition + " of topic " + topic + " from broker " + from;
    }

    @Override
    void checkArguments() {
        if (partition < 0) {
            throw wrong("partition " + partition + " is negative");
        }
        String name = topic + "-" + partition;
        if (acceptLoss != null && !acceptLoss.equals(name)) {
            throw wrong("--accept-loss names '" + acceptLoss + "', but the partition to be recovered is '" + name
                    + "'; nothing was changed");
        }
        if (wait != null && acceptLoss == null) {
            throw wrong("--wait has nothing to wait for without --accept-loss " + name);
        }
    }

    @Override
    ExitCode run(Cluster cluster) {
        Admin admin = cluster.admin();
        TopicPartition named = new TopicPartition(topic, partition);
        if (acceptLoss == null) {
            printer()
                    .show(
                            RecoveryKinds.RECOVERY,
                            new RecoveryKinds.Recovery(named, from, admin.recoverableReplicas(named, from)));
            return ExitCode.OK;
        }
        OperationDescription operation = admin.recoverPartition(named, from, acceptLoss);
        if (wait != null) {
            operation = new OperationWait(admin, terminal().err(), task()).until(operation, wait.duration());
        }
        printer().show(OperationKinds.OPERATION, operation);
        return ExitCode.OK;
    }
}
