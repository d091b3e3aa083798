package io.flotilla.cli.output;

import java.util.Locale;

/** The forms in which every command can print what it found. */
public enum OutputFormat {
    /** Aligned columns for people; may change from version to version. */
    TABLE,
    /** One JSON document with {@code apiVersion} and {@code kind}. */
    JSON,
    /** One JSON object a line, without an envelope. */
    JSONL,
    /** Bare names, one a line. */
    NAME;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
