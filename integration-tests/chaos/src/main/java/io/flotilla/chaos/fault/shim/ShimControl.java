package io.flotilla.chaos.fault.shim;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The rules of one process and how often they have struck: the files that the library there reads and maps.
 *
 * <p>Threading: safe.
 */
final class ShimControl implements AutoCloseable {
    private static final int SLOTS = 64;
    private static final int COUNTERS_BYTES = 4096;

    private final Path rulesFile;
    private final FileChannel counters;
    private final SortedMap<Integer, ShimRule> rules = new TreeMap<>();
    private long generation;
    private int nextSlot;

    private ShimControl(Path rulesFile, FileChannel counters) {
        this.rulesFile = rulesFile;
        this.counters = counters;
    }

    /** Makes a folder without rules; a process finds it by the variable {@code FLOTILLA_SHIM}. */
    static ShimControl make(Path folder) throws IOException {
        Files.createDirectories(folder);
        Path rulesFile = folder.resolve("rules");
        Files.writeString(rulesFile, "");
        Path file = folder.resolve("counters");
        Files.write(file, new byte[COUNTERS_BYTES]);
        return new ShimControl(rulesFile, FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE));
    }

    /** Where the rules stand. */
    Path rulesFile() {
        return rulesFile;
    }

    /**
     * From now on the process goes by this rule, too.
     *
     * @return its slot, not used by another one for as long as possible
     */
    synchronized int add(ShimRule rule) {
        if (rules.size() == SLOTS) {
            throw new IllegalStateException("there are " + SLOTS + " rules already; take some away first");
        }
        while (rules.containsKey(nextSlot)) {
            nextSlot = (nextSlot + 1) % SLOTS;
        }
        int slot = nextSlot;
        nextSlot = (nextSlot + 1) % SLOTS;
        put(slot + 1, 0);
        rules.put(slot, rule);
        publish();
        return slot;
    }

    synchronized void remove(int slot) {
        if (rules.remove(slot) != null) {
            publish();
        }
    }

    /** How often the rule of the slot has struck. */
    long hits(int slot) {
        ByteBuffer bytes = buffer();
        try {
            counters.read(bytes, (long) Long.BYTES * (slot + 1));
            return bytes.getLong(0);
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot read the counters beside " + rulesFile, failure);
        }
    }

    /** The file changes as a whole before the number that makes the process look at it. */
    private void publish() {
        String text = rules.entrySet().stream()
                .map(entry -> entry.getValue().line(entry.getKey()) + "\n")
                .collect(Collectors.joining());
        Path next = rulesFile.resolveSibling("rules.next");
        try {
            Files.writeString(next, text, StandardCharsets.UTF_8);
            Files.move(next, rulesFile, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot write " + rulesFile, failure);
        }
        generation++;
        put(0, generation);
    }

    private void put(int index, long value) {
        ByteBuffer bytes = buffer();
        bytes.putLong(0, value);
        try {
            counters.write(bytes, (long) Long.BYTES * index);
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot write the counters beside " + rulesFile, failure);
        }
    }

    private static ByteBuffer buffer() {
        return ByteBuffer.allocate(Long.BYTES).order(ByteOrder.nativeOrder());
    }

    @Override
    public void close() {
        try {
            counters.close();
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot close the counters beside " + rulesFile, failure);
        }
    }
}
