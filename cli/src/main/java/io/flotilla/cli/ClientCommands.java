package io.flotilla.cli;

import picocli.CommandLine;

/** Puts the commands that speak to a cluster under a root command. */
public final class ClientCommands {

    private ClientCommands() {}

    /** Adds them in the order in which help lists them. */
    public static void addTo(CommandLine root, Terminal terminal) {
        addTo(root, terminal, Cluster::overNetwork);
    }

    static void addTo(CommandLine root, Terminal terminal, Cluster.Connector connector) {
        root.addSubcommand(Noun.of(
                "topic",
                "Create, look at, change and delete topics.",
                new TopicCreate(terminal, connector),
                new TopicList(terminal, connector),
                new TopicShow(terminal, connector),
                new TopicAlter(terminal, connector),
                new TopicAddPartitions(terminal, connector),
                new TopicReplication(terminal, connector),
                new TopicTrim(terminal, connector),
                new TopicDelete(terminal, connector),
                new TopicUndelete(terminal, connector)));
        root.addSubcommand(new Produce(terminal, connector));
        root.addSubcommand(new Consume(terminal, connector));
        root.addSubcommand(Noun.of(
                "group",
                "Look at consumer groups, move their offsets, delete them.",
                new GroupList(terminal, connector),
                new GroupShow(terminal, connector),
                new GroupSeek(terminal, connector),
                new GroupDelete(terminal, connector)));
        root.addSubcommand(Noun.of(
                "partition",
                "Move partitions, and recover those that have lost a majority.",
                new PartitionMove(terminal, connector),
                new PartitionRecover(terminal, connector)));
        root.addSubcommand(Noun.of(
                "cluster",
                "Look at the cluster, rebalance and upgrade it.",
                new ClusterShow(terminal, connector),
                new ClusterRebalance(terminal, connector),
                new ClusterUpgrade(terminal, connector)));
        root.addSubcommand(Noun.of(
                "broker",
                "Start brokers, look at them, drain them and take them out.",
                new BrokerList(terminal, connector),
                new BrokerShow(terminal, connector),
                new BrokerDrain(terminal, connector),
                new BrokerUndrain(terminal, connector),
                new BrokerDecommission(terminal, connector)));
        root.addSubcommand(Noun.of(
                "operation",
                "Look at long operations and cancel them.",
                new OperationList(terminal, connector),
                new OperationShow(terminal, connector),
                new OperationCancel(terminal, connector)));
    }
}
