package io.flotilla.bitrot;

import io.flotilla.broker.embedded.EmbeddedCluster;
import io.flotilla.broker.embedded.EmbeddedSettings;
import io.flotilla.client.Admin;
import io.flotilla.client.FlotillaClient;
import io.flotilla.client.NewTopic;
import io.flotilla.client.TopicDescription;
import io.flotilla.protocol.error.LogException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * Three brokers in this process, one of which starts again for every round with damaged files: each replica of a partition
 * with one, or each thing that a broker has once. The other two serve meanwhile; all that was acknowledged must be read as
 * it was, from the victim as well, and what became of each damage is noted.
 */
final class BitRotRun {
    private static final String TOPIC = "bit-rot";
    private static final int BROKERS = 3;
    private static final int VICTIM = 3;
    private static final int PARTITIONS = 40;
    private static final int SEGMENT_BYTES = 64 << 10;
    private static final int FIRST_RECORDS_EACH = 400;
    /** More than a segment holds. */
    private static final int RECORDS_TO_ROLL = 150;

    private static final Map<String, String> SETTINGS = Map.of(
            "shutdown.timeout.ms", "2000",
            "disk.check.interval.ms", "200",
            "replica.fetches.max", "8",
            "scrub.interval.ms", "1000",
            "scrub.bytes.per.second", Integer.toString(256 << 20));

    private final Path directory;
    private final long seed;
    private final int places;
    private final List<Mutation> mutations;
    private final Consumer<String> story;
    private final Tally tally = new Tally();
    private final List<String> violations = new ArrayList<>();
    private final Set<Integer> retired = new TreeSet<>();
    private long ledByVictim;

    /**
     * @param directory for data, and for what the brokers log in {@code brokers.log}
     * @param places    how many are damaged, 1 or more
     * @param mutations one or more
     */
    BitRotRun(Path directory, long seed, int places, List<Mutation> mutations, Consumer<String> story) {
        this.directory = directory;
        this.seed = seed;
        this.places = places;
        this.mutations = mutations;
        this.story = story;
    }

    /**
     * @param violations  empty if nothing wrong was served and writing went on
     * @param ledByVictim partitions read from the victim, over all rounds
     * @param retired     partitions left out at the end, because damage could not be taken back
     */
    record Result(Tally tally, List<String> violations, long acknowledged, long ledByVictim, Set<Integer> retired) {}

    /**
     * @throws IllegalStateException if the broker does not come back although its damage was taken back
     */
    Result run() throws IOException {
        var settings = new EmbeddedSettings(BROKERS, directory, 0, SETTINGS);
        var ledger = new Ledger(TOPIC, PARTITIONS, seed);
        try (EmbeddedCluster cluster = EmbeddedCluster.start(settings);
                FlotillaClient client = FlotillaClient.connect(cluster.bootstrap())) {
            client.admin()
                    .createTopic(new NewTopic(
                            TOPIC, PARTITIONS, BROKERS, Map.of("segment.bytes", Integer.toString(SEGMENT_BYTES))));
            try (Writer writer = new Writer(client, TOPIC, PARTITIONS, ledger)) {
                for (int partition = 0; partition < PARTITIONS; partition++) {
                    writer.send(partition, FIRST_RECORDS_EACH);
                }
                writer.flush();
                writer.start();
                new Rounds(cluster, client, writer, ledger).run();
            }
        }
        return new Result(tally, violations, ledger.acknowledged(), ledByVictim, retired);
    }

    private Path dataOf(int broker) {
        return directory.resolve("broker-" + broker);
    }

    private void complain(Optional<String> violation) {
        violation.ifPresent(what -> {
            violations.add(what);
            story.accept("VIOLATION " + what);
        });
    }

    /** The rounds of one cluster. */
    private final class Rounds {
        private final EmbeddedCluster cluster;
        private final FlotillaClient client;
        private final Writer writer;
        private final Ledger ledger;
        private final Victim victim;
        private final Replicas replicas;
        private final Judge judge;
        private final DamagePlan plan;

        Rounds(EmbeddedCluster cluster, FlotillaClient client, Writer writer, Ledger ledger) throws IOException {
            this.cluster = cluster;
            this.client = client;
            this.writer = writer;
            this.ledger = ledger;
            TopicDescription topic = client.admin().describeTopic(TOPIC);
            victim = new Victim(cluster, VICTIM, dataOf(VICTIM), directory.resolve("copies"), topic);
            replicas = new Replicas(client.admin(), VICTIM, BROKERS, BitRotRun.this::dataOf, topic);
            judge = new Judge(replicas, victim, new BrokersLog(directory.resolve(BitRotSuite.BROKERS_LOG)));
            plan = new DamagePlan(seed, mutations, victim::earlier);
        }

        void run() throws IOException {
            for (int round = 0; tally.places() < places; round++) {
                run(round);
            }
        }

        private List<Integer> partitions() {
            return IntStream.range(0, PARTITIONS)
                    .filter(partition -> !retired.contains(partition))
                    .boxed()
                    .toList();
        }

        /** Replicas in the even rounds, what the broker has once in the odd ones. */
        private void run(int round) throws IOException {
            boolean ofReplicas = round % 2 == 0;
            List<Unit> units = ofReplicas
                    ? partitions().stream().map(victim.replicas()::get).toList()
                    : victim.ownUnits();
            judge.beginRound();
            victim.stop();
            victim.copy(units);
            List<Damage> damages = new ArrayList<>(plan.draw(round, units, places - tally.places()));
            for (Damage damage : damages) {
                damage.apply();
            }
            story.accept("round " + round + ": " + damages.size() + " places of "
                    + (ofReplicas ? units.size() + " replicas" : "what the broker has once"));
            complain(writer.awaitProgress());
            Map<Damage, Fate> fates = fatesOf(damages, ofReplicas);
            fates.forEach((damage, fate) -> tell(round, damage, fate));
            undo(fates);
            complain(ledger.readBack(client));
            complain(writer.failure());
        }

        private void tell(int round, Damage damage, Fate fate) {
            tally.add(damage, fate);
            story.accept("round " + round + ": " + fate + ", " + damage);
            if (!fate.isSound()) {
                judge.evidence(damage.unit()).stream().limit(3).forEach(line -> story.accept("    " + line));
            }
        }

        private Map<Damage, Fate> fatesOf(List<Damage> damages, boolean ofReplicas) throws IOException {
            Optional<Damage> culprit = start(damages);
            damages.stream()
                    .filter(damage -> Unit.isOpenSegment(damage.kind()))
                    .forEach(damage -> writer.send(damage.unit().partition().orElseThrow(), RECORDS_TO_ROLL));
            judge.await(partitions(), damages);
            boolean serves = ofReplicas || !judge.isSound() || serve();
            Map<Damage, Fate> fates = judge.fates(damages);
            if (!serves) {
                fates.replaceAll((damage, fate) -> Fate.STOPPED);
            }
            culprit.ifPresent(damage -> fates.put(damage, Fate.REFUSED));
            return fates;
        }

        /**
         * Starts the victim. If it refuses, damage is taken back, one after the other and without a judgement, until it
         * starts: the last one was the culprit.
         */
        private Optional<Damage> start(List<Damage> damages) throws IOException {
            Optional<Damage> undone = Optional.empty();
            while (true) {
                try {
                    victim.start();
                    return undone;
                } catch (IOException | RuntimeException refused) {
                    story.accept("refused: "
                            + String.valueOf(refused.getMessage())
                                    .lines()
                                    .findFirst()
                                    .orElse(""));
                    if (damages.isEmpty()) {
                        throw new IllegalStateException("broker " + VICTIM + " does not start undamaged", refused);
                    }
                    undone = Optional.of(damages.remove(0));
                    victim.restore(List.of(undone.get().unit()));
                }
            }
        }

        /** Makes the victim lead and serve by stopping one of the others; whether the metadata took a change with it. */
        private boolean serve() throws IOException {
            int other = 1 + tally.places() % 2;
            cluster.stop(other);
            complain(writer.awaitProgress());
            boolean served = changeMetadata();
            long led = replicas.led();
            ledByVictim += led;
            complain(ledger.readBack(client).map(what -> "with the victim leading " + led + " partitions: " + what));
            cluster.restart(other);
            judge.await(partitions(), List.of());
            return served;
        }

        /** With one of three voters away, only a sound member of the victim makes a majority. */
        private boolean changeMetadata() {
            Admin admin = client.admin();
            String name = "proof-" + tally.places();
            try {
                admin.createTopic(NewTopic.of(name, 1, 1));
                admin.deleteTopicNow(name);
                return true;
            } catch (LogException noMajority) {
                story.accept("metadata: " + noMajority);
                return false;
            }
        }

        /** Takes back what did not heal, so that the next round finds a sound broker. */
        private void undo(Map<Damage, Fate> fates) throws IOException {
            if (fates.values().stream().allMatch(Fate::isSound) && judge.isSound()) {
                return;
            }
            victim.stop();
            complain(writer.awaitProgress()); // from here on both others hold all that was acknowledged
            Set<Unit> stopped = new HashSet<>();
            for (Map.Entry<Damage, Fate> entry : fates.entrySet()) {
                if (entry.getValue() == Fate.UNNOTICED) {
                    entry.getKey().revert();
                } else if (entry.getValue() == Fate.STOPPED) {
                    stopped.add(entry.getKey().unit());
                }
            }
            victim.restore(stopped);
            start(new ArrayList<>());
            judge.await(partitions(), List.of());
            for (int partition : judge.unsound()) {
                story.accept("partition " + partition + " is left out from now on, its damage could not be taken back");
                retired.add(partition);
            }
            if (retired.size() == PARTITIONS) {
                throw new IllegalStateException("no replica of broker " + VICTIM + " is sound any more");
            }
        }
    }
}
