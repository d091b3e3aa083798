package io.flotilla.broker.metrics;

import static io.flotilla.broker.metrics.MetricDescription.Kind.COUNTER;
import static io.flotilla.broker.metrics.MetricDescription.Kind.GAUGE;
import static io.flotilla.broker.metrics.MetricDescription.Kind.HISTOGRAM;

import io.flotilla.broker.metrics.MetricDescription.Kind;
import java.util.List;

/** Every metric of a broker but those of its JVM, in the order of their documentation. */
public enum Metric {
    BUILD_INFO("flotilla_build_info", GAUGE, "1", "Always 1; the label tells the version.", "version"),
    READY("flotilla_ready", GAUGE, "1", "1 while /readyz answers 200, else 0."),

    APPEND_DURATION(
            "flotilla_append_duration_seconds",
            HISTOGRAM,
            "seconds",
            "Time from the arrival of a batch until it is fsynced on a majority, applied, and its answer is due."),
    APPEND_BYTES("flotilla_append_bytes_total", COUNTER, "bytes", "Bytes of batches that were appended."),
    APPEND_RECORDS("flotilla_append_records_total", COUNTER, "1", "Records that were appended."),
    APPEND_DUPLICATES(
            "flotilla_append_duplicates_total",
            COUNTER,
            "1",
            "Batches that were sent again and answered with the offset they have."),
    APPEND_ERRORS(
            "flotilla_append_errors_total", COUNTER, "1", "Batches that were not appended, by error code.", "code"),
    APPEND_IN_FLIGHT(
            "flotilla_append_in_flight_bytes", GAUGE, "bytes", "Bytes of batches received and not yet answered."),
    APPEND_IN_FLIGHT_MAX(
            "flotilla_append_in_flight_limit_bytes", GAUGE, "bytes", "Where these end: append.in.flight.bytes.max."),
    APPEND_THROTTLES(
            "flotilla_append_throttles_total",
            COUNTER,
            "1",
            "Times an append stream was read no further because that limit was reached."),
    APPEND_PENDING(
            "flotilla_append_pending_bytes",
            GAUGE,
            "bytes",
            "Bytes that replicas led here have gathered or proposed and not yet applied."),

    FETCH_DURATION(
            "flotilla_fetch_duration_seconds",
            HISTOGRAM,
            "seconds",
            "Time to find and read the records of one answer, without the wait for new ones and without sending."),
    FETCH_BYTES("flotilla_fetch_bytes_total", COUNTER, "bytes", "Bytes of batches that were read for clients."),
    FETCH_RECORDS("flotilla_fetch_records_total", COUNTER, "1", "Records that were read for clients."),

    CALL_DURATION(
            "flotilla_call_duration_seconds",
            HISTOGRAM,
            "seconds",
            "Time from a client's unary call until its answer, by method; that of Read includes the wait it asked for.",
            "method"),
    ERRORS(
            "flotilla_errors_total",
            COUNTER,
            "1",
            "Errors told to clients and to other brokers, by error code; OVERLOADED counts what was refused for its"
                    + " amount.",
            "code"),
    STREAMS("flotilla_streams", GAUGE, "1", "Streams now open, of clients and of other brokers."),
    REQUEST_QUEUE("flotilla_request_queue_tasks", GAUGE, "1", "Tasks that wait for one of the request.threads."),

    REPLICAS("flotilla_replicas", GAUGE, "1", "Replicas on this broker by role.", "role"),
    REPLICAS_MAX("flotilla_replicas_limit", GAUGE, "1", "Replicas that this broker takes."),
    LEADERLESS(
            "flotilla_partitions_leaderless",
            GAUGE,
            "1",
            "Replicas here that run and know no leader of their partition: as seen from here it is offline."),
    UNDER_REPLICATED(
            "flotilla_partitions_under_replicated",
            GAUGE,
            "1",
            "Partitions led here of which a follower has been silent for more than 10 s or lacks more than 1000"
                    + " entries."),
    NOT_CAUGHT_UP(
            "flotilla_replicas_lagging",
            GAUGE,
            "1",
            "Replicas here that have more than 1000 committed entries yet to apply."),
    LEADERSHIP_CHANGES(
            "flotilla_leadership_changes_total",
            COUNTER,
            "1",
            "Leaderships of groups that this broker has gained or lost, that of the metadata included.",
            "change"),
    ELECTIONS(
            "flotilla_elections_total",
            COUNTER,
            "1",
            "Elections, won or not, of groups with a member here, that of the metadata included; every member counts them,"
                    + " but for a group's first."),
    LOG_BYTES("flotilla_log_bytes", GAUGE, "bytes", "Bytes of all replicas' segments."),
    LOG_SEGMENTS("flotilla_log_segments", GAUGE, "1", "Segments of all replicas."),
    FETCHED_BYTES(
            "flotilla_replica_fetched_bytes_total",
            COUNTER,
            "bytes",
            "Bytes of segments that replicas here have fetched from other brokers to catch up."),

    GROUPS(
            "flotilla_groups",
            GAUGE,
            "1",
            "Consumer groups by state, told by their coordinator, the leader of the metadata.",
            "state"),
    GROUP_MEMBERS("flotilla_group_members", GAUGE, "1", "Members of all consumer groups, told by their coordinator."),
    GROUP_LAG(
            "flotilla_group_lag_records",
            GAUGE,
            "1",
            "Records that a consumer group has yet to process of a topic, of partitions with a committed offset; told by the"
                    + " coordinator, at most 10 s old.",
            "group",
            "topic"),
    GROUP_LAG_TIME(
            "flotilla_group_lag_seconds",
            GAUGE,
            "seconds",
            "How long ago the first record was made that a consumer group has yet to process, by the record's timestamp; of"
                    + " the partition of a topic where that is longest, 0 if the group has processed all; told by the"
                    + " coordinator, as of at most 10 s ago.",
            "group",
            "topic"),
    GROUP_LAGS_UNTOLD(
            "flotilla_group_lags_untold",
            GAUGE,
            "1",
            "Pairs of group and topic that have no flotilla_group_lag_records and flotilla_group_lag_seconds series, since"
                    + " there are more than metrics.groups.max."),
    GROUP_REBALANCES(
            "flotilla_group_rebalances_total",
            COUNTER,
            "1",
            "New distributions of a consumer group's partitions that this broker has brought about."),
    OFFSET_COMMITS(
            "flotilla_offset_commits_total",
            COUNTER,
            "1",
            "Offsets that this broker has committed for consumer groups."),
    OFFSET_COMMIT_ENTRIES(
            "flotilla_offset_commit_entries_total",
            COUNTER,
            "1",
            "Entries of the metadata's Raft log that these took."),

    PARTITIONS_UNTOLD(
            "flotilla_partitions_untold",
            GAUGE,
            "1",
            "Replicas here that have no flotilla_partition_* series, since there are more than metrics.partitions.max."),
    PARTITION_LEADER(
            "flotilla_partition_leader", GAUGE, "1", "1 where this broker leads, else 0.", "topic", "partition"),
    PARTITION_TERM(
            "flotilla_partition_term",
            GAUGE,
            "1",
            "Raft's term, which clients see as leader epoch.",
            "topic",
            "partition"),
    PARTITION_START(
            "flotilla_partition_log_start_offset",
            GAUGE,
            "1",
            "First offset that is still readable here.",
            "topic",
            "partition"),
    PARTITION_END(
            "flotilla_partition_high_watermark",
            GAUGE,
            "1",
            "First offset not yet committed, as far as is applied here: the end of the log.",
            "topic",
            "partition"),
    PARTITION_BYTES(
            "flotilla_partition_log_bytes", GAUGE, "bytes", "Bytes of the replica's segments.", "topic", "partition"),
    PARTITION_PENDING(
            "flotilla_partition_pending_bytes",
            GAUGE,
            "bytes",
            "Bytes gathered or proposed and not yet applied.",
            "topic",
            "partition"),
    PARTITION_COMMITTED(
            "flotilla_partition_committed_index",
            GAUGE,
            "1",
            "Index of the newest Raft entry that is known here to be committed.",
            "topic",
            "partition"),
    PARTITION_APPLY_LAG(
            "flotilla_partition_apply_lag_entries",
            GAUGE,
            "1",
            "Committed entries that are not applied here.",
            "topic",
            "partition"),
    PARTITION_FOLLOWER_LAG(
            "flotilla_partition_follower_lag_entries",
            GAUGE,
            "1",
            "Entries that the slowest follower has not acknowledged; where this broker leads.",
            "topic",
            "partition"),

    RAFT_FLUSH(
            "flotilla_raft_log_flush_duration_seconds",
            HISTOGRAM,
            "seconds",
            "Time of one flush of a Raft log: writing what is buffered, and the fsync."),
    RAFT_REFUSALS(
            "flotilla_raft_refused_total",
            COUNTER,
            "1",
            "What came over the Raft port and was not let in, by reason; the log tells from whom.",
            "reason"),

    METADATA_VERSION(
            "flotilla_metadata_version",
            GAUGE,
            "1",
            "Version of the cluster's metadata that this broker has; compare it between brokers."),
    METADATA_LAG(
            "flotilla_metadata_apply_lag_entries",
            GAUGE,
            "1",
            "Committed entries of the metadata that are not applied here; 0 on a broker that is no voter."),
    METADATA_LEADER_KNOWN(
            "flotilla_metadata_leader_known", GAUGE, "1", "1 while this broker knows the metadata's leader, else 0."),
    METADATA_LEADER("flotilla_metadata_leader", GAUGE, "1", "1 on the broker that leads the metadata, else 0."),
    BROKERS("flotilla_brokers", GAUGE, "1", "Brokers that are registered with the cluster."),
    TOPICS("flotilla_topics", GAUGE, "1", "Topics of the cluster."),
    PARTITIONS("flotilla_partitions", GAUGE, "1", "Partitions of the cluster."),

    DISK_FREE("flotilla_disk_free_bytes", GAUGE, "bytes", "Room that the disk of data.dir has left for this process."),
    DISK_TOTAL("flotilla_disk_total_bytes", GAUGE, "bytes", "Size of that disk."),
    DISK_RESERVE(
            "flotilla_disk_reserve_bytes", GAUGE, "bytes", "Room below which appends are refused: disk.reserve.bytes."),
    DISK_LEVEL(
            "flotilla_disk_space_level",
            GAUGE,
            "1",
            "0: enough room; 1: below the reserve, appends are refused; 2: below half of it, replicas are paused."),

    SCRUB_BYTES(
            "flotilla_scrub_checked_bytes_total", COUNTER, "bytes", "Bytes of segments that scrubbing has checked."),
    SCRUB_ROUNDS(
            "flotilla_scrub_rounds_total", COUNTER, "1", "Looks at all replicas' segments that came to their end."),
    SCRUB_TIME(
            "flotilla_scrub_last_round_timestamp_seconds",
            GAUGE,
            "seconds",
            "When the last of these ended, in seconds since 1970; 0 before the first of this process."),

    CPU_SECONDS("process_cpu_seconds_total", COUNTER, "seconds", "Processor time that this process has used."),
    PROCESSORS("process_processors", GAUGE, "1", "Processors that this process may use.");

    @SuppressWarnings("ImmutableEnumChecker") // its list is a copy that nobody can change
    private final MetricDescription description;

    Metric(String name, Kind kind, String unit, String help, String... labels) {
        this.description = new MetricDescription(name, kind, unit, List.of(labels), help);
    }

    /** As scraped. */
    public String metricName() {
        return description.name();
    }

    public MetricDescription description() {
        return description;
    }
}
