package io.flotilla.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import io.flotilla.client.CommittedOffset;
import io.flotilla.client.NewTopic;
import io.flotilla.client.TopicPartition;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GroupCommandsTest {
    private static final TopicPartition FIRST = new TopicPartition("orders", 0);
    private static final TopicPartition SECOND = new TopicPartition("orders", 1);

    private final MemoryCluster cluster = new MemoryCluster();

    @BeforeEach
    void createGroup() {
        cluster.createTopic(NewTopic.of("orders", 2, 1));
        for (int record = 0; record < 10; record++) {
            cluster.append("orders", 0, new byte[] {'x'});
        }
        cluster.groups().reset("billing", Map.of(FIRST, 4L));
    }

    private Map<TopicPartition, CommittedOffset> committed() {
        return cluster.groups().committed("billing");
    }

    @Test
    void shouldShowWhoReadsWhatAndHowFarBehind() {
        cluster.groups().join("billing", FIRST, SECOND);

        var shown = CommandRun.of(cluster, "group", "show", "billing");

        assertThat(shown.exitCode()).as(shown.err()).isZero();
        assertThat(shown.out()).isEqualTo("""
                GROUP    STATE   EPOCH  ASSIGNOR  LAG  LAG-SECONDS  EXPIRES
                billing  stable      3  uniform     6         12.3  -

                MEMBER  INSTANCE  CLIENT  HOST       READS              GIVES-UP  AWAITS  SILENT
                m-1     static-1  -       127.0.0.1  orders-0,orders-1  -         -       120 ms

                TOPIC   PARTITION  COMMITTED  END  LAG  LAG-SECONDS
                orders          0          4   10    6         12.3
                orders          1          -    0    -            -

                EPOCH  AT                    REASON
                    3  2026-11-28T10:00:00Z  m-1 has joined
                """);
        var json = JsonParser.parseString(CommandRun.of(cluster, "group", "show", "billing", "-o", "json")
                        .out())
                .getAsJsonObject();
        assertThat(json.get("lag").getAsLong()).isEqualTo(6);
        assertThat(json.get("lagSeconds").getAsDouble()).isEqualTo(12.34);
        assertThat(json.getAsJsonArray("partitions"))
                .map(Object::toString)
                .containsExactly(
                        "{\"topic\":\"orders\",\"partition\":0,\"committed\":4,\"end\":10,\"lag\":6,\"lagSeconds\":12.34}",
                        "{\"topic\":\"orders\",\"partition\":1,\"committed\":null,\"end\":0,\"lag\":null,\"lagSeconds\":null}");
    }

    @ParameterizedTest
    @CsvSource({"beginning, 0", "end, 10", "7, 7"})
    void shouldSetTheOffsetsItHas(String to, long expected) {
        var run = CommandRun.of(cluster, "group", "seek", "billing", "--to", to, "--yes");

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(committed()).containsExactly(Map.entry(FIRST, CommittedOffset.of(expected)));
    }

    @ParameterizedTest
    @CsvSource({"3, 7", "-2, 2", "-100, 0", "100, 10"})
    void shouldShiftNoFurtherThanThereIs(String shift, long expected) {
        var run = CommandRun.of(cluster, "group", "seek", "billing", "--shift", shift, "--yes");

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(committed()).containsExactly(Map.entry(FIRST, CommittedOffset.of(expected)));
    }

    @Test
    void shouldSetOffsetsOfTopicsItNeverRead() {
        CommandRun.of(cluster, "group", "seek", "fresh", "--topic", "orders", "--to", "end", "--yes");
        CommandRun.of(cluster, "group", "seek", "one", "--topic", "orders", "-p", "1", "--to", "end", "--yes");

        assertThat(cluster.groups().committed("fresh"))
                .containsOnly(Map.entry(FIRST, CommittedOffset.of(10)), Map.entry(SECOND, CommittedOffset.of(0)));
        assertThat(cluster.groups().committed("one")).containsOnlyKeys(SECOND);
    }

    @Test
    void shouldShowThePlanAndDoNothing() {
        var run = CommandRun.of(cluster, "group", "seek", "billing", "--to", "beginning", "--dry-run");

        assertThat(run.out()).isEqualTo("""
                TOPIC   PARTITION  FROM  TO
                orders          0  4      0
                """);
        assertThat(committed()).containsExactly(Map.entry(FIRST, CommittedOffset.of(4)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "group seek billing --to end",
                "group seek billing --to end --yes --dry-run",
                "group seek billing --yes",
                "group seek billing --to end --shift 1 --yes",
                "group seek billing --to end -p 0 --yes",
                "group delete billing",
                "consume orders --group billing --until end",
                "consume orders --group billing -p 0"
            })
    void shouldRefuseWhatIsNotSaidOutright(String line) {
        assertThat(CommandRun.of(cluster, line.split(" ")).exitCode()).isEqualTo(2);
        assertThat(committed()).containsExactly(Map.entry(FIRST, CommittedOffset.of(4)));
    }

    @Test
    void shouldLeaveAGroupAloneThatHasMembers() {
        cluster.groups().join("billing", FIRST);

        assertThat(CommandRun.of(cluster, "group", "seek", "billing", "--to", "end", "--yes")
                        .exitCode())
                .isEqualTo(6);
        assertThat(CommandRun.of(cluster, "group", "delete", "billing", "--yes").exitCode())
                .isEqualTo(6);
        assertThat(committed()).containsExactly(Map.entry(FIRST, CommittedOffset.of(4)));
    }

    @Test
    void shouldDelete() {
        assertThat(CommandRun.of(cluster, "group", "delete", "billing", "--yes").exitCode())
                .isZero();

        assertThat(CommandRun.of(cluster, "group", "show", "billing").exitCode())
                .isEqualTo(3);
    }
}
