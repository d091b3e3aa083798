package io.flotilla.broker.grpc;

import io.flotilla.protocol.error.ErrorCode;
import io.flotilla.protocol.error.Refused;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Ids of operations and requests on the wire: 32 hexadecimal digits; the hyphens of a UUID are ignored. */
final class WireIds {
    private static final int DIGITS = 32;

    private WireIds() {}

    static String text(UUID id) {
        HexFormat hex = HexFormat.of();
        return hex.toHexDigits(id.getMostSignificantBits()) + hex.toHexDigits(id.getLeastSignificantBits());
    }

    /**
     * @throws Refused INVALID_REQUEST if it is none
     */
    static UUID operation(String text) {
        return parse(text)
                .orElseThrow(() -> new Refused(
                        ErrorCode.INVALID_REQUEST,
                        "'" + text + "' is no id of an operation, which has " + DIGITS
                                + " hexadecimal digits; list the operations to find it",
                        Map.of("operation_id", text)));
    }

    /**
     * The id of a request; empty if the caller gave it none.
     *
     * @throws Refused INVALID_REQUEST if it is none
     */
    static Optional<UUID> request(String text) {
        if (text.isEmpty()) {
            return Optional.empty();
        }
        Optional<UUID> id = parse(text);
        if (id.isEmpty()) {
            throw new Refused(
                    ErrorCode.INVALID_REQUEST,
                    "request_id '" + text + "' has not " + DIGITS + " hexadecimal digits; draw them at random, once for"
                            + " all attempts of a call, or send none",
                    Map.of("request_id", text));
        }
        return id;
    }

    private static Optional<UUID> parse(String text) {
        String digits = text.replace("-", "");
        if (digits.length() != DIGITS || !digits.chars().allMatch(HexFormat::isHexDigit)) {
            return Optional.empty();
        }
        return Optional.of(new UUID(
                Long.parseUnsignedLong(digits.substring(0, DIGITS / 2), 16),
                Long.parseUnsignedLong(digits.substring(DIGITS / 2), 16)));
    }

    /** The id that the caller chose, or else a random one. */
    static UUID chosenOperation(String text) {
        return text.isEmpty() ? UUID.randomUUID() : operation(text);
    }
}
