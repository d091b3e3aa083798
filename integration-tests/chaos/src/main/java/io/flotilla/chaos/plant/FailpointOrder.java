package io.flotilla.chaos.plant;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;

/**
 * What shall happen at a failpoint of one process; in a file, its parts in this order, separated by spaces.
 *
 * @param number      tells this order from one that reads alike
 * @param after       passes that go well first, 0 or more
 * @param times       passes that fail then, 1 or more
 * @param sleepMillis how long a pass takes with {@link Action#SLEEP}, 0 or more
 */
public record FailpointOrder(int number, Failpoint point, Action action, long after, long times, long sleepMillis) {
    /** Of a process that was told to halt at a failpoint. */
    public static final int EXIT_CODE_OF_HALT = 79;

    private static final int PARTS = 6;

    /** What happens. */
    public enum Action {
        /** An {@code IOException}. */
        EXCEPTION,
        /** It takes long. */
        SLEEP,
        /** The process ends at once, without hooks. */
        HALT
    }

    public FailpointOrder {
        if (after < 0 || times < 1 || sleepMillis < 0) {
            throw new IllegalArgumentException("a failpoint that fails " + times + " times after " + after
                    + " passes and sleeps " + sleepMillis + " ms");
        }
    }

    /** Whether the pass with this number, from 1 on, is one that fails. */
    public boolean isDue(long pass) {
        return pass > after && pass - after <= times;
    }

    /** @throws IllegalArgumentException if the text is no order */
    public static FailpointOrder parse(String text) {
        String[] parts = text.strip().split(" ", -1);
        if (parts.length != PARTS) {
            throw new IllegalArgumentException("'" + text + "' is no order of a failpoint");
        }
        return new FailpointOrder(
                Integer.parseInt(parts[0]),
                Failpoint.parse(parts[1]),
                Action.valueOf(parts[2].toUpperCase(Locale.ROOT)),
                Long.parseLong(parts[3]),
                Long.parseLong(parts[4]),
                Long.parseLong(parts[5]));
    }

    @Override
    public String toString() {
        return number + " " + point.id() + " " + action.name().toLowerCase(Locale.ROOT) + " " + after + " " + times
                + " " + sleepMillis;
    }

    /** The file in which a process finds its order. */
    public static Path file(Path hits, long pid) {
        return hits.resolveSibling("failpoint-orders").resolve(Long.toString(pid));
    }

    /** Gives the order to a process, in place of an earlier one. */
    void give(Path hits, long pid) throws IOException {
        Path file = file(hits, pid);
        Files.createDirectories(file.getParent());
        Path unfinished = file.resolveSibling(pid + ".new");
        Files.writeString(unfinished, toString());
        Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Takes a process's order back. */
    static void takeBack(Path hits, long pid) throws IOException {
        Files.deleteIfExists(file(hits, pid));
    }
}
