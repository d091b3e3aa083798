package io.flotilla.cli.output;

import io.flotilla.client.ConsumerRecord;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * Prints records one by one: nothing is kept, so a topic of any size fits.
 *
 * <p>Threading: confined to one thread.
 */
public final class RecordSink {
    private final PrintStream out;
    private final OutputFormat format;
    private final RecordPattern pattern;
    private boolean any;

    /**
     * @param pattern used for {@link OutputFormat#TABLE}, which for records means the user's own format
     */
    public RecordSink(PrintStream out, OutputFormat format, RecordPattern pattern) {
        this.out = out;
        this.format = format;
        this.pattern = pattern;
    }

    public void write(ConsumerRecord record) throws IOException {
        switch (format) {
            case TABLE -> pattern.write(record, out);
            case JSON -> text((any ? ",\n" : documentStart()) + Json.compact(RecordKind.fieldsOf(record)));
            case JSONL -> text(Json.compact(RecordKind.fieldsOf(record)) + "\n");
            case NAME -> text(RecordKind.nameOf(record) + "\n");
        }
        any = true;
    }

    /** Hands what was written to the reader; false once the reader is gone, as {@code head} is after its last line. */
    public boolean flush() {
        return !out.checkError();
    }

    /** Ends the output; to be called once, after the last record. */
    public void end() throws IOException {
        if (format == OutputFormat.JSON) {
            text((any ? "" : documentStart()) + "\n]}\n");
        }
        out.flush();
    }

    private static String documentStart() {
        return "{\"apiVersion\":\"" + Printer.API_VERSION + "\",\"kind\":\"" + RecordKind.NAME + "List\",\"items\":[\n";
    }

    private void text(String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
    }
}
