package io.flotilla.chaos.history;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;

/** Builds lines of JSON with keys of one letter in a growing array of bytes, since most lines are written in a hurry. */
final class LineBuilder {
    private static final int CAPACITY_AT_FIRST = 1 << 16;
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final int LONG_DIGITS_MAX = 20;

    private byte[] bytes = new byte[CAPACITY_AT_FIRST];
    private int size;
    private final byte[] digits = new byte[LONG_DIGITS_MAX];

    /** Begins a line with its kind and its time. */
    LineBuilder begin(String kind, long nanos) {
        raw('{');
        return text('e', kind).number('t', nanos);
    }

    void end() {
        raw('}');
        raw('\n');
    }

    LineBuilder number(char key, long value) {
        key(key);
        digits(value);
        return this;
    }

    LineBuilder number(char key, double value) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            return text(key, Double.toString(value)); // JSON has no such numbers
        }
        key(key);
        for (byte digit : Double.toString(value).getBytes(StandardCharsets.US_ASCII)) {
            raw(digit);
        }
        return this;
    }

    LineBuilder flag(char key, boolean value) {
        return number(key, value ? 1 : 0);
    }

    LineBuilder text(char key, String value) {
        key(key);
        string(value);
        return this;
    }

    LineBuilder place(char key, Place place) {
        key(key);
        place(place);
        return this;
    }

    LineBuilder places(char key, Iterable<Place> places) {
        key(key);
        char before = '[';
        for (Place place : places) {
            raw(before);
            place(place);
            before = ',';
        }
        return closing(before);
    }

    LineBuilder numbers(char key, Iterable<Integer> numbers) {
        key(key);
        char before = '[';
        for (int number : numbers) {
            raw(before);
            digits(number);
            before = ',';
        }
        return closing(before);
    }

    LineBuilder map(char key, Map<String, String> map) {
        key(key);
        raw('{');
        boolean first = true;
        for (var entry : map.entrySet()) {
            if (!first) {
                raw(',');
            }
            first = false;
            string(entry.getKey());
            raw(':');
            string(entry.getValue());
        }
        raw('}');
        return this;
    }

    /** One array a record: offset, producer, sequence, timestamp; the last left out if it is that of the record before. */
    LineBuilder records(char key, Records records) {
        key(key);
        char before = '[';
        for (int i = 0; i < records.size(); i++) {
            raw(before);
            before = ',';
            raw('[');
            digits(records.offset(i));
            raw(',');
            digits(records.producer(i));
            raw(',');
            digits(records.sequence(i));
            if (i == 0 || records.timestamp(i) != records.timestamp(i - 1)) {
                raw(',');
                digits(records.timestamp(i));
            }
            raw(']');
        }
        return closing(before);
    }

    int size() {
        return size;
    }

    void drainTo(OutputStream out) throws IOException {
        out.write(bytes, 0, size);
        size = 0;
    }

    byte[] toBytes() {
        return Arrays.copyOf(bytes, size);
    }

    private LineBuilder closing(char before) {
        if (before == '[') {
            raw('[');
        }
        raw(']');
        return this;
    }

    private void key(char key) {
        if (bytes[size - 1] != '{') {
            raw(',');
        }
        raw('"');
        raw(key);
        raw('"');
        raw(':');
    }

    private void place(Place place) {
        raw('"');
        characters(place.topic());
        raw('-');
        digits(place.partition());
        raw('"');
    }

    private void string(String value) {
        raw('"');
        characters(value);
        raw('"');
    }

    private void characters(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                raw('\\');
                raw(c);
            } else if (c >= ' ' && c < 0x7f) {
                raw(c);
            } else { // everything else escaped: no line can break, no terminal be tricked
                raw('\\');
                raw('u');
                for (int shift = 12; shift >= 0; shift -= 4) {
                    raw(HEX[c >> shift & 0xf]);
                }
            }
        }
    }

    private void digits(long value) {
        if (value == Long.MIN_VALUE) {
            characters(Long.toString(value));
            return;
        }
        long rest = value;
        if (rest < 0) {
            raw('-');
            rest = -rest;
        }
        int at = LONG_DIGITS_MAX;
        do {
            digits[--at] = (byte) ('0' + rest % 10);
            rest /= 10;
        } while (rest != 0);
        for (; at < LONG_DIGITS_MAX; at++) {
            raw(digits[at]);
        }
    }

    private void raw(int value) {
        if (size == bytes.length) {
            bytes = Arrays.copyOf(bytes, 2 * size);
        }
        bytes[size++] = (byte) value;
    }
}
