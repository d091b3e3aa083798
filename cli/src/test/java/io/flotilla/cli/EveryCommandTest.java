package io.flotilla.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import io.flotilla.client.NewTopic;
import io.flotilla.client.TopicPartition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** What holds for all commands, tested by a loop over all of them, so that a new one cannot forget it. */
class EveryCommandTest {
    /** What each command needs behind its name to succeed; a command missing here fails the tests. */
    private static final Map<String, List<String>> ARGUMENTS = Map.ofEntries(
            Map.entry("topic create", List.of("fresh")),
            Map.entry("topic list", List.of()),
            Map.entry("topic show", List.of("orders")),
            Map.entry("topic alter", List.of("orders", "--set", "retention.ms=1")),
            Map.entry("topic add-partitions", List.of("orders", "--partitions", "2")),
            Map.entry("topic replication", List.of("orders", "--factor", "3")),
            Map.entry("topic trim", List.of("orders", "-p", "0", "--to", "0")),
            Map.entry("topic delete", List.of("orders", "--yes")),
            Map.entry("topic undelete", List.of("gone")),
            Map.entry("produce", List.of("orders")),
            Map.entry("consume", List.of("orders", "--until", "end")),
            Map.entry("group list", List.of()),
            Map.entry("group show", List.of("billing")),
            Map.entry("group seek", List.of("billing", "--to", "end", "--yes")),
            Map.entry("group delete", List.of("billing", "--yes")),
            Map.entry("partition move", List.of("orders", "0", "--to", "1,2")),
            Map.entry("partition recover", List.of("orders", "0", "--from", "1")),
            Map.entry("cluster show", List.of()),
            Map.entry("cluster rebalance", List.of("--wait", "1m")),
            Map.entry("cluster upgrade", List.of("--to", "2")),
            Map.entry("broker list", List.of()),
            Map.entry("broker show", List.of("1")),
            Map.entry("broker drain", List.of("1")),
            Map.entry("broker undrain", List.of("1")),
            Map.entry("broker decommission", List.of("1")),
            Map.entry("operation list", List.of()),
            Map.entry("operation show", List.of(MemoryOperations.FIRST_ID)),
            Map.entry("operation cancel", List.of(MemoryOperations.FIRST_ID)));

    private final MemoryCluster cluster = new MemoryCluster();

    static Stream<String> commands() {
        List<String> names = new ArrayList<>();
        collect(CommandRun.root(Terminal.ofProcess(), Cluster::overNetwork), "", names);
        return names.stream();
    }

    private static void collect(CommandLine command, String path, List<String> names) {
        if (command.getSubcommands().isEmpty()) {
            names.add(path.strip());
        }
        command.getSubcommands().forEach((name, subcommand) -> collect(subcommand, path + " " + name, names));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void shouldExplainItselfWithExamples(String command) {
        var run = CommandRun.of(cluster, with(command, "--help"));

        assertThat(run.exitCode()).isZero();
        assertThat(run.err()).isEmpty();
        assertThat(run.out())
                .contains("Usage: flotilla " + command)
                .contains("\nExamples:\n", "--bootstrap", "--output")
                .doesNotContain("\u001b");
    }

    @ParameterizedTest
    @MethodSource("commands")
    void shouldPrintOneDocumentOfItsKindAsJson(String command) {
        var run = succeeded(command, "json");

        var document = JsonParser.parseString(run.out()).getAsJsonObject();
        assertThat(document.get("apiVersion").getAsString()).isEqualTo("flotilla/v1");
        assertThat(document.get("kind").getAsString()).isNotEmpty();
    }

    @ParameterizedTest
    @MethodSource("commands")
    void shouldPrintAnObjectOnEachLineAsJsonl(String command) {
        var run = succeeded(command, "jsonl");

        assertThat(run.out()).isNotEmpty();
        run.out().lines().forEach(line -> assertThat(
                        JsonParser.parseString(line).isJsonObject())
                .isTrue());
    }

    @ParameterizedTest
    @MethodSource("commands")
    void shouldPrintOneWordOnEachLineAsName(String command) {
        var run = succeeded(command, "name");

        assertThat(run.out().lines()).isNotEmpty().allMatch(line -> line.matches("\\S+"));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void shouldRefuseAnUnknownFormat(String command) {
        assertUsageError(CommandRun.of(cluster, with(command, "-o", "yaml")));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void shouldRefuseAMalformedAddress(String command) {
        assertUsageError(CommandRun.overNetwork(with(command, "-b", "host:port")));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void shouldTellThatNobodyListens(String command) {
        // Port 1 is reserved and, on a machine that runs tests, closed.
        var run = CommandRun.overNetwork(with(command, "-b", "127.0.0.1:1"));

        assertThat(run.exitCode()).isEqualTo(4);
        assertThat(run.err()).startsWith("error: cannot connect to 127.0.0.1:1\n  why: 127.0.0.1:1: ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "topic",
                "group",
                "partition",
                "cluster",
                "broker",
                "operation",
                "topic creat",
                "topics",
                "topic list surplus"
            })
    void shouldRefuseWhatIsNoCommand(String line) {
        assertUsageError(CommandRun.of(cluster, line.split(" ")));
    }

    @Test
    void shouldSuggestTheNearestCommand() {
        assertThat(CommandRun.of(cluster, "topic", "creat").err()).contains("did you mean", "create");
    }

    private CommandRun succeeded(String command, String format) {
        cluster.createTopic(NewTopic.of("gone", 1, 1));
        cluster.deleteTopic("gone");
        cluster.createTopic(NewTopic.of("orders", 1, 1));
        cluster.append("orders", 0, new byte[] {'x'});
        cluster.rebalance();
        cluster.groups().reset("billing", Map.of(new TopicPartition("orders", 0), 1L));
        var run = CommandRun.withInput(cluster, "line\n", with(command, "-o", format));

        assertThat(run.exitCode()).as(run.err()).isZero();
        return run;
    }

    private static void assertUsageError(CommandRun run) {
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err().lines()).hasSize(3);
        assertThat(run.err()).startsWith("error: ").contains("\n  why: ", "\n  try: ");
    }

    private static String[] with(String command, String... options) {
        List<String> line = new ArrayList<>(List.of(command.split(" ")));
        line.addAll(ARGUMENTS.get(command));
        line.addAll(List.of(options));
        return line.toArray(String[]::new);
    }
}
