package io.flotilla.quickstart;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a line of a file is keyed by, so that lines that belong together stay in order. */
enum KeyRule {
    FIRST_COLUMN("the first CSV column") {
        @Override
        byte[] keyOf(byte[] line) {
            boolean quoted = line.length > 0 && line[0] == '"';
            int from = quoted ? 1 : 0;
            int to = from;
            while (to < line.length && line[to] != (quoted ? '"' : ',') && line[to] != '\r') {
                to++;
            }
            return Arrays.copyOfRange(line, from, to);
        }
    },
    FIRST_TAB_COLUMN("the first column") {
        @Override
        byte[] keyOf(byte[] line) {
            return firstField(line, "\t\r");
        }
    },
    JSON_ID("the member \"id\", or the first 32 bytes where there is none") {
        @Override
        byte[] keyOf(byte[] line) {
            // One byte is one character, so that any bytes can be matched and given back.
            Matcher member = ID_MEMBER.matcher(new String(line, StandardCharsets.ISO_8859_1));
            return member.find()
                    ? member.group(1).getBytes(StandardCharsets.ISO_8859_1)
                    : Arrays.copyOf(line, Math.min(line.length, 32));
        }
    },
    FIRST_WORD("the line's first word") {
        @Override
        byte[] keyOf(byte[] line) {
            return firstField(line, " \t\r,;");
        }
    };

    private static final Pattern ID_MEMBER = Pattern.compile("\"id\"\\s*:\\s*\"?([^\",}\\]\\s]+)");

    private final String description;

    KeyRule(String description) {
        this.description = description;
    }

    /** The rule that suits a file of this name. */
    static KeyRule forFile(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        if (lower.endsWith(".csv")) {
            return FIRST_COLUMN;
        }
        if (lower.endsWith(".tsv")) {
            return FIRST_TAB_COLUMN;
        }
        return lower.endsWith(".json") || lower.endsWith(".jsonl") || lower.endsWith(".ndjson") ? JSON_ID : FIRST_WORD;
    }

    abstract byte[] keyOf(byte[] line);

    String description() {
        return description;
    }

    private static byte[] firstField(byte[] line, String separators) {
        int to = 0;
        while (to < line.length && separators.indexOf(line[to]) < 0) {
            to++;
        }
        return Arrays.copyOf(line, to);
    }
}
