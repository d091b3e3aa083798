package io.flotilla.chaos.fault.shim;

import java.time.Duration;
import java.util.Locale;

/**
 * What shall happen to calls of one kind. The source {@code shim.h} has the same in C.
 *
 * @param value       what it means depends on the action
 * @param probability of striking a call, above 0 and up to 1
 * @param delay       before the action
 * @param hitsMax     how often it strikes; 0 for no limit
 * @param pattern     of paths, where {@code *} stands for any characters
 */
record ShimRule(
        Call call, Action action, long value, double probability, Duration delay, long hitsMax, String pattern) {
    /** For errno. */
    static final int EIO = 5;

    static final int ENOSPC = 28;

    /** Kinds of calls. */
    enum Call {
        SYNC,
        WRITE,
        READ,
        OPEN,
        CREATE,
        RENAME,
        RESIZE,
        GROW,
        SPACE,
        CLOCK
    }

    /** What is done instead of the call. */
    enum Action {
        /** The call itself, late. */
        WAIT,
        /** It fails; the value is errno. */
        FAIL,
        /** It succeeds and has done nothing. */
        LIE,
        /** Half of the bytes, cut to a multiple of the value, are written; then the process dies. */
        TEAR,
        /** The value is the KiB that are free. */
        ROOM,
        /** The wall clock is ahead by the value, in milliseconds; with a delay, only in every other such period. */
        JUMP,
        /** The wall clock has run at so many percent of its speed since the time that stands in the pattern's place. */
        RATE
    }

    ShimRule {
        if (!(probability > 0 && probability <= 1)) {
            throw new IllegalArgumentException("probability " + probability + " is outside (0, 1]");
        }
        if (pattern.indexOf('\n') >= 0) {
            throw new IllegalArgumentException("the pattern '" + pattern + "' has a line break");
        }
    }

    /** Strikes every call of the kind. */
    static ShimRule always(Call call, Action action, long value, String pattern) {
        return new ShimRule(call, action, value, 1, Duration.ZERO, 0, pattern);
    }

    /** As the library reads it. */
    String line(int slot) {
        return String.format(
                Locale.ROOT,
                "%d %s %s %d %.9f %d %d %s",
                slot,
                call.name().toLowerCase(Locale.ROOT),
                action.name().toLowerCase(Locale.ROOT),
                value,
                probability,
                delay.toNanos() / 1000,
                hitsMax,
                pattern);
    }
}
