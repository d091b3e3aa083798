package io.flotilla.broker.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flotilla.broker.Broker;
import io.flotilla.broker.Page;
import io.flotilla.broker.grpc.WireClient;
import io.flotilla.broker.metrics.BrokerMetrics;
import io.flotilla.broker.metrics.MetricDescription;
import io.flotilla.broker.metrics.RuntimeMetrics;
import io.flotilla.protocol.v1.CommitOffsetsRequest;
import io.flotilla.protocol.v1.OffsetToCommit;
import io.flotilla.protocol.v1.TopicPartition;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ObservedClusterTest {
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final Pattern TYPE_LINE = Pattern.compile("# TYPE (\\S+) (\\S+)");
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"");

    private final Path folder;

    ObservedClusterTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void shouldTellEveryMetricOfTheCatalogueAndNoOther() throws Exception {
        double begun = System.currentTimeMillis() / 1_000.0;
        try (EmbeddedCluster cluster = EmbeddedCluster.start(new EmbeddedSettings(1, folder, 0));
                WireClient client = new WireClient(cluster.brokers().get(0))) {
            useEverything(client);
            await().atMost(PATIENCE).until(() -> Page.of(cluster.brokers().get(0), "/metrics")
                    .body()
                    .contains("flotilla_group_lag_records{"));

            String scraped = Page.of(cluster.brokers().get(0), "/metrics").body();

            Map<String, String> expected = expectedTypes();
            Map<String, String> found = types(scraped);
            for (String rare : RuntimeMetrics.AFTER_A_COLLECTION) {
                if (!found.containsKey(rare)) {
                    expected.remove(rare);
                    expected.remove(rare + "_max");
                }
            }
            assertThat(found).isEqualTo(expected);
            assertLabels(scraped);
            assertThat(Page.of(cluster.brokers().get(0), "/metrics")
                            .value("flotilla_group_lag_seconds{group=\"readers\",topic=\"orders\"}"))
                    .as("a record's timestamp is second 1 of 1970")
                    .isBetween(begun - 1.0, System.currentTimeMillis() / 1_000.0 - 1);
        }
    }

    private static void useEverything(WireClient client) {
        TopicPartition partition = client.createTopic("orders", 1);
        client.append(partition, "first");
        assertThat(client.values(partition, 0)).containsExactly("first");
        client.groups()
                .commitOffsets(CommitOffsetsRequest.newBuilder()
                        .setGroup("readers")
                        .addOffsets(OffsetToCommit.newBuilder().setPartition(partition))
                        .build());
    }

    private static Map<String, String> expectedTypes() {
        Map<String, String> types = new TreeMap<>();
        for (MetricDescription metric : BrokerMetrics.catalogue()) {
            types.put(metric.name(), metric.kind().name().toLowerCase(Locale.ROOT));
            switch (metric.kind()) {
                case SUMMARY -> types.put(metric.name() + "_max", "gauge");
                case COUNTER, GAUGE, HISTOGRAM -> {}
            }
        }
        return types;
    }

    private static Map<String, String> types(String scraped) {
        Map<String, String> types = new TreeMap<>();
        Matcher line = TYPE_LINE.matcher(scraped);
        while (line.find()) {
            types.put(line.group(1), line.group(2));
        }
        return types;
    }

    private static void assertLabels(String scraped) {
        Map<String, List<String>> labels = BrokerMetrics.catalogue().stream()
                .collect(Collectors.toMap(MetricDescription::name, MetricDescription::labels));
        scraped.lines()
                .filter(line -> !line.startsWith("#") && line.contains("{"))
                .forEach(line -> {
                    String name = line.substring(0, line.indexOf('{')).replaceFirst("_(bucket|count|sum|max)$", "");
                    List<String> known = labels.getOrDefault(name, labels.get(line.substring(0, line.indexOf('{'))));
                    assertThat(known).as(line).isNotNull();
                    Matcher label = LABEL.matcher(line);
                    while (label.find()) {
                        if (!label.group(1).equals("le")) {
                            assertThat(known).as(line).contains(label.group(1));
                        }
                    }
                });
    }

    @Test
    void shouldCountWhatClientsAndRaftDo() throws Exception {
        try (EmbeddedCluster cluster = EmbeddedCluster.start(new EmbeddedSettings(1, folder, 0));
                WireClient client = new WireClient(cluster.brokers().get(0))) {
            useEverything(client);

            Page metrics = Page.of(cluster.brokers().get(0), "/metrics");

            assertThat(metrics.value("flotilla_append_records_total")).isEqualTo(1);
            assertThat(metrics.value("flotilla_append_duration_seconds_count")).isEqualTo(1);
            assertThat(metrics.value("flotilla_fetch_records_total")).isGreaterThanOrEqualTo(1);
            assertThat(metrics.value("flotilla_call_duration_seconds_count{method=\"CreateTopic\"}"))
                    .isEqualTo(1);
            assertThat(metrics.value("flotilla_partition_high_watermark{partition=\"0\",topic=\"orders\"}"))
                    .isEqualTo(1);
            assertThat(metrics.value("flotilla_raft_log_flush_duration_seconds_count"))
                    .isPositive();
            assertThat(metrics.value("flotilla_leadership_changes_total{change=\"gained\"}"))
                    .isEqualTo(2); // of the metadata and of the partition
            assertThat(metrics.value("flotilla_partitions_leaderless")).isZero();
            assertThat(metrics.value("flotilla_metadata_leader")).isEqualTo(1);
            assertThat(metrics.value("flotilla_groups{state=\"empty\"}")).isEqualTo(1);
            assertThat(metrics.value("flotilla_offset_commits_total")).isEqualTo(1);
            assertThat(metrics.value("flotilla_disk_free_bytes")).isPositive();
        }
    }

    @Test
    void shouldTellThatOneBrokerIsMissingAndThenThatAMajorityIs() throws Exception {
        try (EmbeddedCluster cluster = EmbeddedCluster.start(new EmbeddedSettings(3, folder, 0))) {
            try (WireClient any = new WireClient(cluster.brokers().get(0))) {
                any.createTopic("orders", 3);
            }
            for (Broker broker : cluster.brokers()) {
                await().atMost(PATIENCE).untilAsserted(() -> assertThat(Page.of(broker, "/readyz"))
                        .isEqualTo(new Page(200, "{\"status\":\"ok\"}\n")));
            }
            Broker left = cluster.brokers().get(2);

            assertThat(underReplicated(cluster)).isZero();
            cluster.stop(1);

            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(underReplicated(cluster)).isEqualTo(1));
            assertThat(Page.of(left, "/readyz").status()).isEqualTo(200);

            cluster.stop(2);

            await().atMost(PATIENCE).untilAsserted(() -> {
                Page readiness = Page.of(left, "/readyz");
                assertThat(readiness.status()).isEqualTo(503);
                assertThat(readiness.body()).contains("\"metadata\"", "\"partition orders-0\"", "it knows no leader");
            });
            assertThat(Page.of(left, "/healthz").status()).isEqualTo(200);
            assertThat(Page.of(left, "/metrics").value("flotilla_partitions_leaderless"))
                    .isEqualTo(1);
            assertThat(Page.of(left, "/metrics").value("flotilla_ready")).isZero();
        }
    }

    private static long underReplicated(EmbeddedCluster cluster) throws Exception {
        long sum = 0;
        for (Broker broker : cluster.brokers()) {
            sum += (long) Page.of(broker, "/metrics").value("flotilla_partitions_under_replicated");
        }
        return sum;
    }

    @Test
    void shouldFindItsHttpPortAgainAfterARestartOfOneBroker() throws IOException, InterruptedException {
        try (EmbeddedCluster cluster = EmbeddedCluster.start(new EmbeddedSettings(1, folder, 0))) {
            var address = cluster.brokers().get(0).http();

            cluster.stop(1);
            Broker again = cluster.restart(1);

            assertThat(again.http()).isEqualTo(address);
            assertThat(Page.of(again, "/healthz").status()).isEqualTo(200);
        }
    }
}
