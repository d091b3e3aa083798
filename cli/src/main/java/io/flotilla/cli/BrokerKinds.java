package io.flotilla.cli;

import io.flotilla.cli.output.Column;
import io.flotilla.cli.output.Kind;
import io.flotilla.cli.output.Table;
import io.flotilla.client.BrokerAvailability;
import io.flotilla.client.BrokerDescription;
import io.flotilla.client.BrokerStatus;
import io.flotilla.client.ClusterDescription;
import io.flotilla.client.ReplicaDescription;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** How brokers and the cluster are printed. */
final class BrokerKinds {

    static final Kind<BrokerDescription> BROKER = Kind.plain(
            "Broker",
            broker -> Integer.toString(broker.brokerId()),
            BrokerKinds::fields,
            List.of(
                    Column.number("BROKER", BrokerDescription::brokerId),
                    Column.text("ADDRESS", broker -> broker.address().toString()),
                    Column.text("RACK", broker -> broker.rack().isEmpty() ? "-" : broker.rack()),
                    Column.number("LEADERS", BrokerDescription::leaderCount),
                    Column.number("REPLICAS", BrokerDescription::replicaCount),
                    Column.text("STATUS", BrokerKinds::availability),
                    Column.text("SINCE", broker -> broker.registeredAt().toString())));

    static final Kind<ClusterDescription> CLUSTER = new Kind<>(
            "Cluster",
            ClusterDescription::clusterId,
            BrokerKinds::fields,
            List.of(
                    Column.text("CLUSTER", ClusterDescription::clusterId),
                    Column.text("METADATA-LEADER", BrokerKinds::metadataLeader),
                    Column.text("VOTERS", cluster -> cluster.metadataVoterBrokerIds().stream()
                            .map(String::valueOf)
                            .collect(Collectors.joining(","))),
                    Column.number("VERSION", ClusterDescription::metadataVersion),
                    Column.number("FEATURE-LEVEL", ClusterDescription::featureLevel)),
            cluster -> below(Table.lines(BROKER.columns(), cluster.brokers())));

    private static final List<Column<ReplicaDescription>> REPLICA_COLUMNS = List.of(
            Column.text("TOPIC", replica -> replica.partition().topic()),
            Column.number("PARTITION", replica -> replica.partition().partition()),
            Column.text("ROLE", BrokerKinds::role),
            Column.number("EPOCH", ReplicaDescription::leaderEpoch),
            Column.number("LOG-START", ReplicaDescription::logStartOffset),
            Column.number("HIGH-WATERMARK", ReplicaDescription::highWatermark),
            Column.number("APPLIED", ReplicaDescription::appliedIndex));

    static final Kind<BrokerStatus> STATUS = new Kind<>(
            "BrokerStatus",
            status -> Integer.toString(status.brokerId()),
            BrokerKinds::fields,
            List.of(
                    Column.number("BROKER", BrokerStatus::brokerId),
                    Column.text("VERSION", BrokerStatus::version),
                    Column.number("REPLICAS", status -> status.replicas().size()),
                    Column.text("CLUSTER", BrokerStatus::clusterId)),
            status -> below(Table.lines(REPLICA_COLUMNS, status.replicas())));

    private BrokerKinds() {}

    @SuppressWarnings("NullAway") // the tree holds null for JSON's null
    private static Map<String, Object> fields(BrokerDescription broker) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("id", broker.brokerId());
        fields.put("host", broker.address().host());
        fields.put("port", broker.address().port());
        fields.put("rack", broker.rack());
        fields.put("directoryId", broker.directoryId());
        fields.put("registeredAt", broker.registeredAt());
        fields.put("leaderCount", broker.leaderCount());
        fields.put("replicaCount", broker.replicaCount());
        fields.put("inService", broker.availability().isInService());
        fields.put("draining", broker.availability().draining());
        fields.put("leaving", broker.availability().leaving());
        fields.put("fencedSince", broker.availability().fencedSince().orElse(null));
        return fields;
    }

    /** {@code in-service}, or all that keeps the broker from it. */
    private static String availability(BrokerDescription broker) {
        BrokerAvailability availability = broker.availability();
        List<String> reasons = new ArrayList<>();
        if (availability.draining()) {
            reasons.add("draining");
        }
        if (availability.leaving()) {
            reasons.add("leaving");
        }
        availability.fencedSince().ifPresent(since -> reasons.add("fenced since " + since));
        return reasons.isEmpty() ? "in-service" : String.join(", ", reasons);
    }

    @SuppressWarnings("NullAway") // the tree holds null for JSON's null
    private static Map<String, Object> fields(ClusterDescription cluster) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("id", cluster.clusterId());
        fields.put(
                "metadataLeader",
                cluster.metadataLeaderBrokerId().isPresent()
                        ? cluster.metadataLeaderBrokerId().getAsInt()
                        : null);
        fields.put("metadataVoters", cluster.metadataVoterBrokerIds());
        fields.put("metadataVersion", cluster.metadataVersion());
        fields.put("featureLevel", cluster.featureLevel());
        fields.put(
                "brokers", cluster.brokers().stream().map(BrokerKinds::fields).toList());
        return fields;
    }

    private static Map<String, Object> fields(BrokerStatus status) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("id", status.brokerId());
        fields.put("clusterId", status.clusterId());
        fields.put("version", status.version());
        fields.put(
                "replicas", status.replicas().stream().map(BrokerKinds::fields).toList());
        return fields;
    }

    private static Map<String, Object> fields(ReplicaDescription replica) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("topic", replica.partition().topic());
        fields.put("partition", replica.partition().partition());
        fields.put("role", role(replica));
        fields.put("leaderEpoch", replica.leaderEpoch());
        fields.put("logStartOffset", replica.logStartOffset());
        fields.put("highWatermark", replica.highWatermark());
        fields.put("appliedIndex", replica.appliedIndex());
        return fields;
    }

    private static String role(ReplicaDescription replica) {
        return replica.role().name().toLowerCase(Locale.ROOT);
    }

    private static String metadataLeader(ClusterDescription cluster) {
        return cluster.metadataLeaderBrokerId().isPresent()
                ? Integer.toString(cluster.metadataLeaderBrokerId().getAsInt())
                : "-";
    }

    private static List<String> below(List<String> table) {
        List<String> lines = new ArrayList<>(List.of(""));
        lines.addAll(table);
        return lines;
    }
}
