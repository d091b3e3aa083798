package io.flotilla.broker.config;

import static io.flotilla.broker.config.ConfigKey.folder;
import static io.flotilla.broker.config.ConfigKey.integer;
import static io.flotilla.broker.config.ConfigKey.text;

import io.flotilla.metadata.core.Limits;
import io.flotilla.raftlog.partition.ScrubSettings;
import io.flotilla.raftlog.partition.rules.RetentionSettings;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Every setting of the broker. Names are Kafka's where they mean the same. */
public final class BrokerKeys {
    static final ConfigKey NODE_ID = integer(
                    "node.id", 0, Integer.MAX_VALUE, null, "Number of this broker, unique in its cluster, for ever.")
            .alias("broker.id");
    static final ConfigKey DATA_DIR = folder(
                    "data.dir", null, "Folder of all durable data; made and formatted on the first start.")
            .alias("log.dirs", "log.dir");
    static final ConfigKey RACK =
            text("broker.rack", "", "Name of the failure domain; replicas of a partition are spread over racks.");
    static final ConfigKey LISTENERS = text(
            "listeners",
            "GRPC://0.0.0.0:9094,INTERNAL://0.0.0.0:9095",
            "Addresses to bind: GRPC for clients and brokers, INTERNAL for Raft and, if wanted, HTTP for metrics and health,"
                    + " as in HTTP://127.0.0.1:9096.");
    static final ConfigKey ADVERTISED_LISTENERS = text(
            "advertised.listeners",
            "",
            "Addresses at which others reach GRPC and INTERNAL; by default those of 'listeners', with this machine's name"
                    + " where one binds every address.");
    static final ConfigKey SEEDS = text(
            "cluster.seeds",
            null,
            "Brokers that form the cluster and hold its metadata, 1, 3 or 5 of them, the same list on every broker:"
                    + " 1@host:9094,2@host:9094,3@host:9094 (node id @ GRPC address).");

    static final ConfigKey NUM_PARTITIONS =
            integer("num.partitions", 1, 10_000, "1", "Partitions of a topic whose creator names no number.");
    static final ConfigKey REPLICATION_FACTOR = integer(
            "default.replication.factor",
            1,
            7,
            "",
            "Replicas of a partition whose creator names no number; by default the number of seeds, at most 3.");
    static final ConfigKey MESSAGE_MAX_BYTES = integer(
            "message.max.bytes",
            1 << 10,
            1_048_588,
            "1048588",
            "Largest record batch in bytes, for topics that do not set max.message.bytes.");
    static final ConfigKey SEGMENT_BYTES = integer(
            "log.segment.bytes",
            64 << 10,
            1 << 30,
            Integer.toString(128 << 20),
            "Size in bytes at which a partition starts a new file, for topics that do not set segment.bytes.");

    static final ConfigKey RETENTION_MS = integer(
            "log.retention.ms",
            -1,
            Long.MAX_VALUE,
            Long.toString(RetentionSettings.DEFAULT.retentionMillis()),
            "Age in milliseconds past which records may go, for topics that do not set retention.ms; -1 keeps them.");
    static final ConfigKey RETENTION_BYTES = integer(
            "log.retention.bytes",
            -1,
            Long.MAX_VALUE,
            Long.toString(RetentionSettings.DEFAULT.retentionBytes()),
            "Bytes of a partition past which its oldest records may go, for topics that do not set retention.bytes; -1"
                    + " keeps them.");
    static final ConfigKey RETENTION_CHECK_INTERVAL = integer(
            "log.retention.check.interval.ms",
            100,
            86_400_000,
            "300000",
            "Pause in milliseconds between two looks for records that need not be kept.");

    static final ConfigKey DELETE_GRACE = integer(
            "topic.delete.grace.ms",
            0,
            Limits.DELETE_GRACE_MILLIS_MAX,
            "3600000",
            "Time in milliseconds for which a topic deleted through this broker can be undeleted; until it is over its"
                    + " records take room. 0 deletes them at once.");

    static final ConfigKey SCRUB_INTERVAL = integer(
            "scrub.interval.ms",
            1_000,
            315_360_000_000L,
            Long.toString(ScrubSettings.DEFAULT.interval().toMillis()),
            "Pause in milliseconds between two looks at all stored batches for bytes that the disk has changed.");
    static final ConfigKey SCRUB_RATE = integer(
            "scrub.bytes.per.second",
            1 << 10,
            1L << 40,
            Long.toString(ScrubSettings.DEFAULT.bytesPerSecond()),
            "How fast such a look reads, over the whole broker.");

    static final ConfigKey APPEND_BYTES = integer(
            "append.in.flight.bytes.max",
            4 << 20,
            Integer.MAX_VALUE,
            Integer.toString(128 << 20),
            "Bytes of batches received and not yet answered, over the whole broker; past it appends are refused.");
    static final ConfigKey APPEND_STREAM_BYTES = integer(
            "append.stream.in.flight.bytes.max",
            1 << 20,
            256 << 20,
            Integer.toString(4 << 20),
            "The same for one append stream; past it the broker reads no more of the stream.");
    static final ConfigKey READ_WAITING = integer(
            "read.waiting.max",
            1,
            1_000_000,
            "10000",
            "Unary reads that may wait for new records at one time; past it a read answers at once.");
    static final ConfigKey READ_STREAM_PARTITIONS = integer(
            "read.stream.partitions.max", 1, 1_000_000, "10000", "Partitions that one read stream may have assigned.");
    static final ConfigKey CALLS_PER_CONNECTION =
            integer("grpc.connection.calls.max", 1, 100_000, "1000", "Calls open at one time on one gRPC connection.");
    static final ConfigKey REQUEST_THREADS = integer(
            "request.threads", 0, 1024, "0", "Threads that handle requests; 0 means twice the processors, at least 4.");

    static final ConfigKey ELECTION_TIMEOUT_MIN = integer(
            "raft.election.timeout.min.ms",
            50,
            600_000,
            "1000",
            "Shortest silence of a leader, in milliseconds, after which a follower stands for election.");
    static final ConfigKey ELECTION_TIMEOUT_MAX =
            integer("raft.election.timeout.max.ms", 51, 1_200_000, "2000", "Longest such silence, in milliseconds.");
    static final ConfigKey RAFT_TRANSPORT = text(
            "raft.transport",
            "netty",
            "How brokers carry Raft's messages: netty, Flotilla's own transport, or grpc, the consensus library's. The"
                    + " same on all brokers of a cluster.");
    static final ConfigKey RAFT_TLS_CERTIFICATE = text(
            "raft.tls.certificate.file",
            "",
            "PEM file with this broker's certificate, which turns on TLS between brokers; it names"
                    + " flotilla://<cluster id>/broker/<node id>-<directory id>.");
    static final ConfigKey RAFT_TLS_KEY =
            text("raft.tls.key.file", "", "PEM file with the certificate's key, PKCS#8, not encrypted.");
    static final ConfigKey RAFT_TLS_CA = text(
            "raft.tls.ca.file",
            "",
            "PEM file with the certificates of those who sign for brokers; the same on all brokers of a cluster.");
    static final ConfigKey RAFT_LOG_KEPT_BYTES = integer(
            "raft.log.kept.bytes.max",
            0,
            Integer.MAX_VALUE,
            Integer.toString(64 << 20),
            "Bytes of Raft log that a partition keeps for replicas that lag or are down; one that lacks more fetches"
                    + " files of another replica.");
    static final ConfigKey REPLICA_FETCHES = integer(
            "replica.fetches.max", 1, 64, "2", "Replicas of this broker that fetch files of others at one time.");
    static final ConfigKey REPLICA_FETCH_RATE = integer(
            "replica.fetch.bytes.per.second",
            64 << 10,
            Integer.MAX_VALUE,
            Integer.toString(64 << 20),
            "Bytes a second that they fetch, all together.");
    static final ConfigKey SHUTDOWN_TIMEOUT = integer(
            "shutdown.timeout.ms",
            0,
            600_000,
            "10000",
            "Longest time in milliseconds that an orderly stop spends on handing leaderships over.");

    static final ConfigKey REPLICAS_MAX = integer(
            "replicas.max",
            0,
            100_000,
            "0",
            "Replicas of partitions this broker takes; topics for which the brokers have no room are refused. 0 means as"
                    + " many as heap, direct memory and open files allow.");
    static final ConfigKey DISK_RESERVE = integer(
            "disk.reserve.bytes",
            0,
            Integer.MAX_VALUE,
            Integer.toString(256 << 20),
            "Room in bytes that the disk of data.dir must have left; with less this broker's leaders refuse appends, with"
                    + " less than half its replicas pause; both end by themselves. 0 means no reserve.");
    static final ConfigKey DISK_CHECK_INTERVAL = integer(
            "disk.check.interval.ms",
            10,
            60_000,
            "1000",
            "Time in milliseconds between two looks at the disk: at its room, and at replicas that failed.");

    static final ConfigKey HEARTBEAT_INTERVAL = integer(
            "broker.heartbeat.interval.ms",
            10,
            600_000,
            "2000",
            "Time in milliseconds between two signs of life that a broker gives the leader of the metadata.");
    static final ConfigKey SESSION_TIMEOUT = integer(
            "broker.session.timeout.ms",
            100,
            3_600_000,
            "9000",
            "Silence in milliseconds after which a broker is fenced: no new replicas are placed there. Partitions get new"
                    + " leaders long before.");
    static final ConfigKey REPLACEMENT_DELAY = integer(
            "dead.broker.replacement.delay.ms",
            0,
            31_536_000_000L,
            "1800000",
            "Time in milliseconds that a broker must have been fenced before its replicas are made anew on others; 0 for"
                    + " never.");
    static final ConfigKey MOVES_MAX = integer(
            "partition.moves.max", 1, 1_000, "8", "Partitions of the cluster that move to other brokers at one time.");
    static final ConfigKey LEADER_RETURN_DELAY = integer(
            "leader.return.delay.ms",
            0,
            86_400_000,
            "5000",
            "Time in milliseconds that a partition's preferred leader must have been able to lead before it does.");
    static final ConfigKey GROUP_SESSION_TIMEOUT = integer(
            "group.consumer.session.timeout.ms",
            100,
            3_600_000,
            "45000",
            "Silence in milliseconds after which a member of a consumer group is removed, for members that do not say.");
    static final ConfigKey GROUP_SESSION_TIMEOUT_MIN = integer(
            "group.min.session.timeout.ms", 100, 3_600_000, "1000", "Shortest such silence that a member can ask for.");
    static final ConfigKey GROUP_SESSION_TIMEOUT_MAX = integer(
            "group.max.session.timeout.ms",
            100,
            3_600_000,
            "1800000",
            "Longest such silence that a member can ask for.");
    static final ConfigKey GROUP_HEARTBEAT_INTERVAL = integer(
            "group.consumer.heartbeat.interval.ms",
            10,
            600_000,
            "3000",
            "Time in milliseconds between two signs of life of a member; a third of its session timeout if that is less.");
    static final ConfigKey GROUP_REVOCATION_TIMEOUT = integer(
            "group.consumer.revocation.timeout.ms",
            100,
            86_400_000,
            "300000",
            "Time in milliseconds that a member has to stop reading what goes to another one and to commit it, before it is"
                    + " removed, for members that do not say.");
    static final ConfigKey OFFSETS_RETENTION = integer(
            "offsets.retention.minutes",
            0,
            5_256_000,
            "10080",
            "Minutes after which a consumer group that has no members and commits nothing is forgotten with its offsets; 0"
                    + " keeps it for ever.");
    static final ConfigKey COMMITS_WAITING = integer(
            "offsets.commits.waiting.max",
            1_000,
            10_000_000,
            "100000",
            "Offsets that may wait at one time to be committed, over all groups; past it commits are refused.");
    static final ConfigKey METRICS_PARTITIONS = integer(
            "metrics.partitions.max",
            0,
            100_000,
            "1000",
            "Replicas that the HTTP listener's /metrics tells one by one; further ones are in the sums only.");

    static final ConfigKey METRICS_GROUPS = integer(
            "metrics.groups.max",
            0,
            100_000,
            "500",
            "Pairs of consumer group and topic whose lag the HTTP listener's /metrics tells, in the order of their names.");

    /** In the order of their documentation. */
    public static final List<ConfigKey> ALL = List.of(
            NODE_ID,
            DATA_DIR,
            RACK,
            LISTENERS,
            ADVERTISED_LISTENERS,
            SEEDS,
            NUM_PARTITIONS,
            REPLICATION_FACTOR,
            MESSAGE_MAX_BYTES,
            SEGMENT_BYTES,
            RETENTION_MS,
            RETENTION_BYTES,
            RETENTION_CHECK_INTERVAL,
            DELETE_GRACE,
            SCRUB_INTERVAL,
            SCRUB_RATE,
            APPEND_BYTES,
            APPEND_STREAM_BYTES,
            READ_WAITING,
            READ_STREAM_PARTITIONS,
            CALLS_PER_CONNECTION,
            REQUEST_THREADS,
            ELECTION_TIMEOUT_MIN,
            ELECTION_TIMEOUT_MAX,
            RAFT_TRANSPORT,
            RAFT_TLS_CERTIFICATE,
            RAFT_TLS_KEY,
            RAFT_TLS_CA,
            RAFT_LOG_KEPT_BYTES,
            REPLICA_FETCHES,
            REPLICA_FETCH_RATE,
            SHUTDOWN_TIMEOUT,
            REPLICAS_MAX,
            DISK_RESERVE,
            DISK_CHECK_INTERVAL,
            HEARTBEAT_INTERVAL,
            SESSION_TIMEOUT,
            REPLACEMENT_DELAY,
            MOVES_MAX,
            LEADER_RETURN_DELAY,
            GROUP_SESSION_TIMEOUT,
            GROUP_SESSION_TIMEOUT_MIN,
            GROUP_SESSION_TIMEOUT_MAX,
            GROUP_HEARTBEAT_INTERVAL,
            GROUP_REVOCATION_TIMEOUT,
            OFFSETS_RETENTION,
            COMMITS_WAITING,
            METRICS_PARTITIONS,
            METRICS_GROUPS);

    /** Names and aliases to keys. */
    static final Map<String, ConfigKey> BY_NAME = byName();

    private BrokerKeys() {}

    private static Map<String, ConfigKey> byName() {
        Map<String, ConfigKey> keys = new LinkedHashMap<>();
        for (ConfigKey key : ALL) {
            keys.put(key.name(), key);
            key.aliases().forEach(alias -> keys.put(alias, key));
        }
        return Map.copyOf(keys);
    }
}
