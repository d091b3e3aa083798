package io.flotilla.broker.config;

import io.flotilla.broker.group.GroupSettings;
import io.flotilla.manager.ControllerSettings;
import io.flotilla.manager.LeaderWorkSettings;
import io.flotilla.raftlog.catchup.CatchUpSettings;
import io.flotilla.raftlog.partition.PartitionSettings;
import io.flotilla.raftlog.partition.ScrubSettings;
import io.flotilla.raftlog.partition.rules.RetentionSettings;
import io.flotilla.raftlog.raft.RaftSettings;
import io.flotilla.raftlog.raft.tls.TlsFiles;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/**
 * What one broker runs on. Every value has been checked; {@link BrokerKeys} documents them.
 *
 * @param dataDirectory absolute
 * @param rack          empty for none
 * @param listeners     addresses to bind
 * @param advertised    addresses others use
 * @param raftTls       empty for plain text between brokers
 * @param retentionCheckInterval pause between two looks for records that topics need not keep
 * @param metricsPartitionsMax   replicas that metrics tell one by one
 * @param metricsGroupsMax       pairs of consumer group and topic whose lag metrics tell
 */
public record BrokerConfig(
        int nodeId,
        Path dataDirectory,
        String rack,
        Listeners listeners,
        Listeners advertised,
        SeedList seeds,
        TopicDefaults topicDefaults,
        Limits limits,
        RaftTimeouts raftTimeouts,
        RaftSettings.Transport.Kind raftTransport,
        Optional<TlsFiles> raftTls,
        CatchUp catchUp,
        Duration retentionCheckInterval,
        ScrubSettings scrubbing,
        Duration shutdownTimeout,
        Capacity capacity,
        Disk disk,
        Control control,
        GroupSettings groups,
        int metricsPartitionsMax,
        int metricsGroupsMax) {

    /**
     * How brokers look after the cluster.
     *
     * @param heartbeatInterval between two signs of life of this broker
     * @param controller        when this broker leads the metadata
     * @param leaderWork        for the groups this broker leads
     */
    public record Control(Duration heartbeatInterval, ControllerSettings controller, LeaderWorkSettings leaderWork) {}

    /**
     * What a topic gets whose creator does not say.
     *
     * @param deleteGrace how long it can be undeleted; zero purges it at once
     */
    public record TopicDefaults(
            int partitionCount,
            int replicationFactor,
            PartitionSettings partition,
            RetentionSettings retention,
            Duration deleteGrace) {}

    /**
     * Bounds of what clients may ask for at one time.
     *
     * @param appendInFlightBytesMax       over the broker
     * @param appendStreamInFlightBytesMax per stream, at most the above
     */
    public record Limits(
            int appendInFlightBytesMax,
            int appendStreamInFlightBytesMax,
            int readWaitingMax,
            int readStreamPartitionsMax,
            int callsPerConnectionMax,
            int requestThreads) {}

    /**
     * When the disk is too full.
     *
     * @param reserveBytes  room that must be left, 0 for none
     * @param checkInterval between two looks
     */
    public record Disk(long reserveBytes, Duration checkInterval) {}

    /** Silence of a leader after which a follower stands for election: a random time between the two. */
    public record RaftTimeouts(Duration electionMin, Duration electionMax) {}

    /**
     * How replicas that were away become equal to the others again.
     *
     * @param raftLogKeptBytesMax up to here by a partition's Raft log
     * @param files               beyond by files
     */
    public record CatchUp(int raftLogKeptBytesMax, CatchUpSettings files) {}

    public BrokerConfig {
        Optional<SeedList.Seed> self = seeds.find(nodeId);
        HostPort grpc = advertised.grpc();
        if (self.isPresent() && !self.get().grpc().equals(grpc)) {
            throw new ConfigException("cluster.seeds says that node " + nodeId + " is at "
                    + self.get().grpc() + ", but advertised.listeners says " + grpc + "; make them equal");
        }
        if (self.isEmpty()
                && seeds.seeds().stream().anyMatch(seed -> seed.grpc().equals(grpc))) {
            throw new ConfigException("cluster.seeds names this broker's address " + grpc
                    + " under another node id than " + nodeId + "; correct node.id or cluster.seeds");
        }
    }

    /**
     * Checks settings given by name, as tests and embedded clusters do.
     *
     * @throws ConfigException if a key is unknown or a value is wrong
     */
    public static BrokerConfig of(Map<String, String> settings) {
        return ConfigSources.load(Optional.empty(), Map.of(), settings).config();
    }

    static BrokerConfig from(Settings settings) {
        int nodeId = settings.integer(BrokerKeys.NODE_ID);
        Listeners listeners = settings.parsed(BrokerKeys.LISTENERS, Listeners::parse);
        SeedList seeds = settings.parsed(BrokerKeys.SEEDS, SeedList::parse);
        Optional<Listeners> advertised = settings.parsed(
                BrokerKeys.ADVERTISED_LISTENERS,
                text -> text.isEmpty() ? Optional.empty() : Optional.of(Listeners.parse(text)));
        advertised.filter(addresses -> addresses.http().isPresent()).ifPresent(shown -> {
            throw settings.wrong(
                    BrokerKeys.ADVERTISED_LISTENERS, "HTTP is not advertised; leave it out here, 'listeners' opens it");
        });
        advertised
                .filter(addresses ->
                        addresses.grpc().isWildcard() || addresses.internal().isWildcard())
                .ifPresent(wildcard -> {
                    throw settings.wrong(
                            BrokerKeys.ADVERTISED_LISTENERS, "others cannot reach 'every address'; name this machine");
                });
        return new BrokerConfig(
                nodeId,
                settings.folder(BrokerKeys.DATA_DIR),
                settings.parsed(BrokerKeys.RACK, text -> text),
                listeners,
                advertised.orElseGet(() ->
                        new Listeners(reachable(listeners.grpc()), reachable(listeners.internal()), Optional.empty())),
                seeds,
                topicDefaults(settings, seeds),
                limits(settings),
                raftTimeouts(settings),
                raftTransport(settings),
                RaftTls.of(settings, raftTransport(settings)),
                catchUp(settings),
                Duration.ofMillis(settings.number(BrokerKeys.RETENTION_CHECK_INTERVAL)),
                new ScrubSettings(
                        Duration.ofMillis(settings.number(BrokerKeys.SCRUB_INTERVAL)),
                        settings.number(BrokerKeys.SCRUB_RATE)),
                Duration.ofMillis(settings.integer(BrokerKeys.SHUTDOWN_TIMEOUT)),
                Capacity.of(Capacity.Machine.current(), settings.integer(BrokerKeys.REPLICAS_MAX)),
                new Disk(
                        settings.integer(BrokerKeys.DISK_RESERVE),
                        Duration.ofMillis(settings.integer(BrokerKeys.DISK_CHECK_INTERVAL))),
                control(settings),
                groups(settings),
                settings.integer(BrokerKeys.METRICS_PARTITIONS),
                settings.integer(BrokerKeys.METRICS_GROUPS));
    }

    private static Control control(Settings settings) {
        long heartbeatMillis = settings.number(BrokerKeys.HEARTBEAT_INTERVAL);
        long sessionMillis = settings.number(BrokerKeys.SESSION_TIMEOUT);
        if (sessionMillis < 2 * heartbeatMillis) {
            throw settings.wrong(
                    BrokerKeys.SESSION_TIMEOUT,
                    "one heartbeat may get lost: it must be twice broker.heartbeat.interval.ms = " + heartbeatMillis
                            + " or more");
        }
        ControllerSettings controller = new ControllerSettings(
                Duration.ofMillis(Math.min(
                        sessionMillis / 2, ControllerSettings.DEFAULT.interval().toMillis())),
                Duration.ofMillis(sessionMillis),
                Duration.ofMillis(settings.number(BrokerKeys.REPLACEMENT_DELAY)),
                settings.integer(BrokerKeys.MOVES_MAX),
                ControllerSettings.DEFAULT.retryDelay());
        LeaderWorkSettings leaderWork = new LeaderWorkSettings(
                LeaderWorkSettings.DEFAULT.interval(),
                LeaderWorkSettings.DEFAULT.changesMax(),
                LeaderWorkSettings.DEFAULT.handOversMax(),
                Duration.ofMillis(settings.number(BrokerKeys.LEADER_RETURN_DELAY)),
                LeaderWorkSettings.DEFAULT.retryDelay());
        return new Control(Duration.ofMillis(heartbeatMillis), controller, leaderWork);
    }

    private static GroupSettings groups(Settings settings) {
        long min = settings.number(BrokerKeys.GROUP_SESSION_TIMEOUT_MIN);
        long max = settings.number(BrokerKeys.GROUP_SESSION_TIMEOUT_MAX);
        long session = settings.number(BrokerKeys.GROUP_SESSION_TIMEOUT);
        if (session < min || session > max) {
            throw settings.wrong(
                    BrokerKeys.GROUP_SESSION_TIMEOUT,
                    "it must be from group.min.session.timeout.ms = " + min + " to group.max.session.timeout.ms = "
                            + max);
        }
        return new GroupSettings(
                Duration.ofMillis(settings.number(BrokerKeys.GROUP_HEARTBEAT_INTERVAL)),
                Duration.ofMillis(session),
                Duration.ofMillis(min),
                Duration.ofMillis(max),
                Duration.ofMillis(settings.number(BrokerKeys.GROUP_REVOCATION_TIMEOUT)),
                Duration.ofMinutes(settings.number(BrokerKeys.OFFSETS_RETENTION)),
                settings.integer(BrokerKeys.COMMITS_WAITING));
    }

    private static TopicDefaults topicDefaults(Settings settings, SeedList seeds) {
        int batchBytesMax = settings.integer(BrokerKeys.MESSAGE_MAX_BYTES);
        int segmentBytesMax = settings.integer(BrokerKeys.SEGMENT_BYTES);
        if (batchBytesMax > segmentBytesMax) {
            throw settings.wrong(
                    BrokerKeys.SEGMENT_BYTES, "a segment must hold a batch of message.max.bytes = " + batchBytesMax);
        }
        return new TopicDefaults(
                settings.integer(BrokerKeys.NUM_PARTITIONS),
                settings.integerIfSet(BrokerKeys.REPLICATION_FACTOR)
                        .orElse(Math.min(3, seeds.seeds().size())),
                new PartitionSettings(segmentBytesMax, batchBytesMax),
                new RetentionSettings(
                        settings.number(BrokerKeys.RETENTION_MS), settings.number(BrokerKeys.RETENTION_BYTES)),
                Duration.ofMillis(settings.number(BrokerKeys.DELETE_GRACE)));
    }

    private static Limits limits(Settings settings) {
        int threads = settings.integer(BrokerKeys.REQUEST_THREADS);
        int broker = settings.integer(BrokerKeys.APPEND_BYTES);
        int stream = settings.integer(BrokerKeys.APPEND_STREAM_BYTES);
        if (stream > broker) {
            throw settings.wrong(
                    BrokerKeys.APPEND_STREAM_BYTES, "one stream cannot have more than append.in.flight.bytes.max");
        }
        return new Limits(
                broker,
                stream,
                settings.integer(BrokerKeys.READ_WAITING),
                settings.integer(BrokerKeys.READ_STREAM_PARTITIONS),
                settings.integer(BrokerKeys.CALLS_PER_CONNECTION),
                threads > 0 ? threads : Math.max(4, 2 * Runtime.getRuntime().availableProcessors()));
    }

    private static RaftTimeouts raftTimeouts(Settings settings) {
        int min = settings.integer(BrokerKeys.ELECTION_TIMEOUT_MIN);
        int max = settings.integer(BrokerKeys.ELECTION_TIMEOUT_MAX);
        if (max <= min) {
            throw settings.wrong(
                    BrokerKeys.ELECTION_TIMEOUT_MAX, "it must be above raft.election.timeout.min.ms = " + min);
        }
        return new RaftTimeouts(Duration.ofMillis(min), Duration.ofMillis(max));
    }

    private static RaftSettings.Transport.Kind raftTransport(Settings settings) {
        return settings.parsed(BrokerKeys.RAFT_TRANSPORT, text -> Arrays.stream(RaftSettings.Transport.Kind.values())
                .filter(kind -> kind.name().equalsIgnoreCase(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("choose netty or grpc")));
    }

    private static CatchUp catchUp(Settings settings) {
        return new CatchUp(
                settings.integer(BrokerKeys.RAFT_LOG_KEPT_BYTES),
                CatchUpSettings.DEFAULT
                        .withFetchesMax(settings.integer(BrokerKeys.REPLICA_FETCHES))
                        .withBytesPerSecond(settings.integer(BrokerKeys.REPLICA_FETCH_RATE)));
    }

    private static HostPort reachable(HostPort bound) {
        if (!bound.isWildcard()) {
            return bound;
        }
        try {
            return new HostPort(InetAddress.getLocalHost().getCanonicalHostName(), bound.port());
        } catch (UnknownHostException nameless) {
            throw new ConfigException(
                    "this machine's name cannot be resolved (" + nameless.getMessage()
                            + "); set advertised.listeners=GRPC://host:port,INTERNAL://host:port",
                    nameless);
        }
    }
}
