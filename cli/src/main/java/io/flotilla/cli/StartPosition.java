package io.flotilla.cli;

import io.flotilla.client.Position;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Where {@code consume} begins in each partition: {@code beginning}, {@code end}, an offset such as {@code 42} or an
 * RFC 3339 time such as {@code 2026-11-22T10:00:00Z}.
 */
final class StartPosition implements ITypeConverter<Position> {

    @Override
    public Position convert(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "beginning", "start" -> Position.beginning();
            case "end" -> Position.end();
            default -> isNumber(text) ? offset(text) : time(text);
        };
    }

    private static boolean isNumber(String text) {
        return !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    private static Position offset(String text) {
        try {
            return Position.offset(Long.parseLong(text));
        } catch (NumberFormatException tooLarge) {
            throw new TypeConversionException("offset " + text + " is not below 2^63");
        }
    }

    private static Position time(String text) {
        try {
            return Position.timestamp(OffsetDateTime.parse(text).toInstant().toEpochMilli());
        } catch (DateTimeParseException notATime) {
            throw new TypeConversionException(
                    "'" + text + "' is neither beginning, end, an offset nor a time such as 2026-11-22T10:00:00Z");
        } catch (IllegalArgumentException before1970) {
            throw new TypeConversionException("time " + text + " is before 1970");
        }
    }
}
