package io.flotilla.chaos.report;

import io.flotilla.chaos.history.Event;
import io.flotilla.chaos.history.HistoryWriter;
import io.flotilla.chaos.history.Outcome;
import io.flotilla.chaos.history.Place;
import io.flotilla.chaos.history.Records;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * A history as a run would leave it, without a run: sends every few milliseconds, a fault every ten seconds that strikes a
 * leader, and for a second after that nothing but failures.
 */
final class MadeUpRun {
    static final String HOSTILE = "</text><script>alert('x')</script>&\u0000\u001b[31m";

    private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final int BROKERS = 5;
    private static final int PARTITIONS = 16;
    private static final int OUTAGE_SECONDS = 1;
    private static final List<String> FAULTS = List.of("N1", "N4", "N12", "N3", "N17", "N8", "N23");

    private final SplittableRandom random = new SplittableRandom(7);
    private final int seconds;
    private final int sendsPerSecond;
    private final long[] offsets = new long[PARTITIONS];
    private final int[] leaders = new int[PARTITIONS];
    private final int[] terms = new int[PARTITIONS];
    private long op;
    private long sequence;

    private MadeUpRun(int seconds, int sendsPerSecond) {
        this.seconds = seconds;
        this.sendsPerSecond = sendsPerSecond;
    }

    /** Writes the history into the folder {@code history} of a run's. */
    static void write(Path runDirectory, int seconds, int sendsPerSecond) {
        var run = new MadeUpRun(seconds, sendsPerSecond);
        try (HistoryWriter out = HistoryWriter.open(runDirectory.resolve("history"), "made-up")) {
            run.write(out);
        }
    }

    private void write(HistoryWriter out) {
        out.write(new Event.RunStarted(
                0,
                Event.RunStarted.FORMAT,
                42,
                "made-up",
                BROKERS,
                new TreeMap<>(Map.of("backend", "netns", "commit", "0e66295", "version", "0.1.0", "odd", HOSTILE))));
        out.write(new Event.PhaseBegan(1, "faults"));
        for (int partition = 0; partition < PARTITIONS; partition++) {
            leaders[partition] = partition % BROKERS + 1;
            terms[partition] = 1;
            out.write(new Event.LeaderSeen(2, place(partition), 1, leaders[partition]));
        }
        for (int second = 0; second < seconds; second++) {
            second(out, second);
        }
        out.write(new Event.PhaseBegan(seconds * SECOND, "ended"));
    }

    private static Place place(int partition) {
        return new Place("orders", partition);
    }

    private void second(HistoryWriter out, int second) {
        int struck = second / 10 % BROKERS + 1;
        int sinceFault = second % 10 - 3;
        long start = second * SECOND;
        if (sinceFault == 0) {
            fault(out, start, second / 10, struck, "armed", HOSTILE);
            fault(
                    out,
                    start + 200 * MILLI,
                    second / 10,
                    struck,
                    second / 10 == 2 ? "unverified" : "verified",
                    "pid 4711 is gone");
            out.write(new Event.NodeExited(start + 201 * MILLI, struck, 137, second / 10 != 3));
        }
        if (sinceFault == OUTAGE_SECONDS) {
            for (int partition = 0; partition < PARTITIONS; partition++) {
                if (leaders[partition] == struck) {
                    leaders[partition] = (struck + random.nextInt(BROKERS - 1)) % BROKERS + 1;
                    out.write(new Event.LeaderSeen(start, place(partition), ++terms[partition], leaders[partition]));
                }
            }
        }
        sends(out, start, sinceFault >= 0 && sinceFault < OUTAGE_SECONDS ? struck : 0);
        if (sinceFault == 3) {
            fault(out, start + SECOND - 2, second / 10, struck, "disarmed", "");
            out.write(new Event.NodeStarted(start + SECOND - 1, struck));
        }
        for (int node = 1; node <= BROKERS; node++) {
            out.write(new Event.ResourcesRead(
                    start + SECOND - 1,
                    node,
                    300 + 20L * node + random.nextInt(10),
                    80 + node,
                    (120L << 20) + random.nextLong(40 << 20),
                    (second * (2L << 20)) + node * (5L << 20)));
        }
    }

    private void fault(HistoryWriter out, long nanos, int episode, int node, String phase, String detail) {
        String fault = FAULTS.get(episode % FAULTS.size());
        out.write(new Event.FaultStep(nanos, episode + 1, fault, phase, List.of(node), new TreeMap<>(), detail));
    }

    private void sends(HistoryWriter out, long start, int struck) {
        List<Event> events = new ArrayList<>();
        for (int i = 0; i < sendsPerSecond; i++) {
            long nanos = start + (i + 1) * (SECOND - 300 * MILLI) / (sendsPerSecond + 1);
            int partition = random.nextInt(PARTITIONS);
            long latency = (long) (2 * MILLI * Math.exp(2.2 * random.nextDouble() * random.nextDouble()));
            boolean fails = leaders[partition] == struck;
            long call = op++;
            events.add(new Event.SendInvoked(nanos, call, 1, place(partition), 1, sequence++, 100));
            if (fails) {
                Outcome outcome = random.nextInt(3) == 0 ? Outcome.INFO : Outcome.FAIL;
                events.add(
                        new Event.SendCompleted(nanos + 40 * latency, call, 1, outcome, -1, "NOT_LEADER " + HOSTILE));
            } else {
                long offset = offsets[partition]++;
                events.add(new Event.SendCompleted(nanos + latency, call, 1, Outcome.OK, offset, ""));
                if (random.nextInt(10) > 0) {
                    Records records = new Records().add(offset, 1, sequence - 1, 0);
                    events.add(new Event.Polled(nanos + latency + MILLI, nanos, 1, place(partition), records));
                }
            }
        }
        events.sort((one, other) -> Long.compare(one.nanos(), other.nanos()));
        events.forEach(out::write);
    }
}
