package io.flotilla.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import io.flotilla.client.NewTopic;
import io.flotilla.client.TopicPartition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProduceConsumeTest {
    private final MemoryCluster cluster = new MemoryCluster();

    @BeforeEach
    void createTopic() {
        cluster.createTopic(NewTopic.of("orders", 2, 1));
    }

    @Test
    void shouldReturnWhatWasProducedLineByLine() {
        var produced = CommandRun.withInput(cluster, "a\n\n b\nc", "produce", "orders");
        var consumed = CommandRun.of(cluster, "consume", "orders", "--until", "end");

        assertThat(produced.exitCode()).isZero();
        assertThat(produced.out()).isEmpty();
        assertThat(produced.err()).startsWith("acknowledged 4 records of orders in ");
        assertThat(consumed.exitCode()).isZero();
        assertThat(consumed.out()).isEqualTo("a\n\n b\nc\n");
        assertThat(consumed.err()).isEqualTo("consumed 4 records of orders; next offsets 0:4\n");
    }

    @Test
    void shouldReadLinesOfAFile(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("lines"), "a\nb\n");

        CommandRun.of(cluster, "produce", "orders", "--file", file.toString(), "-p", "1", "-q");

        assertThat(cluster.log(new TopicPartition("orders", 1))).hasSize(2);
    }

    @Test
    void shouldPrintEachAcknowledgementWhenVerbose() {
        var run = CommandRun.withInput(cluster, "k=v\nw\n", "produce", "orders", "--key-separator", "=", "-v");

        assertThat(run.out()).isEqualTo("orders/0@0\norders/0@1\n");
        var log = cluster.log(new TopicPartition("orders", 0));
        assertThat(log.get(0).key()).isEqualTo("k".getBytes(UTF_8));
        assertThat(log.get(1).key()).isNull();
    }

    @Test
    void shouldPrintAcknowledgementsAsJson() {
        var lines = CommandRun.withInput(cluster, "a\n", "produce", "orders", "-o", "jsonl");
        var document = CommandRun.withInput(cluster, "b\nc\n", "produce", "orders", "-o", "json");

        assertThat(lines.out())
                .isEqualTo("{\"topic\":\"orders\",\"partition\":0,\"offset\":0,"
                        + "\"timestamp\":\"2023-11-14T22:13:20.123Z\",\"leaderEpoch\":7,\"duplicate\":false}\n");
        var partition = JsonParser.parseString(document.out())
                .getAsJsonObject()
                .getAsJsonArray("partitions")
                .get(0)
                .getAsJsonObject();
        assertThat(partition.get("records").getAsInt()).isEqualTo(2);
        assertThat(partition.get("firstOffset").getAsInt()).isEqualTo(1);
        assertThat(partition.get("lastOffset").getAsInt()).isEqualTo(2);
    }

    @Test
    void shouldSayHowMuchWasAcknowledgedBeforeAFailure() {
        var run = CommandRun.withInput(cluster, "a\n", "produce", "orders", "-p", "9");

        assertThat(run.exitCode()).isEqualTo(3);
        assertThat(run.err())
                .contains("acknowledged 0 records")
                .contains("error: cannot produce to topic orders")
                .contains("UNKNOWN_PARTITION");
    }

    @Test
    void shouldStopBeforeTheOffsetOfEachPartition() {
        append(0, 5);
        append(1, 1);

        var run = CommandRun.of(cluster, "consume", "orders", "-p", "0", "--from", "1", "--until", "3", "-f", "%o ");

        assertThat(run.out()).isEqualTo("1 2 ");
    }

    @Test
    void shouldReadAllPartitionsToTheirEnds() {
        append(0, 5);
        append(1, 3);

        var run = CommandRun.of(cluster, "consume", "orders", "--until", "end", "-o", "name");

        assertThat(run.out().lines())
                .hasSize(8)
                .contains("orders/0@4", "orders/1@2")
                .doesNotHaveDuplicates();
    }

    @Test
    void shouldStopAfterTheCountOfRecords() {
        append(0, 5);

        var run = CommandRun.of(cluster, "consume", "orders", "-n", "3", "-f", "%o ");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).isEqualTo("0 1 2 ");
        assertThat(run.err()).contains("next offsets 0:3");
    }

    @Test
    void shouldFindNothingBehindTheEnd() {
        append(0, 2);

        var run = CommandRun.of(cluster, "consume", "orders", "--from", "end", "--until", "end", "-o", "json");

        var document = JsonParser.parseString(run.out()).getAsJsonObject();
        assertThat(document.get("kind").getAsString()).isEqualTo("RecordList");
        assertThat(document.getAsJsonArray("items")).isEmpty();
    }

    @Test
    void shouldPrintRecordsAsOneJsonDocument() {
        append(0, 3);

        var run = CommandRun.of(cluster, "consume", "orders", "--until", "end", "-o", "json");

        var items = JsonParser.parseString(run.out()).getAsJsonObject().getAsJsonArray("items");
        assertThat(items).hasSize(3);
        assertThat(items.get(2).getAsJsonObject().get("value").getAsString()).isEqualTo("2");
    }

    @Test
    void shouldNameThePartitionsThatDoNotExist() {
        var run = CommandRun.of(cluster, "consume", "orders", "-p", "1,7");

        assertThat(run.exitCode()).isEqualTo(3);
        assertThat(run.err()).contains("has the partitions 0 to 1, not [7]");
    }

    private void append(int partition, int records) {
        for (int i = 0; i < records; i++) {
            cluster.append("orders", partition, Integer.toString(i).getBytes(UTF_8));
        }
    }
}
