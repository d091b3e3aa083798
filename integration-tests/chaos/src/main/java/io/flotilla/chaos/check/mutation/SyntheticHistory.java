package io.flotilla.chaos.check.mutation;

import io.flotilla.chaos.history.Event;
import io.flotilla.chaos.history.Outcome;
import io.flotilla.chaos.history.Place;
import io.flotilla.chaos.history.Records;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Makes a valid history: some partitions with producers, consumers, a group, removal of old records, administrative
 * calls, leaders that change and brokers that are killed, and final reads of every replica; all of it from one seed. Time
 * goes in even steps, one a piece of work, over {@link #SECONDS} seconds.
 */
public final class SyntheticHistory {
    /** The length of every history. */
    static final int SECONDS = 240;

    /** The topics: what has no retention, what is trimmed, what expires, what has append times, and the group's. */
    static final String PLAIN = "plain";

    static final String TRIMMED = "trimmed";
    static final String EXPIRING = "expiring";
    static final String TIMED = "timed";
    static final String SHARED = "shared";

    static final int NODES = 3;
    static final long RETENTION_MILLIS = 30_000;

    private static final long EPOCH_MILLIS = 1_700_000_000_000L;
    private static final int EPISODES = 5;
    private static final double FAULTS_END = 0.75; // of the time
    private static final int FINAL_CHUNK = 500;
    private static final int RECORD_BYTES = 100;

    private final SplittableRandom random;
    private final long steps;
    private final Consumer<Event> out;
    private final List<SyntheticLog> logs = new ArrayList<>();
    private final List<SyntheticProducer> producers = new ArrayList<>();
    private final List<SyntheticConsumer> consumers = new ArrayList<>();
    private final SyntheticGroup group;
    private final SyntheticAdmin admin;
    private final SyntheticClock clock;
    private int episode;
    private int struck;
    private boolean healed;

    private SyntheticHistory(long seed, long steps, int partitions, Consumer<Event> out) {
        this.random = new SplittableRandom(seed);
        this.steps = steps;
        this.out = out;
        this.clock = new SyntheticClock(SECONDS * 1_000_000_000L / (steps + 1));
        for (String topic : List.of(PLAIN, TRIMMED, EXPIRING, TIMED, SHARED)) {
            for (int i = 0; i < (topic.equals(PLAIN) || topic.equals(SHARED) ? partitions : 1); i++) {
                logs.add(new SyntheticLog(new Place(topic, i)));
            }
        }
        this.group = new SyntheticGroup(
                "group",
                logs.stream().filter(log -> log.place().topic().equals(SHARED)).toList(),
                random,
                clock,
                out);
        this.admin = new SyntheticAdmin(random, clock, out);
    }

    /**
     * Passes a history to the consumer, in the order of time.
     *
     * @param steps      pieces of work, 5,000 or more; a send takes two to three
     * @param partitions of the topics that have several
     */
    public static void generate(long seed, long steps, int partitions, Consumer<Event> out) {
        new SyntheticHistory(seed, steps, partitions, out).run(seed);
    }

    private void run(long seed) {
        begin(seed);
        for (long step = 0; step < steps; step++) {
            clock.step();
            double share = (double) step / steps;
            faults(share);
            work();
        }
        end();
    }

    private void begin(long seed) {
        out.accept(new Event.RunStarted(0, Event.RunStarted.FORMAT, seed, "synthetic", NODES, new TreeMap<>()));
        out.accept(new Event.PhaseBegan(clock.next(), "faults"));
        topic(PLAIN, Map.of());
        topic(TRIMMED, Map.of());
        topic(EXPIRING, Map.of("retention.ms", Long.toString(RETENTION_MILLIS)));
        topic(TIMED, Map.of("message.timestamp.type", "LogAppendTime"));
        topic(SHARED, Map.of());
        for (int node = 1; node <= NODES; node++) {
            out.accept(new Event.NodeStarted(clock.next(), node));
        }
        logs.forEach(this::announceLeader);
        for (int i = 0; i < 6; i++) {
            producers.add(new SyntheticProducer(i, random, clock, out));
        }
        for (int i = 0; i < logs.size(); i++) {
            consumers.add(new SyntheticConsumer(1_000 + i, logs.get(i), clock, out));
        }
        group.rebalance();
    }

    private void topic(String name, Map<String, String> settings) {
        long partitions =
                logs.stream().filter(log -> log.place().topic().equals(name)).count();
        out.accept(new Event.TopicUsed(clock.next(), name, (int) partitions, NODES, new TreeMap<>(settings)));
    }

    private void work() {
        int dice = random.nextInt(1_000);
        if (dice < 750) {
            SyntheticLog log = logs.get(random.nextInt(logs.size()));
            producers.get(random.nextInt(producers.size())).work(log, episode > 0 && struck > 0);
        } else if (dice < 880) {
            consumers.get(random.nextInt(consumers.size())).work(random);
        } else if (dice < 950) {
            group.work();
        } else if (dice < 970) {
            bounds(logs.get(random.nextInt(logs.size())));
        } else if (dice < 975) {
            trim();
        } else if (dice < 985) {
            admin.work();
        } else if (dice < 995) {
            metrics();
        } else if (random.nextInt(20) == 0) {
            group.rebalance();
        } else if (struck == 0 && random.nextInt(5) == 0) {
            elect(logs.get(random.nextInt(logs.size())), 1 + random.nextInt(NODES));
        }
    }

    private void faults(double share) {
        double at = share / FAULTS_END * EPISODES; // each episode's fault lasts a sixth of the episode
        if (share < FAULTS_END && struck == 0 && at > episode + 0.4 && episode < EPISODES) {
            episode++;
            struck = 1 + random.nextInt(NODES - 1); // the last node is never struck
            step("armed", "killed");
            out.accept(new Event.NodeExited(clock.next(), struck, 137, true));
            step("verified", "exit 137");
            for (SyntheticLog log : logs) {
                if (log.leader() == struck) {
                    elect(log, NODES);
                }
            }
        } else if (struck > 0 && at > episode - 1 + 0.57) {
            out.accept(new Event.NodeStarted(clock.next(), struck));
            step("disarmed", "");
            struck = 0;
        } else if (share >= FAULTS_END && !healed) {
            healed = true;
            out.accept(new Event.PhaseBegan(clock.next(), "healed"));
        }
    }

    private void step(String phase, String detail) {
        var parameters = new TreeMap<String, String>();
        out.accept(new Event.FaultStep(clock.next(), episode, "N1", phase, List.of(struck), parameters, detail));
    }

    private void elect(SyntheticLog log, int node) {
        log.elect(node);
        for (int voter = 1; voter <= NODES; voter++) {
            if (voter != struck) {
                out.accept(new Event.VoteSeen(clock.next(), log.place(), log.term(), voter, node));
            }
        }
        announceLeader(log);
    }

    private void announceLeader(SyntheticLog log) {
        out.accept(new Event.LeaderSeen(clock.next(), log.place(), log.term(), log.leader()));
    }

    private void bounds(SyntheticLog log) {
        long asked = clock.next();
        boolean end = random.nextBoolean();
        long offset = end ? log.end() : log.start();
        out.accept(new Event.BoundRead(clock.next(), asked, 50, log.place(), end, offset));
    }

    private void trim() {
        SyntheticLog log = logs.stream()
                .filter(any -> any.place().topic().equals(TRIMMED))
                .findFirst()
                .orElseThrow();
        long offset = log.start() + random.nextLong(1 + (log.end() - log.start()) / 4);
        long op = clock.op();
        out.accept(new Event.TrimInvoked(clock.next(), op, 51, log.place(), offset));
        log.trim(offset);
        boolean known = random.nextInt(4) > 0;
        out.accept(new Event.TrimCompleted(
                clock.next(), op, 51, known ? Outcome.OK : Outcome.INFO, known ? "" : "TIMEOUT"));
    }

    private void metrics() {
        SyntheticLog log = logs.get(random.nextInt(logs.size()));
        long asked = clock.next();
        out.accept(new Event.MetricRead(
                clock.next(), asked, log.leader(), "flotilla_high_watermark", log.place(), log.end()));
        for (int node = 1; node <= NODES; node++) {
            if (node != struck) {
                out.accept(new Event.ResourcesRead(
                        clock.next(),
                        node,
                        100 + random.nextInt(10),
                        50 + random.nextInt(5),
                        (50L << 20) + random.nextInt(1 << 20),
                        clock.nanos() / 1_000));
            }
        }
    }

    private void end() {
        producers.forEach(SyntheticProducer::finish);
        group.finish();
        out.accept(new Event.PhaseBegan(clock.next(), "final"));
        for (SyntheticLog log : logs) {
            for (int node = Event.FinalRead.FROM_LEADER; node <= NODES; node++) {
                finalRead(log, node);
            }
        }
        out.accept(new Event.PhaseBegan(clock.next(), "ended"));
    }

    private void finalRead(SyntheticLog log, int node) {
        String digest = node == Event.FinalRead.FROM_LEADER ? "" : "d" + log.end();
        out.accept(new Event.FinalBounds(clock.next(), log.place(), node, log.start(), log.end(), digest));
        for (long from = log.start(); from < log.end(); from += FINAL_CHUNK) {
            Records records = log.read(from, FINAL_CHUNK);
            out.accept(new Event.FinalRead(clock.next(), log.place(), node, records));
        }
    }

    /** Milliseconds since 1970 at a time of the history. */
    static long wallMillis(long nanos) {
        return EPOCH_MILLIS + nanos / 1_000_000;
    }

    static int recordBytes() {
        return RECORD_BYTES;
    }
}
