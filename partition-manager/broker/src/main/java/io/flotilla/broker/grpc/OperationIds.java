package io.flotilla.broker.grpc;

import io.flotilla.protocol.error.ErrorCode;
import io.flotilla.protocol.error.Refused;
import java.util.HexFormat;
import java.util.Map;
import java.util.UUID;

/** Ids of operations on the wire: 32 hexadecimal digits; the hyphens of a UUID are ignored. */
final class OperationIds {
    private static final int DIGITS = 32;

    private OperationIds() {}

    static String text(UUID id) {
        HexFormat hex = HexFormat.of();
        return hex.toHexDigits(id.getMostSignificantBits()) + hex.toHexDigits(id.getLeastSignificantBits());
    }

    /**
     * @throws Refused INVALID_REQUEST if it is none
     */
    static UUID parse(String text) {
        String digits = text.replace("-", "");
        if (digits.length() != DIGITS || !digits.chars().allMatch(HexFormat::isHexDigit)) {
            throw new Refused(
                    ErrorCode.INVALID_REQUEST,
                    "'" + text + "' is no id of an operation, which has " + DIGITS
                            + " hexadecimal digits; list the operations to find it",
                    Map.of("operation_id", text));
        }
        return new UUID(
                Long.parseUnsignedLong(digits.substring(0, DIGITS / 2), 16),
                Long.parseUnsignedLong(digits.substring(DIGITS / 2), 16));
    }

    /** The id that the caller chose, or else a random one. */
    static UUID chosen(String text) {
        return text.isEmpty() ? UUID.randomUUID() : parse(text);
    }
}
