package io.flotilla.cli;

import io.flotilla.cli.failure.CommandFailed;
import io.flotilla.cli.failure.ExitCode;
import io.flotilla.cli.failure.Failure;
import io.flotilla.cli.output.RecordPattern;
import io.flotilla.cli.output.RecordSink;
import io.flotilla.client.Consumer;
import io.flotilla.client.ConsumerSettings;
import io.flotilla.client.GroupConsumer;
import io.flotilla.client.GroupSettings;
import io.flotilla.client.PartitionDescription;
import io.flotilla.client.Position;
import io.flotilla.client.TopicDescription;
import io.flotilla.client.TopicPartition;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "consume",
        description = {
            "Print the records of a topic.",
            "",
            "Without --until or -n it follows the topic until Ctrl-C, which exits with 130 after a summary.",
            "A format has %%t topic, %%p partition, %%o offset, %%k key, %%v value, %%h headers, %%d time (%%d{millis}),"
                    + " %%k{hex} %%k{base64} %%k{json} and the same of %%v, %%%%, \\n \\t \\r \\0 \\\\."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  flotilla consume orders --until end",
            "  flotilla consume orders --from end -f '%%p/%%o %%k=%%v\\n'",
            "  flotilla consume orders --from 2026-11-22T10:00:00Z -n 10 -o jsonl",
            "  flotilla consume orders -p 0 --from 42 --until 43",
            "  flotilla consume orders --group billing -n 100"
        })
final class Consume extends ClusterCommand {
    /** How long Ctrl-C waits for the records in hand to be printed. */
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(5);

    @Parameters(paramLabel = "TOPIC", description = "The topic.")
    private String topic;

    @Option(
            names = {"-p", "--partition"},
            paramLabel = "NUMBER",
            split = ",",
            description = "Only this partition; may be repeated (default: all).")
    private Set<Integer> partitions = new TreeSet<>();

    @Option(
            names = "--from",
            paramLabel = "POSITION",
            defaultValue = "beginning",
            converter = StartPosition.class,
            description = "Where to begin: beginning, end, an offset or a time such as 2026-11-22T10:00:00Z"
                    + " (default: ${DEFAULT-VALUE}).")
    private Position from;

    @Option(
            names = {"-g", "--group"},
            paramLabel = "GROUP",
            description =
                    "Read as a member of this consumer group, from what it has committed, and commit what is printed;"
                            + " --from is for partitions of which it has committed nothing.")
    private @Nullable String group;

    @Option(
            names = "--until",
            paramLabel = "POSITION",
            converter = StopPosition.Converter.class,
            description = "Where to stop: end (what is there now) or an offset, which is not read any more.")
    private @Nullable StopPosition until;

    @Option(
            names = {"-n", "--count"},
            paramLabel = "RECORDS",
            description = "Stop after this many records.")
    private @Nullable Long count;

    @Option(
            names = {"-f", "--format"},
            paramLabel = "FORMAT",
            defaultValue = "%v\\n",
            description = "How to print a record (default: ${DEFAULT-VALUE}).")
    private String format;

    @Option(
            names = {"-q", "--quiet"},
            description = "No summary on stderr.")
    private boolean quiet;

    Consume(Terminal terminal, Cluster.Connector connector) {
        super(terminal, connector);
    }

    @Override
    public String task() {
        return "consume topic " + topic;
    }

    @Override
    void checkArguments() {
        if (count != null && count < 1) {
            throw wrong("--count " + count + " is less than 1");
        }
        if (group != null && (until != null || !partitions.isEmpty())) {
            throw wrong("--group goes with neither --until nor --partition: the group shares the partitions out");
        }
        try {
            RecordPattern.parse(format);
        } catch (IllegalArgumentException malformed) {
            throw wrong(String.valueOf(malformed.getMessage()));
        }
    }

    @Override
    ExitCode run(Cluster cluster) throws IOException {
        List<TopicPartition> chosen = choosePartitions(cluster.admin().describeTopic(topic));
        RecordSink sink = new RecordSink(terminal().out(), format(), RecordPattern.parse(format));
        long recordsMax = count == null ? Long.MAX_VALUE : count;
        if (group != null) {
            consumeInGroup(
                    cluster, GroupSettings.of(group, topic).withStart(from).withClientId("flotilla"), sink, recordsMax);
            return ExitCode.OK;
        }
        try (Consumer consumer = cluster.consumer(ConsumerSettings.DEFAULT)) {
            ConsumeLoop loop = new ConsumeLoop(consumer, sink, stops(consumer, chosen), recordsMax);
            consumer.assign(chosen, from);
            try (Interruption ctrlC = Interruption.watch(
                    loop::stop, STOP_TIMEOUT, () -> terminal().err().println("stopped in the middle of a record"))) {
                loop.run();
                sink.end();
                summarize(loop.recordsRead(), loop.nextOffsets());
            }
        }
        return ExitCode.OK;
    }

    private void consumeInGroup(Cluster cluster, GroupSettings settings, RecordSink sink, long recordsMax)
            throws IOException {
        try (GroupConsumer consumer = cluster.groupConsumer(settings)) {
            GroupConsumeLoop loop = new GroupConsumeLoop(consumer, sink, recordsMax);
            try (Interruption ctrlC = Interruption.watch(
                    loop::stop, STOP_TIMEOUT, () -> terminal().err().println("stopped in the middle of a record"))) {
                loop.run();
                sink.end();
                summarize(loop.recordsRead(), loop.nextOffsets());
            }
        }
    }

    private List<TopicPartition> choosePartitions(TopicDescription description) {
        List<TopicPartition> all = description.partitions().stream()
                .map(PartitionDescription::partition)
                .toList();
        Set<Integer> missing = new TreeSet<>(partitions);
        all.forEach(partition -> missing.remove(partition.partition()));
        if (!missing.isEmpty()) {
            throw new CommandFailed(new Failure(
                    "cannot " + task(),
                    "topic " + topic + " has the partitions 0 to " + (all.size() - 1) + ", not " + missing,
                    "`flotilla topic show " + topic + "` shows them",
                    ExitCode.NOT_FOUND));
        }
        return all.stream()
                .filter(partition -> partitions.isEmpty() || partitions.contains(partition.partition()))
                .toList();
    }

    private Map<TopicPartition, Long> stops(Consumer consumer, Collection<TopicPartition> chosen) {
        if (until instanceof StopPosition.BeforeOffset before) {
            Map<TopicPartition, Long> stops = new HashMap<>();
            chosen.forEach(partition -> stops.put(partition, before.offset()));
            return stops;
        }
        return until == null ? Map.of() : consumer.endOffsets(chosen);
    }

    private void summarize(long recordsRead, SortedMap<TopicPartition, Long> next) {
        if (quiet) {
            return;
        }
        String nextOffsets = next.entrySet().stream()
                .map(offset -> offset.getKey().partition() + ":" + offset.getValue())
                .collect(Collectors.joining(" "));
        terminal()
                .err()
                .println("consumed " + recordsRead + " records of " + topic
                        + (nextOffsets.isEmpty() ? "" : "; next offsets " + nextOffsets));
    }
}
