package io.flotilla.cli;

import io.flotilla.cli.failure.CommandFailed;
import io.flotilla.cli.failure.ExitCode;
import io.flotilla.cli.failure.Failure;
import io.flotilla.client.Producer;
import io.flotilla.client.ProducerRecord;
import io.flotilla.client.ProducerSettings;
import io.flotilla.client.TopicPartition;
import io.flotilla.protocol.record.Compression;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "produce",
        description = {
            "Append each line of stdin or of a file as a record.",
            "",
            "It returns when every record is fsynced on a majority of the partition's replicas. The first failure ends"
                    + " it; the summary on stderr says how many records were acknowledged before."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  echo hello | flotilla produce orders",
            "  flotilla produce orders --file lines.txt --compression zstd",
            "  echo 'customer-7=paid' | flotilla produce orders --key-separator = -v",
            "  flotilla produce orders -k customer-7 -p 3 -o jsonl < lines.txt"
        })
final class Produce extends ClusterCommand {
    /** Longest line, in bytes: a broker's hard limit for a batch. Topics may allow less. */
    private static final int LINE_BYTES_MAX = 1 << 20;

    /** How long Ctrl-C waits for a read of the input to return, which at a terminal it does not. */
    private static final Duration READ_PATIENCE = Duration.ofSeconds(1);

    /** How long Ctrl-C waits for the acknowledgements of what was sent. */
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(5);

    @Parameters(paramLabel = "TOPIC", description = "The topic.")
    private String topic;

    @Option(names = "--file", paramLabel = "FILE", description = "Read lines of this file instead of stdin.")
    private @Nullable Path file;

    @Option(
            names = {"-k", "--key"},
            paramLabel = "KEY",
            description = "Key of every record.")
    private @Nullable String key;

    @Option(
            names = "--key-separator",
            paramLabel = "TEXT",
            description = "What stands before it in a line is the key, what stands behind it the value.")
    private @Nullable String keySeparator;

    @Option(
            names = {"-p", "--partition"},
            paramLabel = "NUMBER",
            description = "Append to this partition (default: as the key says, or else spread).")
    private @Nullable Integer partition;

    @Option(
            names = "--compression",
            paramLabel = "CODEC",
            defaultValue = "lz4",
            description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private Compression compression;

    @Option(
            names = {"-v", "--verbose"},
            description = "Print each acknowledged record as TOPIC/PARTITION@OFFSET.")
    private boolean verbose;

    @Option(
            names = {"-q", "--quiet"},
            description = "No summary on stderr.")
    private boolean quiet;

    private volatile boolean stopping;

    Produce(Terminal terminal, Cluster.Connector connector) {
        super(terminal, connector);
    }

    @Override
    public String task() {
        return "produce to topic " + topic;
    }

    @Override
    void checkArguments() {
        if (partition != null && partition < 0) {
            throw wrong("--partition " + partition + " is negative");
        }
        if (key != null && keySeparator != null) {
            throw wrong("--key and --key-separator exclude each other");
        }
        if (keySeparator != null && keySeparator.isEmpty()) {
            throw wrong("--key-separator is empty");
        }
        if (file != null && !Files.isReadable(file)) {
            throw wrong("--file " + file + " is no readable file");
        }
    }

    @Override
    ExitCode run(Cluster cluster) throws IOException {
        var acknowledgements = new Acknowledgements(terminal().out(), format(), verbose, topic);
        try (InputStream in = file == null ? terminal().in() : Files.newInputStream(file);
                Producer producer = cluster.producer(ProducerSettings.DEFAULT
                        .withCompression(compression)
                        .withDeliveryTimeout(requestTimeout())
                        .withBlockTimeout(requestTimeout()))) {
            ProduceRun run = new ProduceRun(producer, acknowledgements::accept);
            Summary summary = new Summary(run);
            try (Interruption ctrlC = Interruption.watch(() -> stopping = true, READ_PATIENCE, () -> {
                producer.close(STOP_TIMEOUT);
                summary.print();
            })) {
                try {
                    sendLines(in, run, acknowledgements);
                    run.finish();
                } finally { // before the interruption is closed, which lets the process end
                    acknowledgements.end();
                    summary.print();
                }
            }
        }
        return ExitCode.OK;
    }

    private void sendLines(InputStream in, ProduceRun run, Acknowledgements acknowledgements) throws IOException {
        LineReader lines = new LineReader(in, LINE_BYTES_MAX);
        RecordLine.KeyRule keyRule = RecordLine.rule(key, keySeparator);
        for (byte[] line = next(lines); line != null && !stopping; line = next(lines)) {
            RecordLine record = RecordLine.parse(line, keyRule);
            run.send(
                    partition == null
                            ? ProducerRecord.of(topic, record.key(), record.value())
                            : ProducerRecord.of(new TopicPartition(topic, partition), record.key(), record.value()));
            if (acknowledgements.printsEach() && !lines.hasNextWithoutWaiting()) {
                // Somebody types and waits for the answer.
                run.finish();
                acknowledgements.flush();
            }
        }
    }

    private byte @Nullable [] next(LineReader lines) throws IOException {
        try {
            return lines.next();
        } catch (IllegalArgumentException tooLong) {
            throw new CommandFailed(new Failure(
                    "cannot " + task(),
                    String.valueOf(tooLong.getMessage()),
                    "split the line: a record is at most 1 MiB",
                    ExitCode.USAGE));
        }
    }

    /** One line on stderr, by whoever comes first: the command at its end, or Ctrl-C. */
    private final class Summary {
        private final long startNanos = System.nanoTime();
        private final AtomicBoolean printed = new AtomicBoolean();
        private final ProduceRun run;

        Summary(ProduceRun run) {
            this.run = run;
        }

        void print() {
            if (!quiet && printed.compareAndSet(false, true)) {
                long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos);
                terminal()
                        .err()
                        .println("acknowledged " + run.acknowledged() + " records of " + topic + " in " + millis
                                + " ms");
            }
        }
    }
}
