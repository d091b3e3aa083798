package io.flotilla.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import org.junit.jupiter.api.Test;

class TopicCommandsTest {
    private final MemoryCluster cluster = new MemoryCluster();

    @Test
    void shouldShowTheTopicItCreated() {
        var run = CommandRun.of(cluster, "topic", "create", "orders", "-p", "2", "-c", "segment.bytes=65536");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).isEqualTo("""
                NAME    PARTITIONS  REPLICATION  ID
                orders           2            1  0123456789abcdef0123456789abcdef

                SETTING        VALUE
                segment.bytes  65536

                PARTITION  LEADER  EPOCH  REPLICAS  LOG-START  HIGH-WATERMARK
                        0  1           7  1         0          -
                        1  -           7  1         0          -
                """);
    }

    @Test
    void shouldPrintNamesForScripts() {
        CommandRun.of(cluster, "topic", "create", "orders");
        CommandRun.of(cluster, "topic", "create", "audit");

        assertThat(CommandRun.of(cluster, "topic", "list", "-o", "name").out()).isEqualTo("audit\norders\n");
    }

    @Test
    void shouldPrintNullForALeaderNobodyIs() {
        CommandRun.of(cluster, "topic", "create", "orders", "-p", "2");

        var topic = JsonParser.parseString(CommandRun.of(cluster, "topic", "show", "orders", "-o", "json")
                        .out())
                .getAsJsonObject();

        assertThat(topic.get("kind").getAsString()).isEqualTo("Topic");
        var partitions = topic.getAsJsonArray("partitions");
        assertThat(partitions.get(0).getAsJsonObject().get("leader").getAsInt()).isOne();
        assertThat(partitions.get(1).getAsJsonObject().get("leader").isJsonNull())
                .isTrue();
    }

    @Test
    void shouldKeepAnExistingTopicOnlyWhenAsked() {
        CommandRun.of(cluster, "topic", "create", "orders");

        assertThat(CommandRun.of(cluster, "topic", "create", "orders").exitCode())
                .isEqualTo(6);
        assertThat(CommandRun.of(cluster, "topic", "create", "orders", "--if-not-exists")
                        .exitCode())
                .isZero();
    }

    @Test
    void shouldDeleteOnlyWithYes() {
        CommandRun.of(cluster, "topic", "create", "orders");

        var asked = CommandRun.of(cluster, "topic", "delete", "orders");
        assertThat(asked.exitCode()).isEqualTo(2);
        assertThat(asked.err()).contains("--yes");
        assertThat(CommandRun.of(cluster, "topic", "delete", "orders", "--yes").exitCode())
                .isZero();
        assertThat(cluster.listTopics()).isEmpty();
    }

    @Test
    void shouldListDeletedTopicsWithTheTimeLeftAndBringThemBack() {
        CommandRun.of(cluster, "topic", "create", "orders");
        CommandRun.of(cluster, "topic", "delete", "orders", "--yes");

        assertThat(CommandRun.of(cluster, "topic", "list", "--deleted").out()).isEqualTo("""
                NAME    PARTITIONS  DELETED                   TIME-LEFT  ID
                orders           1  2023-11-14T22:13:20.123Z  59m 12s    0123456789abcdef0123456789abcdef
                """);
        assertThat(CommandRun.of(cluster, "topic", "list", "--deleted", "-o", "json")
                        .out())
                .contains("\"purgeAt\": \"2023-11-14T23:13:20.123Z\"", "\"timeLeftMillis\": 3552000");

        assertThat(CommandRun.of(cluster, "topic", "undelete", "orders").exitCode())
                .isZero();
        assertThat(cluster.listTopics()).hasSize(1);
        assertThat(CommandRun.of(cluster, "topic", "undelete", "orders").exitCode())
                .isEqualTo(3);
    }

    @Test
    void shouldPurgeATopicThatWasDeletedBeforeByItsId() {
        CommandRun.of(cluster, "topic", "create", "orders");
        CommandRun.of(cluster, "topic", "delete", "orders", "--yes");
        String id = CommandRun.of(cluster, "topic", "list", "--deleted", "-o", "name")
                .out()
                .strip();

        assertThat(CommandRun.of(cluster, "topic", "delete", id, "--yes").exitCode())
                .isEqualTo(3);
        assertThat(CommandRun.of(cluster, "topic", "delete", id, "--now", "--yes", "-o", "name")
                        .out())
                .isEqualTo("orders\n");
        assertThat(cluster.listDeletedTopics()).isEmpty();
    }

    @Test
    void shouldSetAndUnsetSettings() {
        CommandRun.of(cluster, "topic", "create", "orders", "-c", "retention.ms=5");

        var run = CommandRun.of(
                cluster, "topic", "alter", "orders", "--set", "retention.bytes=7", "--unset", "retention.ms");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains("retention.bytes  7").doesNotContain("retention.ms");
        assertThat(CommandRun.of(cluster, "topic", "alter", "orders").exitCode())
                .isEqualTo(2);
    }

    @Test
    void shouldAddPartitions() {
        CommandRun.of(cluster, "topic", "create", "orders", "-p", "2");

        assertThat(CommandRun.of(cluster, "topic", "add-partitions", "orders", "--partitions", "3")
                        .exitCode())
                .isZero();
        assertThat(cluster.describeTopic("orders").partitionCount()).isEqualTo(3);
        assertThat(CommandRun.of(cluster, "topic", "add-partitions", "orders", "-p", "1")
                        .exitCode())
                .isEqualTo(2);
        assertThat(CommandRun.of(cluster, "topic", "add-partitions", "orders").exitCode())
                .isEqualTo(2);
    }

    @Test
    void shouldTrimToAnOffsetOrToTheEnd() {
        CommandRun.of(cluster, "topic", "create", "orders");
        for (int i = 0; i < 5; i++) {
            cluster.append("orders", 0, new byte[1]);
        }

        assertThat(CommandRun.of(cluster, "topic", "trim", "orders", "--partition", "0", "--to", "3")
                        .out())
                .isEqualTo("""
                        TOPIC   PARTITION  LOG-START
                        orders          0          3
                        """);
        assertThat(CommandRun.of(cluster, "topic", "trim", "orders", "-p", "0", "--to", "end", "-o", "json")
                        .out())
                .contains("\"kind\": \"TrimmedPartition\"", "\"logStartOffset\": 5");
        var beyond = CommandRun.of(cluster, "topic", "trim", "orders", "-p", "0", "--to", "6");
        assertThat(beyond.exitCode()).isEqualTo(3);
        assertThat(beyond.err()).contains("offset 6 is outside [0, 5]");
        assertThat(CommandRun.of(cluster, "topic", "trim", "orders", "--to", "1")
                        .exitCode())
                .isEqualTo(2);
        assertThat(CommandRun.of(cluster, "topic", "trim", "orders", "-p", "0", "--to", "-1")
                        .exitCode())
                .isEqualTo(2);
    }

    @Test
    void shouldExplainFailuresInThreeLines() {
        var run = CommandRun.of(cluster, "topic", "show", "orders");

        assertThat(run.exitCode()).isEqualTo(3);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).isEqualTo("""
                error: cannot show topic orders
                  why: there is no topic orders (UNKNOWN_TOPIC)
                  try: `flotilla topic list` shows the topics, with --deleted those that `flotilla topic undelete` brings back, `flotilla topic create NAME` makes one
                """);
    }
}
