package io.flotilla.cli;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** One line of input as the key and value of a record. */
@SuppressWarnings("ArrayRecordComponent") // never compared: bytes go from stdin to the broker
record RecordLine(byte @Nullable [] key, byte[] value) {

    /** What parts a line into key and value. */
    sealed interface KeyRule {

        /** Every record gets this key; null means none. */
        @SuppressWarnings("ArrayRecordComponent") // never compared
        record Fixed(byte @Nullable [] key) implements KeyRule {}

        /** The key is what stands before the separator, the value what stands behind its first occurrence. */
        @SuppressWarnings("ArrayRecordComponent") // never compared
        record Separated(byte[] separator) implements KeyRule {}
    }

    /** The rule for the options {@code --key} and {@code --key-separator}, of which at most one is given. */
    static KeyRule rule(@Nullable String key, @Nullable String separator) {
        if (separator != null) {
            if (separator.isEmpty()) {
                throw new IllegalArgumentException("--key-separator must not be empty");
            }
            return new KeyRule.Separated(separator.getBytes(StandardCharsets.UTF_8));
        }
        return new KeyRule.Fixed(key == null ? null : key.getBytes(StandardCharsets.UTF_8));
    }

    /** Applies the rule to a line; a line without the separator is a value without key. */
    static RecordLine parse(byte[] line, KeyRule rule) {
        if (rule instanceof KeyRule.Separated separated) {
            byte[] separator = separated.separator();
            int at = indexOf(line, separator);
            return at < 0
                    ? new RecordLine(null, line)
                    : new RecordLine(
                            Arrays.copyOf(line, at), Arrays.copyOfRange(line, at + separator.length, line.length));
        }
        return new RecordLine(((KeyRule.Fixed) rule).key(), line);
    }

    private static int indexOf(byte[] line, byte[] separator) {
        for (int i = 0; i + separator.length <= line.length; i++) {
            if (Arrays.equals(line, i, i + separator.length, separator, 0, separator.length)) {
                return i;
            }
        }
        return -1;
    }
}
