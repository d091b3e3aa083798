package io.flotilla.cli.output;

import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Prints things to stdout in the format the user asked for. */
public final class Printer {
    /** {@code apiVersion} of every JSON document: fields are added under it, never renamed or removed. */
    public static final String API_VERSION = "flotilla/v1";

    private final PrintStream out;
    private final OutputFormat format;

    public Printer(PrintStream out, OutputFormat format) {
        this.out = out;
        this.format = format;
    }

    /** Prints any number of things, in their order. */
    public <T> void list(Kind<T> kind, List<T> items) {
        switch (format) {
            case TABLE -> Table.lines(kind.columns(), items).forEach(this::line);
            case JSON -> {
                Map<String, Object> document = envelope(kind.name() + "List");
                document.put("items", items.stream().map(kind.fields()).toList());
                line(Json.pretty(document));
            }
            case JSONL -> items.forEach(item -> line(Json.compact(kind.fields().apply(item))));
            case NAME -> items.forEach(item -> line(kind.nameOf().apply(item)));
        }
        out.flush();
    }

    /** Prints one thing with its details. */
    public <T> void show(Kind<T> kind, T item) {
        switch (format) {
            case TABLE -> {
                Table.lines(kind.columns(), List.of(item)).forEach(this::line);
                kind.details().apply(item).forEach(this::line);
            }
            case JSON -> {
                Map<String, Object> document = envelope(kind.name());
                document.putAll(kind.fields().apply(item));
                line(Json.pretty(document));
            }
            case JSONL -> line(Json.compact(kind.fields().apply(item)));
            case NAME -> line(kind.nameOf().apply(item));
        }
        out.flush();
    }

    private void line(String text) {
        // Not println: output is the same bytes on every platform.
        out.print(text);
        out.print('\n');
    }

    private static Map<String, Object> envelope(String kind) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("apiVersion", API_VERSION);
        document.put("kind", kind);
        return document;
    }
}
