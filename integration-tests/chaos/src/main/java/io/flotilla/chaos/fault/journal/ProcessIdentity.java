package io.flotilla.chaos.fault.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * One process and no other: a process id is given again one day, but not together with the same start.
 *
 * @param pid        its process id
 * @param startTicks when it started, in the kernel's ticks since boot
 */
public record ProcessIdentity(long pid, long startTicks) {
    /** Of the fields behind the program's name, which stands in parentheses and may hold anything. */
    private static final int STATE = 0;

    private static final int START = 19;

    /** The process that has this id now; empty if there is none, or nothing but its exit code is left of it. */
    public static Optional<ProcessIdentity> of(long pid) {
        return stat(pid).filter(stat -> state(stat) != 'Z').map(stat -> new ProcessIdentity(pid, start(stat)));
    }

    /** This JVM. */
    public static ProcessIdentity own() {
        long pid = ProcessHandle.current().pid();
        return of(pid).orElseThrow(() -> new IllegalStateException("there is no /proc/" + pid + "; Linux is needed"));
    }

    /**
     * Reads a line of the form of {@code /proc/<pid>/stat}.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static ProcessIdentity parse(String stat) {
        try {
            return new ProcessIdentity(Long.parseLong(stat.substring(0, stat.indexOf(' '))), start(stat));
        } catch (IndexOutOfBoundsException | NumberFormatException malformed) {
            throw new IllegalArgumentException("'" + stat + "' is no line of /proc/<pid>/stat", malformed);
        }
    }

    /** Whether this very process is there, and has not ended. */
    public boolean isAlive() {
        return of(pid).filter(this::equals).isPresent();
    }

    /** The kernel's letter for what the process with this id is doing, {@code T} for stopped; empty if there is none. */
    public static Optional<Character> state(long pid) {
        return stat(pid).map(ProcessIdentity::state);
    }

    private static Optional<String> stat(long pid) {
        try {
            return Optional.of(Files.readString(Path.of("/proc", Long.toString(pid), "stat")));
        } catch (IOException gone) {
            return Optional.empty();
        }
    }

    private static char state(String stat) {
        return fields(stat)[STATE].charAt(0);
    }

    private static long start(String stat) {
        return Long.parseLong(fields(stat)[START]);
    }

    private static String[] fields(String stat) {
        return stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    }
}
