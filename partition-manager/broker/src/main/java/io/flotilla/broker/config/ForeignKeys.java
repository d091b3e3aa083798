package io.flotilla.broker.config;

import java.util.Map;
import java.util.Optional;

/** Kafka's settings that cannot apply here: accepted, so that a Kafka file starts a broker, with a word why. */
final class ForeignKeys {
    private static final String RAFT_COMMITS =
            "a record is acknowledged when a majority of its replicas has fsynced it, always";
    private static final String NO_CONTROLLER_ROLE = "the brokers named in cluster.seeds hold the metadata";
    private static final String ONE_PROTOCOL_EACH = "each listener has one fixed protocol, its name";
    private static final String TOPICS_OF_RAFT =
            "groups and transactions are kept in the cluster metadata, not in topics";

    private static final Map<String, String> EXACT = Map.ofEntries(
            Map.entry("process.roles", NO_CONTROLLER_ROLE),
            Map.entry("controller.quorum.voters", NO_CONTROLLER_ROLE),
            Map.entry("controller.quorum.bootstrap.servers", NO_CONTROLLER_ROLE),
            Map.entry("controller.listener.names", NO_CONTROLLER_ROLE),
            Map.entry("zookeeper.connect", NO_CONTROLLER_ROLE),
            Map.entry("inter.broker.listener.name", "brokers talk over the GRPC and INTERNAL listeners"),
            Map.entry("listener.security.protocol.map", ONE_PROTOCOL_EACH),
            Map.entry("min.insync.replicas", RAFT_COMMITS),
            Map.entry("replica.lag.time.max.ms", RAFT_COMMITS),
            Map.entry("num.replica.fetchers", "followers are fed by the leader, they do not fetch"),
            Map.entry("log.flush.interval.messages", RAFT_COMMITS),
            Map.entry("log.flush.interval.ms", RAFT_COMMITS),
            Map.entry("log.retention.hours", "see log.retention.ms"),
            Map.entry("log.retention.minutes", "see log.retention.ms"),
            Map.entry("num.network.threads", "network threads follow the number of processors"),
            Map.entry("num.io.threads", "see request.threads"),
            Map.entry("num.recovery.threads.per.data.dir", "recovery threads follow the number of processors"),
            Map.entry("auto.create.topics.enable", "topics are created by request only"),
            Map.entry("group.initial.rebalance.delay.ms", "groups are assigned incrementally and need no delay"));

    private static final Map<String, String> BY_PREFIX = Map.of(
            "offsets.topic.",
            TOPICS_OF_RAFT,
            "transaction.state.log.",
            TOPICS_OF_RAFT,
            "log.cleaner.",
            "there is no cleaner thread to tune",
            "replica.fetch.",
            "followers are fed by the leader, they do not fetch");

    private ForeignKeys() {}

    /** Why the key has no effect; empty for a key this table does not know. */
    static Optional<String> reason(String key) {
        String exact = EXACT.get(key);
        if (exact != null) {
            return Optional.of(exact);
        }
        return BY_PREFIX.entrySet().stream()
                .filter(entry -> key.startsWith(entry.getKey()))
                .map(Map.Entry::getValue)
                .findFirst();
    }
}
