package io.flotilla.chaos.report;

import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** How numbers read: three significant digits, and thin spaces between thousands. */
final class Numbers {
    private static final char THIN_SPACE = '\u2009';
    private static final String NONE = "\u2013";

    private Numbers() {}

    static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number).replace(',', THIN_SPACE);
    }

    /** For axes: 1.5k, 20k, 3M. */
    static String brief(double number) {
        double size = Math.abs(number);
        if (size >= 1e9) {
            return trimmed(number / 1e9) + "G";
        }
        if (size >= 1e6) {
            return trimmed(number / 1e6) + "M";
        }
        return size >= 1e3 ? trimmed(number / 1e3) + "k" : trimmed(number);
    }

    private static String trimmed(double number) {
        String text = String.format(Locale.ROOT, "%.2f", number);
        return text.contains(".") ? text.replaceAll("\\.?0+$", "") : text;
    }

    /** For axes: 100 \u00B5s, 10 ms, 1 s. */
    static String microsTick(double micros) {
        if (micros < 1e3) {
            return trimmed(micros) + " \u00B5s";
        }
        return micros < 1e6 ? trimmed(micros / 1e3) + " ms" : trimmed(micros / 1e6) + " s";
    }

    /** A length of time in the unit that suits it; a dash for less than 0, which stands for none. */
    static String micros(long micros) {
        return micros < 0 ? NONE : millis(micros / 1e3);
    }

    static String millis(double millis) {
        if (millis < 0) {
            return NONE;
        }
        if (millis < 1) {
            return String.format(Locale.ROOT, "%.0f \u00B5s", millis * 1e3);
        }
        if (millis < 10) {
            return String.format(Locale.ROOT, "%.2f ms", millis);
        }
        if (millis < 100) {
            return String.format(Locale.ROOT, "%.1f ms", millis);
        }
        if (millis < 1_000) {
            return String.format(Locale.ROOT, "%.0f ms", millis);
        }
        return String.format(Locale.ROOT, millis < 10_000 ? "%.2f s" : "%.1f s", millis / 1e3);
    }

    /** A time of the run: 75.3 s reads 1:15.3. */
    static String moment(long nanos) {
        long tenths = TimeUnit.NANOSECONDS.toMillis(Math.max(0, nanos)) / 100;
        long seconds = tenths / 10;
        return String.format(
                Locale.ROOT,
                seconds >= 3_600 ? "%d:%02d:%02d.%d" : "%2$d:%3$02d.%4$d",
                seconds / 3_600,
                seconds / 60 % 60,
                seconds % 60,
                tenths % 10);
    }

    static String duration(long nanos) {
        long seconds = TimeUnit.NANOSECONDS.toSeconds(nanos);
        if (seconds < 120) {
            return String.format(Locale.ROOT, "%.1f s", nanos / 1e9);
        }
        return seconds < 7_200
                ? String.format(Locale.ROOT, "%d min %02d s", seconds / 60, seconds % 60)
                : String.format(Locale.ROOT, "%d h %02d min", seconds / 3_600, seconds / 60 % 60);
    }

    static String share(double part) {
        return String.format(Locale.ROOT, part > 0.9995 && part < 1 ? "%.3f %%" : "%.1f %%", 100 * part);
    }
}
