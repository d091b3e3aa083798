package io.flotilla.cli;

import io.flotilla.cli.output.Json;
import io.flotilla.cli.output.Kind;
import io.flotilla.cli.output.OutputFormat;
import io.flotilla.cli.output.Printer;
import io.flotilla.cli.output.RecordKind;
import io.flotilla.client.RecordMetadata;
import io.flotilla.client.TopicPartition;
import java.io.PrintStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Prints where records went: each one for {@code -o name}, {@code -o jsonl} and {@code --verbose}, one document at the
 * end for {@code -o json}, nothing for a plain table.
 *
 * <p>Threading: confined to one thread.
 */
final class Acknowledgements {
    private final PrintStream out;
    private final OutputFormat format;
    private final boolean each;
    private final String topic;
    private final SortedMap<TopicPartition, Appended> appended = new TreeMap<>();

    /** What one partition got. */
    private record Appended(long records, long firstOffset, long lastOffset) {
        Appended and(Appended later) {
            return new Appended(records + later.records, firstOffset, later.lastOffset);
        }
    }

    Acknowledgements(PrintStream out, OutputFormat format, boolean verbose, String topic) {
        this.out = out;
        this.format = format;
        this.each = verbose || format == OutputFormat.NAME || format == OutputFormat.JSONL;
        this.topic = topic;
    }

    /** Whether somebody may be waiting to see each acknowledgement. */
    boolean printsEach() {
        return each && format != OutputFormat.JSON;
    }

    void accept(RecordMetadata acknowledged) {
        long offset = acknowledged.offset();
        appended.merge(acknowledged.partition(), new Appended(1, offset, offset), Appended::and);
        if (printsEach()) {
            out.print(format == OutputFormat.JSONL ? Json.compact(fieldsOf(acknowledged)) : nameOf(acknowledged));
            out.print('\n');
        }
    }

    void flush() {
        out.flush();
    }

    /** Prints what comes behind the last acknowledgement. */
    void end() {
        if (format == OutputFormat.JSON) {
            Kind<Map<TopicPartition, Appended>> kind = Kind.plain("Produced", all -> topic, this::fieldsOf, List.of());
            new Printer(out, format).show(kind, appended);
        }
        out.flush();
    }

    private static String nameOf(RecordMetadata record) {
        return RecordKind.nameOf(record.partition().topic(), record.partition().partition(), record.offset());
    }

    private static Map<String, Object> fieldsOf(RecordMetadata record) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("topic", record.partition().topic());
        fields.put("partition", record.partition().partition());
        fields.put("offset", record.offset());
        fields.put("timestamp", Instant.ofEpochMilli(record.timestampMillis()));
        fields.put("leaderEpoch", record.leaderEpoch());
        fields.put("duplicate", record.duplicate());
        return fields;
    }

    private Map<String, Object> fieldsOf(Map<TopicPartition, Appended> all) {
        List<Map<String, Object>> partitions = new ArrayList<>();
        all.forEach((partition, part) -> {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("partition", partition.partition());
            fields.put("records", part.records());
            fields.put("firstOffset", part.firstOffset());
            fields.put("lastOffset", part.lastOffset());
            partitions.add(fields);
        });
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("topic", topic);
        fields.put("records", all.values().stream().mapToLong(Appended::records).sum());
        fields.put("partitions", partitions);
        return fields;
    }
}
