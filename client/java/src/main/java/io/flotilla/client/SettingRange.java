package io.flotilla.client;

import java.time.Duration;

/** Refuses a setting outside its range with a message that names it. */
final class SettingRange {
    private SettingRange() {}

    static void atLeast(String name, Duration value, Duration min) {
        if (value.compareTo(min) < 0) {
            throw new IllegalArgumentException(
                    name + " " + value.toMillis() + " ms is below its least value, " + min.toMillis() + " ms");
        }
    }

    static void within(String name, long value, long min, long max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(name + " " + value + " is outside [" + min + ", " + max + "]");
        }
    }
}
