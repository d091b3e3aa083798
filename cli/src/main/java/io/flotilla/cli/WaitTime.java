package io.flotilla.cli;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * A length of time on a command line.
 *
 * @param duration 1 ms to 365 days
 */
public record WaitTime(Duration duration) {
    public static final Duration MAX = Duration.ofDays(365);

    private static final Pattern FORM = Pattern.compile("([0-9]{1,9})(ms|s|m|h|d)");

    /** Parses a number with its unit: {@code 500ms}, {@code 90s}, {@code 10m}, {@code 2h}, {@code 1d}. */
    public static final class Converter implements ITypeConverter<WaitTime> {
        @Override
        public WaitTime convert(String text) {
            Matcher form = FORM.matcher(text);
            if (!form.matches()) {
                throw new TypeConversionException(
                        "'" + text + "' is no time; write a number with ms, s, m, h or d behind it, such as 10m");
            }
            Duration duration = Duration.of(Long.parseLong(form.group(1)), unit(form.group(2)));
            if (duration.isZero() || duration.compareTo(MAX) > 0) {
                throw new TypeConversionException("'" + text + "' is outside [1ms, " + MAX.toDays() + "d]");
            }
            return new WaitTime(duration);
        }

        private static ChronoUnit unit(String letters) {
            return switch (letters) {
                case "ms" -> ChronoUnit.MILLIS;
                case "s" -> ChronoUnit.SECONDS;
                case "m" -> ChronoUnit.MINUTES;
                case "h" -> ChronoUnit.HOURS;
                default -> ChronoUnit.DAYS;
            };
        }
    }
}
