package io.flotilla.cli.failure;

import io.flotilla.protocol.error.LogException;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * A failed command as people read it, in three lines.
 *
 * @param what   what was tried, for instance {@code cannot create topic orders}
 * @param why    the reason with its values, in the broker's own words where it gave one
 * @param remedy what to do next, most useful as a command to copy
 */
public record Failure(String what, String why, String remedy, ExitCode exitCode) {

    /**
     * Explains an exception that ended a command.
     *
     * @param task what the command was doing, for instance {@code create topic orders}
     */
    public static Failure of(String task, Throwable cause) {
        if (cause instanceof CommandFailed failed) {
            return failed.failure();
        }
        if (cause instanceof LogException refused) {
            return new Failure(
                    "cannot " + task,
                    messageOf(refused) + " (" + refused.code() + ")",
                    Remedy.of(refused),
                    ExitCode.of(refused.code()));
        }
        if (cause instanceof IOException || cause instanceof UncheckedIOException) {
            return new Failure("cannot " + task, messageOf(cause), "correct that and run again", ExitCode.FAILED);
        }
        return new Failure(
                "cannot " + task,
                "unexpected " + cause,
                "this is a bug: please report it with the stack trace below",
                ExitCode.FAILED);
    }

    /** The three lines, each ended by a line feed. */
    public String text() {
        return "error: %s%n  why: %s%n  try: %s%n".formatted(what, oneLine(why), oneLine(remedy));
    }

    /** Whether the cause is one that commands do not foresee. */
    static boolean isBug(Throwable cause) {
        return !(cause instanceof CommandFailed
                || cause instanceof LogException
                || cause instanceof IOException
                || cause instanceof UncheckedIOException);
    }

    private static String messageOf(Throwable cause) {
        String message = cause.getMessage();
        return message == null || message.isBlank() ? cause.getClass().getSimpleName() : message;
    }

    private static String oneLine(String text) {
        return text.strip().replaceAll("\\s*\\R\\s*", "; ");
    }
}
