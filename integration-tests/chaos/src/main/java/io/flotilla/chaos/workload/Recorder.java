package io.flotilla.chaos.workload;

import io.flotilla.chaos.history.Event;
import io.flotilla.chaos.history.HistoryWriter;
import io.flotilla.chaos.history.Outcome;
import io.flotilla.chaos.history.RunClock;
import java.nio.file.Path;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongFunction;

/**
 * Writes what clients do, hands out the numbers by which they are told apart, and counts. Processes and consumers share one
 * row of numbers.
 *
 * <p>Threading: safe.
 */
public final class Recorder implements AutoCloseable {
    private final RunClock clock;
    private final HistoryWriter history;
    private final AtomicLong ops = new AtomicLong();
    private final AtomicInteger processes = new AtomicInteger();
    private final AtomicInteger producers = new AtomicInteger();
    private final ConcurrentHashMap<String, LongAdder> counts = new ConcurrentHashMap<>();

    private Recorder(RunClock clock, HistoryWriter history) {
        this.clock = clock;
        this.history = history;
    }

    /**
     * @param directory of the history
     * @param name      of the file in it
     */
    public static Recorder open(Path directory, String name, RunClock clock) {
        return new Recorder(clock, HistoryWriter.open(directory, name));
    }

    /** Now, in the time of the run. */
    public long nanos() {
        return clock.nanos();
    }

    /**
     * Writes an event, stamped as it is written, so that a file is in the order of time however long a thread is kept from
     * running. A completion may be stamped a little late: that only widens the time in which its call may have acted.
     *
     * @param event of a moment in the time of the run
     */
    public synchronized void write(LongFunction<Event> event) {
        history.write(event.apply(clock.nanos()));
    }

    long nextOp() {
        return ops.incrementAndGet();
    }

    int nextProcess() {
        return processes.incrementAndGet();
    }

    int nextProducer() {
        return producers.incrementAndGet();
    }

    void count(String kind, Outcome outcome) {
        count(kind + " " + outcome.name().toLowerCase(Locale.ROOT), 1);
    }

    void count(String what, long more) {
        counts.computeIfAbsent(what, any -> new LongAdder()).add(more);
    }

    /** One of these counts, 0 if there was none. */
    public long count(String what) {
        LongAdder count = counts.get(what);
        return count == null ? 0 : count.sum();
    }

    /** How many calls ended how, such as {@code send ok}, and how many records were read. */
    public SortedMap<String, Long> counts() {
        SortedMap<String, Long> all = new TreeMap<>();
        counts.forEach((what, count) -> all.put(what, count.sum()));
        return all;
    }

    @Override
    public void close() {
        history.close();
    }
}
