package io.flotilla.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.google.gson.JsonParser;
import io.flotilla.client.BrokerAvailability;
import io.flotilla.client.NewTopic;
import io.flotilla.client.OperationState;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OperationCommandsTest {
    private static final String ID = MemoryOperations.FIRST_ID;

    private final MemoryCluster cluster = new MemoryCluster();

    @BeforeEach
    void createTopic() {
        cluster.createTopic(NewTopic.of("orders", 1, 1));
    }

    @Test
    void shouldShowTheOperationItBegan() {
        var run = CommandRun.of(cluster, "partition", "move", "orders", "0", "--to", "2,3");

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.err()).isEmpty();
        assertThat(run.out()).isEqualTo("""
                OPERATION                         STATE    REMAINING  STARTED               ENDED  JOB
                00000000000000000000000000000001  running          2  2026-11-28T10:00:00Z  -      move orders-0 to 2,3
                """);
    }

    @Test
    void shouldTellOnStderrHowItGoesOnWhileItWaits() {
        var run = CommandRun.of(cluster, "broker", "decommission", "1", "--wait", "1m", "-o", "json");

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.err()).isEqualTo("""
                operation %1$s: 2 of 2 partitions remain
                operation %1$s: 1 of 2 partitions remain
                operation %1$s: done
                """.formatted(ID));
        var operation = JsonParser.parseString(run.out()).getAsJsonObject();
        assertThat(operation.get("state").getAsString()).isEqualTo("done");
        assertThat(operation.getAsJsonObject("job").get("broker").getAsInt()).isOne();
        assertThat(operation.get("partitionsRemaining").getAsInt()).isZero();
    }

    @Test
    void shouldTellThatAnOperationGoesOnWhichDidNotEndInTime() {
        cluster.memoryOperations().getStuck();

        var run = CommandRun.of(cluster, "topic", "replication", "orders", "--factor", "3", "--wait", "20ms");

        assertThat(run.exitCode()).isEqualTo(7);
        assertThat(run.out()).isEmpty();
        assertThat(run.err())
                .contains(
                        "error: could not change the replication factor of topic orders to 3 within 20 ms\n",
                        "  why: 2 of 2 partitions remain; operation " + ID + " goes on\n",
                        "`flotilla operation show " + ID + "`");
    }

    @Test
    void shouldFailWhenTheOperationDoes() {
        cluster.rebalance();
        cluster.memoryOperations().end(ID, OperationState.FAILED, "no room");

        var shown = CommandRun.of(cluster, "operation", "show", ID);
        var wait = new OperationWait(cluster, System.err, "rebalance the cluster");

        assertThat(shown.exitCode()).isZero();
        assertThat(shown.out()).contains("failed", "no room");
        assertThat(catchThrowable(() -> wait.until(cluster.operation(ID), Duration.ofMinutes(1))))
                .hasMessage("cannot rebalance the cluster: operation " + ID + " ended as failed: no room");
    }

    @Test
    void shouldShowWhatRemains() {
        CommandRun.of(cluster, "cluster", "rebalance");

        assertThat(CommandRun.of(cluster, "operation", "show", ID).out()).isEqualTo("""
                OPERATION                         STATE    REMAINING  STARTED               ENDED  JOB
                00000000000000000000000000000001  running          1  2026-11-28T10:00:00Z  -      rebalance the cluster

                TOPIC   PARTITION  REPLICAS  TARGET  VOTERS
                orders          0  1,2       2,3     1,2,3
                """);
        assertThat(CommandRun.of(cluster, "operation", "list", "-o", "name").out())
                .isEqualTo(ID + "\n");
    }

    @Test
    void shouldCancel() {
        CommandRun.of(cluster, "cluster", "rebalance");

        var run = CommandRun.of(cluster, "operation", "cancel", ID);

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains("cancelled", "2026-11-28T10:05:00Z", "cancelled by an operator");
    }

    @Test
    void shouldTellWhatIsWrongWithABroker() {
        assertThat(CommandRun.of(cluster, "broker", "list").out()).contains("in-service");
        assertThat(CommandRun.of(cluster, "broker", "drain", "1").out()).contains("draining");
        assertThat(CommandRun.of(cluster, "cluster", "show").out()).contains("draining");
        assertThat(CommandRun.of(cluster, "broker", "undrain", "1").out()).contains("in-service");
        cluster.setAvailability(
                new BrokerAvailability(false, true, Optional.of(Instant.parse("2026-11-28T10:00:00Z"))));
        assertThat(CommandRun.of(cluster, "broker", "list").out())
                .contains("leaving, fenced since 2026-11-28T10:00:00Z");
        assertThat(CommandRun.of(cluster, "broker", "list", "-o", "jsonl").out())
                .contains("\"inService\":false", "\"fencedSince\":\"2026-11-28T10:00:00Z\"");
    }

    @Test
    void shouldWaitUntilADrainingBrokerLeadsNothing() {
        var run = CommandRun.of(cluster, "broker", "drain", "1", "--wait", "1m", "-o", "json");

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(JsonParser.parseString(run.out())
                        .getAsJsonObject()
                        .get("leaderCount")
                        .getAsInt())
                .isZero();
    }

    @Test
    void shouldTellWhatADrainingBrokerStillLeads() {
        cluster.keepLeading();

        var run = CommandRun.of(cluster, "broker", "drain", "1", "--wait", "20ms");

        assertThat(run.exitCode()).isEqualTo(7);
        assertThat(run.out()).isEmpty();
        assertThat(run.err())
                .contains(
                        "broker 1: leads 1 partitions\n",
                        "error: could not drain broker 1 within 20 ms\n",
                        "it still leads 1 partitions");
    }

    @Test
    void shouldRaiseTheFeatureLevel() {
        assertThat(CommandRun.of(cluster, "cluster", "show").out()).contains("FEATURE-LEVEL");

        var newest = CommandRun.of(cluster, "cluster", "upgrade", "-o", "json");
        var tooNew = CommandRun.of(cluster, "cluster", "upgrade", "--to", "3");
        var impossible = CommandRun.of(cluster, "cluster", "upgrade", "--to", "0");

        assertThat(JsonParser.parseString(newest.out())
                        .getAsJsonObject()
                        .get("featureLevel")
                        .getAsInt())
                .isEqualTo(2);
        assertThat(tooNew.exitCode()).isEqualTo(6);
        assertThat(tooNew.err()).contains("cannot upgrade the cluster", "broker 1 (level 1 to 2)");
        assertThat(impossible.exitCode()).isEqualTo(2);
    }

    @Test
    void shouldPassOnWhyTheClusterRefuses() {
        var broker = CommandRun.of(cluster, "broker", "decommission", "9", "--wait", "1m");
        assertThat(broker.exitCode()).isEqualTo(3);
        assertThat(broker.err()).contains("cannot decommission broker 9", "broker 9 is not registered");

        var partition = CommandRun.of(cluster, "partition", "move", "orders", "5", "--to", "1");
        assertThat(partition.exitCode()).isEqualTo(3);

        var topic = CommandRun.of(cluster, "topic", "replication", "nowhere", "--factor", "3");
        assertThat(topic.exitCode()).isEqualTo(3);

        var operation = CommandRun.of(cluster, "operation", "show", "0123456789abcdef0123456789abcdef");
        assertThat(operation.exitCode()).isEqualTo(3);
        assertThat(operation.err()).contains("there is no operation 0123456789abcdef0123456789abcdef");
    }

    @Test
    void shouldTellWhatARecoveryLosesAndChangeNothing() {
        var run = CommandRun.of(cluster, "partition", "recover", "orders", "0", "--from", "1");

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).startsWith("""
                PARTITION  GOES-ON-FROM  GIVES-UP
                orders-0              1  2,3

                BROKER  HEARD-OF                        LOG-START  COMMITTED-END  LAST-ENTRY           STATE
                     1  yes                             0          500            index 512 of term 7  usable
                     2  not since 2026-11-28T10:00:00Z  -          -              -                    unknown: connection refused
                     3  yes                             0          490            index 520 of term 7  usable

                Nothing was changed.\
                """);
        assertThat(run.out())
                .contains(
                        "that only brokers 2,3 have, are lost for ever",
                        "they put their replicas into their quarantine folders",
                        "--from 3 loses less")
                .endsWith("\nTo go on: flotilla partition recover orders 0 --from 1 --accept-loss orders-0\n");
        assertThat(cluster.operations()).isEmpty();
    }

    @Test
    void shouldRecoverForWhoNamesThePartitionOnceMore() {
        var refused = CommandRun.of(
                cluster, "partition", "recover", "orders", "0", "--from", "1", "--accept-loss", "orders-1");
        assertThat(refused.err()).contains("'orders-1'", "'orders-0'", "nothing was changed");

        var run = CommandRun.of(
                cluster,
                "partition",
                "recover",
                "orders",
                "0",
                "--from",
                "1",
                "--accept-loss",
                "orders-0",
                "--wait",
                "1m");

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).contains("done", "recover orders-0 from broker 1, giving up 2,3");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "partition move orders 0",
                "partition move orders 0 --to 1,1",
                "partition move orders 0 --to one",
                "partition move orders -1 --to 1",
                "partition move orders 0 --to 1 --wait 0s",
                "partition move orders 0 --to 1 --wait 10",
                "partition move orders 0 --to 1 --wait 366d",
                "partition move orders 0 --to 1 --wait",
                "partition recover orders 0",
                "partition recover orders -1 --from 1",
                "partition recover orders 0 --from 1 --accept-loss orders",
                "partition recover orders 0 --from 1 --accept-loss orders-1",
                "partition recover orders 0 --from 1 --wait 1m",
                "topic replication orders",
                "topic replication orders --factor 0",
                "broker drain",
                "broker decommission one",
                "operation show",
                "operation cancel"
            })
    void shouldRefuseWhatCannotBeMeant(String line) {
        var run = CommandRun.of(cluster, line.split(" "));

        assertThat(run.exitCode()).as(run.err()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(cluster.operations()).isEmpty();
    }
}
