package io.flotilla.cli.output;

import io.flotilla.client.ConsumerRecord;
import io.flotilla.protocol.record.RecordHeader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A user's format for records, such as {@code %p/%o %k=%v\n}.
 *
 * <table>
 *   <caption>Verbs</caption>
 *   <tr><td>{@code %t %p %o}</td><td>topic, partition, offset</td></tr>
 *   <tr><td>{@code %k %v}</td><td>key and value, byte for byte; nothing where they are null. {@code %v{hex}},
 *       {@code %v{base64}} and {@code %v{json}} (a JSON string, or null) encode them.</td></tr>
 *   <tr><td>{@code %h}</td><td>headers, {@code key=value} joined by commas; a null value is the key alone</td></tr>
 *   <tr><td>{@code %d}</td><td>timestamp, RFC 3339 in UTC; {@code %d{millis}} since the epoch</td></tr>
 *   <tr><td>{@code %%}</td><td>a percent sign</td></tr>
 *   <tr><td>{@code \n \t \r \0 \\}</td><td>line feed, tab, carriage return, NUL, backslash</td></tr>
 * </table>
 */
public final class RecordPattern {

    /** Writes its part of one record. */
    private interface Piece {
        void write(ConsumerRecord record, OutputStream out) throws IOException;
    }

    private final List<Piece> pieces;

    private RecordPattern(List<Piece> pieces) {
        this.pieces = List.copyOf(pieces);
    }

    /**
     * @throws IllegalArgumentException naming the place of a verb, modifier or escape that does not exist
     */
    public static RecordPattern parse(String pattern) {
        return new RecordPattern(new Parser(pattern).pieces());
    }

    /** Writes one record. The pattern says where lines end, nothing is added. */
    public void write(ConsumerRecord record, OutputStream out) throws IOException {
        for (Piece piece : pieces) {
            piece.write(record, out);
        }
    }

    private static final class Parser {
        private final String pattern;
        private final List<Piece> pieces = new ArrayList<>();
        private final StringBuilder literal = new StringBuilder();
        private int at;

        Parser(String pattern) {
            this.pattern = pattern;
        }

        List<Piece> pieces() {
            while (at < pattern.length()) {
                char c = pattern.charAt(at++);
                switch (c) {
                    case '%' -> verb();
                    case '\\' -> literal.append(escape());
                    default -> literal.append(c);
                }
            }
            endLiteral();
            return pieces;
        }

        private void verb() {
            char verb = next("a verb after %");
            if (verb == '%') {
                literal.append('%');
                return;
            }
            endLiteral();
            String modifier = modifier();
            pieces.add(
                    switch (verb) {
                        case 't' ->
                            text(verb, modifier, record -> record.partition().topic());
                        case 'p' ->
                            text(verb, modifier, record -> record.partition().partition());
                        case 'o' -> text(verb, modifier, ConsumerRecord::offset);
                        case 'k' -> bytes(verb, modifier, ConsumerRecord::key);
                        case 'v' -> bytes(verb, modifier, ConsumerRecord::value);
                        case 'h' -> headers(verb, modifier);
                        case 'd' -> timestamp(verb, modifier);
                        default -> throw wrong("no verb %" + verb + "; there are %t %p %o %k %v %h %d %%");
                    });
        }

        private Piece text(char verb, String modifier, Function<ConsumerRecord, ?> part) {
            return switch (modifier) {
                case "" -> (record, out) -> out.write(utf8(part.apply(record).toString()));
                default -> throw noModifier(verb, modifier, "takes no modifier");
            };
        }

        private Piece bytes(char verb, String modifier, Function<ConsumerRecord, byte @Nullable []> part) {
            return switch (modifier) {
                case "" -> (record, out) -> out.write(orEmpty(part.apply(record)));
                case "hex" -> (record, out) -> out.write(utf8(HexFormat.of().formatHex(orEmpty(part.apply(record)))));
                case "base64" -> (record, out) -> out.write(Base64.getEncoder().encode(orEmpty(part.apply(record))));
                case "json" -> (record, out) -> out.write(utf8(json(part.apply(record))));
                default -> throw noModifier(verb, modifier, "takes {hex}, {base64} or {json}");
            };
        }

        private Piece headers(char verb, String modifier) {
            if (!modifier.isEmpty()) {
                throw noModifier(verb, modifier, "takes no modifier");
            }
            return (record, out) -> {
                String separator = "";
                for (RecordHeader header : record.headers()) {
                    out.write(utf8(separator + header.key()));
                    byte[] value = header.value();
                    if (value != null) {
                        out.write('=');
                        out.write(value);
                    }
                    separator = ",";
                }
            };
        }

        private Piece timestamp(char verb, String modifier) {
            return switch (modifier) {
                case "" ->
                    (record, out) -> out.write(
                            utf8(Instant.ofEpochMilli(record.timestampMillis()).toString()));
                case "millis" -> (record, out) -> out.write(utf8(Long.toString(record.timestampMillis())));
                default -> throw noModifier(verb, modifier, "takes {millis}");
            };
        }

        private String modifier() {
            if (at == pattern.length() || pattern.charAt(at) != '{') {
                return "";
            }
            int end = pattern.indexOf('}', at);
            if (end < 0) {
                throw wrong("no } for the { of a modifier");
            }
            String modifier = pattern.substring(at + 1, end);
            at = end + 1;
            return modifier;
        }

        private char escape() {
            char escaped = next("a character after \\");
            return switch (escaped) {
                case 'n' -> '\n';
                case 't' -> '\t';
                case 'r' -> '\r';
                case '0' -> '\0';
                case '\\' -> '\\';
                default -> throw wrong("no escape \\" + escaped + "; there are \\n \\t \\r \\0 \\\\");
            };
        }

        private char next(String expected) {
            if (at == pattern.length()) {
                throw wrong("missing " + expected);
            }
            return pattern.charAt(at++);
        }

        private void endLiteral() {
            if (literal.length() > 0) {
                byte[] constant = utf8(literal.toString());
                pieces.add((record, out) -> out.write(constant));
                literal.setLength(0);
            }
        }

        private IllegalArgumentException noModifier(char verb, String modifier, String taken) {
            return wrong("no modifier {" + modifier + "} of %" + verb + ", which " + taken);
        }

        private IllegalArgumentException wrong(String problem) {
            return new IllegalArgumentException("format '" + pattern + "' at character " + at + ": " + problem);
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] orEmpty(byte @Nullable [] bytes) {
        return bytes == null ? new byte[0] : bytes;
    }

    private static String json(byte @Nullable [] bytes) {
        return Json.compact(bytes == null ? null : new String(bytes, StandardCharsets.UTF_8));
    }
}
