package io.flotilla.cli;

import io.flotilla.cli.failure.ExitCode;
import io.flotilla.cli.output.Column;
import io.flotilla.cli.output.Kind;
import io.flotilla.client.Position;
import io.flotilla.client.TopicPartition;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "trim",
        description = "Drop a partition's oldest records, for good.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  flotilla topic trim orders --partition 0 --to 1500",
            "  flotilla topic trim orders -p 0 --to end",
            "  flotilla topic trim orders -p 0 --to 1500 -o json | jq .logStartOffset"
        })
final class TopicTrim extends ClusterCommand {
    private static final Kind<Trimmed> TRIMMED = Kind.plain(
            "TrimmedPartition",
            trimmed -> trimmed.partition().toString(),
            trimmed -> Map.of(
                    "topic", trimmed.partition().topic(),
                    "partition", trimmed.partition().partition(),
                    "logStartOffset", trimmed.logStartOffset()),
            List.of(
                    Column.text("TOPIC", trimmed -> trimmed.partition().topic()),
                    Column.number("PARTITION", trimmed -> trimmed.partition().partition()),
                    Column.number("LOG-START", Trimmed::logStartOffset)));

    @Parameters(paramLabel = "TOPIC", description = "The topic.")
    private String topic;

    @Option(
            names = {"-p", "--partition"},
            paramLabel = "NUMBER",
            required = true,
            description = "The partition.")
    private int partition;

    @Option(
            names = "--to",
            paramLabel = "POSITION",
            required = true,
            converter = StopPosition.Converter.class,
            description = "The first record to keep: an offset, or end to keep none of those that are there now.")
    private StopPosition to;

    TopicTrim(Terminal terminal, Cluster.Connector connector) {
        super(terminal, connector);
    }

    /** What was done. */
    private record Trimmed(TopicPartition partition, long logStartOffset) {}

    @Override
    public String task() {
        return "trim partition " + partition + " of topic " + topic;
    }

    @Override
    void checkArguments() {
        if (partition < 0) {
            throw wrong("partition " + partition + " is negative");
        }
    }

    @Override
    ExitCode run(Cluster cluster) {
        TopicPartition trimmed = new TopicPartition(topic, partition);
        long start = cluster.admin().trim(trimmed, offset(cluster, trimmed));
        printer().show(TRIMMED, new Trimmed(trimmed, start));
        return ExitCode.OK;
    }

    private long offset(Cluster cluster, TopicPartition trimmed) {
        if (to instanceof StopPosition.BeforeOffset before) {
            return before.offset();
        }
        return cluster.admin()
                .listOffsets(Map.of(trimmed, Position.end()))
                .values()
                .iterator()
                .next();
    }
}
