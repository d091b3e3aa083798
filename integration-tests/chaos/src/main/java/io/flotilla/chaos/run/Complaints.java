package io.flotilla.chaos.run;

import java.util.List;

/** Lines that no broker should ever write, whatever is done to it. */
final class Complaints {
    private static final List<String> FORBIDDEN = List.of(
            "Exception in thread",
            "ended by an error of its own",
            "java.lang.OutOfMemoryError",
            "A fatal error has been detected by the Java Runtime Environment",
            "hs_err_pid",
            "gap between entries",
            "Corruption: ");

    private Complaints() {}

    static boolean isOne(String line) {
        return FORBIDDEN.stream().anyMatch(line::contains);
    }
}
