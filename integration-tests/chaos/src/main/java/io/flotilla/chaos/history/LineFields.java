package io.flotilla.chaos.history;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The fields of one line of JSON, found in one pass over its bytes without copies: most of a history is numbers, and a
 * judge reads gigabytes of it. Keys of more than one letter are passed over: later formats may have them.
 *
 * <p>Threading: one thread; used again for each line.
 */
final class LineFields {
    private static final int KEYS = 128;
    private static final int TEXTS_MAX = 1 << 16;
    private static final int LONG_DIGITS = 19;
    private static final byte ABSENT = 0;
    private static final byte INTEGER = 1;
    private static final byte FRACTION = 2;
    private static final byte TEXT = 3;
    private static final byte NESTED = 4;

    private final byte[] kinds = new byte[KEYS];
    private final long[] numbers = new long[KEYS];
    private final int[] from = new int[KEYS];
    private final int[] to = new int[KEYS];
    private final Interned<String> texts = new Interned<>(TEXTS_MAX, text -> text);
    private final Interned<Place> places = new Interned<>(TEXTS_MAX, Place::parse);
    private byte[] bytes = new byte[0];
    private int at;
    private int end;

    /** @throws IllegalArgumentException if the line is no JSON object, or is cut, and where */
    void read(byte[] line, int begin, int finish) {
        bytes = line;
        at = begin;
        end = finish;
        Arrays.fill(kinds, ABSENT);
        expect('{');
        if (peek() != '}') {
            do {
                expect('"');
                int key = next();
                if (key >= KEYS || key < 0 || key == '"' || peek() != '"') {
                    at--;
                    skipString();
                    key = 0;
                } else {
                    at++;
                }
                expect(':');
                value(key);
            } while (tryNext(','));
        }
        expect('}');
        if (at != end) {
            throw wrong("more after the closing brace");
        }
    }

    long number(char key) {
        if (kinds[key] != INTEGER) {
            throw missing(key, "a whole number");
        }
        return numbers[key];
    }

    int smallNumber(char key) {
        long number = number(key);
        if (number != (int) number) {
            throw new IllegalArgumentException("\"" + key + "\":" + number + " is larger than 32 bits");
        }
        return (int) number;
    }

    double fraction(char key) {
        return switch (kinds[key]) {
            case INTEGER -> numbers[key];
            case FRACTION, TEXT ->
                Double.parseDouble(new String(bytes, from[key], to[key] - from[key], StandardCharsets.US_ASCII));
            default -> throw missing(key, "a number");
        };
    }

    boolean flag(char key) {
        return number(key) != 0;
    }

    String text(char key) {
        requireText(key);
        return texts.get(bytes, from[key], to[key], this::unescaped);
    }

    String textOrEmpty(char key) {
        return kinds[key] == ABSENT ? "" : text(key);
    }

    Place place(char key) {
        requireText(key);
        return places.get(bytes, from[key], to[key], this::unescaped);
    }

    Records records(char key) {
        openArray(key);
        var records = new Records();
        long timestamp = 0;
        if (peek() != ']') {
            do {
                expect('[');
                long offset = integer();
                expect(',');
                long producer = integer();
                expect(',');
                long sequence = integer();
                if (tryNext(',')) {
                    timestamp = integer();
                }
                expect(']');
                records.add(offset, (int) producer, sequence, timestamp);
            } while (tryNext(','));
        }
        expect(']');
        return records;
    }

    List<Integer> numbers(char key) {
        openArray(key);
        var list = new ArrayList<Integer>();
        if (peek() != ']') {
            do {
                list.add((int) integer());
            } while (tryNext(','));
        }
        expect(']');
        return List.copyOf(list);
    }

    List<Place> places(char key) {
        openArray(key);
        var list = new ArrayList<Place>();
        if (peek() != ']') {
            do {
                int begin = string();
                list.add(places.get(bytes, begin, at - 1, this::unescaped));
            } while (tryNext(','));
        }
        expect(']');
        return List.copyOf(list);
    }

    SortedMap<String, String> map(char key) {
        openNested(key, '{', "an object");
        var map = new TreeMap<String, String>();
        if (peek() != '}') {
            do {
                int begin = string();
                String name = unescaped(begin, at - 1);
                expect(':');
                int valueBegin = string();
                map.put(name, unescaped(valueBegin, at - 1));
            } while (tryNext(','));
        }
        expect('}');
        return map;
    }

    private void openArray(char key) {
        openNested(key, '[', "an array");
    }

    private void openNested(char key, char bracket, String what) {
        if (kinds[key] != NESTED || bytes[from[key]] != bracket) {
            throw missing(key, what);
        }
        at = from[key] + 1;
        end = to[key];
    }

    private void requireText(char key) {
        if (kinds[key] != TEXT) {
            throw missing(key, "a text");
        }
    }

    private void value(int key) {
        int first = peek();
        from[key] = at;
        if (first == '"') {
            from[key] = string();
            to[key] = at - 1;
            kinds[key] = TEXT;
        } else if (first == '[' || first == '{') {
            nested();
            to[key] = at;
            kinds[key] = NESTED;
        } else if (first == 't' || first == 'f' || first == 'n') {
            int begin = at;
            word(first == 't' ? "true" : first == 'f' ? "false" : "null");
            from[key] = begin;
            kinds[key] = first == 'n' ? ABSENT : INTEGER;
            numbers[key] = first == 't' ? 1 : 0;
        } else {
            numbers[key] = integer();
            kinds[key] = INTEGER;
            int after = at < end ? bytes[at] : ',';
            if (after == '.' || after == 'e' || after == 'E') {
                kinds[key] = FRACTION;
                while (at < end && "+-.eE0123456789".indexOf(bytes[at]) >= 0) {
                    at++;
                }
                to[key] = at;
            }
        }
    }

    /** Passes over a nested value; what is in it is looked at only when it is asked for. */
    private void nested() {
        byte[] line = bytes; // local variables: most of a history's bytes pass here
        int i = at;
        int limit = end;
        int depth = 0;
        do {
            if (i >= limit) {
                throw wrong("it ends too early");
            }
            int c = line[i++];
            if (c == '"') {
                at = i;
                skipString();
                i = at;
            } else if (c == '[' || c == '{') {
                depth++;
            } else if (c == ']' || c == '}') {
                depth--;
            }
        } while (depth > 0);
        at = i;
    }

    private long integer() {
        byte[] line = bytes;
        int limit = end;
        int begin = at;
        boolean negative = begin < limit && line[begin] == '-';
        int i = negative ? begin + 1 : begin;
        int firstDigit = i;
        long value = 0;
        while (i < limit) {
            int digit = line[i] - '0';
            if (digit < 0 || digit > 9) {
                break;
            }
            value = value * 10 + digit;
            i++;
        }
        at = i;
        if (i == firstDigit) {
            throw wrong("no number");
        }
        if (i - firstDigit >= LONG_DIGITS) { // it may not fit: let somebody look who is careful
            return Long.parseLong(new String(line, begin, i - begin, StandardCharsets.US_ASCII));
        }
        return negative ? -value : value;
    }

    /** Passes over a string; returns where its characters begin. They end before the quote at {@code at - 1}. */
    private int string() {
        expect('"');
        int begin = at;
        skipString();
        return begin;
    }

    private void skipString() {
        int c = next();
        while (c != '"') {
            if (c == '\\') {
                next();
            }
            c = next();
        }
    }

    private void word(String word) {
        for (int i = 0; i < word.length(); i++) {
            expect(word.charAt(i));
        }
    }

    private String unescaped(int begin, int finish) {
        String plain = new String(bytes, begin, finish - begin, StandardCharsets.UTF_8);
        if (plain.indexOf('\\') < 0) {
            return plain;
        }
        var text = new StringBuilder(plain.length());
        int i = 0;
        while (i < plain.length()) {
            char c = plain.charAt(i++);
            if (c != '\\') {
                text.append(c);
                continue;
            }
            char escape = plain.charAt(i++);
            switch (escape) {
                case 'u' -> {
                    text.append((char) Integer.parseInt(plain, i, i + 4, 16));
                    i += 4;
                }
                case 'n' -> text.append('\n');
                case 't' -> text.append('\t');
                case 'r' -> text.append('\r');
                case 'b' -> text.append('\b');
                case 'f' -> text.append('\f');
                default -> text.append(escape);
            }
        }
        return text.toString();
    }

    private int peek() {
        if (at >= end) {
            throw wrong("it ends too early");
        }
        return bytes[at];
    }

    private int next() {
        if (at >= end) {
            throw wrong("it ends too early");
        }
        return bytes[at++];
    }

    private boolean tryNext(char wanted) {
        if (at < end && bytes[at] == wanted) {
            at++;
            return true;
        }
        return false;
    }

    private void expect(char wanted) {
        if (at >= end) {
            throw wrong("it ends too early");
        }
        if (bytes[at] != wanted) {
            throw wrong("'" + wanted + "' was expected, not '" + (char) (bytes[at] & 0xff) + "'");
        }
        at++;
    }

    private IllegalArgumentException wrong(String reason) {
        return new IllegalArgumentException(reason);
    }

    private static IllegalArgumentException missing(char key, String what) {
        return new IllegalArgumentException("\"" + key + "\" must be " + what);
    }
}
