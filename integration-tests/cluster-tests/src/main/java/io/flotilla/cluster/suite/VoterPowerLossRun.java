package io.flotilla.cluster.suite;

import static java.util.Objects.requireNonNull;

import io.flotilla.client.NewTopic;
import io.flotilla.cluster.LogTail;
import io.flotilla.cluster.ProcessCluster;
import io.flotilla.cluster.SegmentDigests;
import io.flotilla.cluster.history.History;
import io.flotilla.cluster.history.HistoryChecker;
import io.flotilla.cluster.history.Verdict;
import io.flotilla.cluster.suite.ElectionLines.Reign;
import io.flotilla.cluster.suite.ElectionLines.Vote;
import io.flotilla.cluster.traffic.Traffic;
import io.flotilla.cluster.traffic.TrafficSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Three brokers, each on a disk of its own, and voters that lose power right behind their vote.
 *
 * <p>A trial kills a leader and waits until one of the other two is elected by the vote of the other. At a moment up to a
 * second later, most often within milliseconds, the voter's disk loses power and both are killed. The voter comes back with the
 * leader that was killed first, which stands for election and knows nothing of the term: had the voter forgotten it, that
 * term would get a second leader. Then the third comes back too, with its claim on its disk.
 *
 * <p>Half of the trials, as the seed decides, write meanwhile; in the others the disks are quiet, so that no record's sync
 * saves a vote that was not synced itself.
 */
final class VoterPowerLossRun implements AutoCloseable {
    /** A vote older than this at the loss of power was a vote of another story. */
    static final Duration VOTE_AGE_MAX = Duration.ofSeconds(1);

    private static final int PARTITIONS = 3;
    private static final int PRODUCERS = 2;
    private static final int RECORDS_PER_SECOND = 50;
    private static final int KEYS = 32;
    private static final int PAYLOAD_BYTES_MAX = 4 << 10;
    private static final int PROOF = 50;
    private static final int DELAY_MILLIS_MAX = 800;
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(1);
    private static final Duration ELECTION_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration TIMEOUT = Duration.ofMinutes(2);

    private final LoopDisk.Kind kind;
    private final SplittableRandom random;
    private final Consumer<String> story;
    private final ClusterOnDisks disks;
    private final ProcessCluster cluster;
    private int topics;

    private VoterPowerLossRun(LoopDisk.Kind kind, long seed, Consumer<String> story, ClusterOnDisks disks) {
        this.kind = kind;
        this.random = new SplittableRandom(seed);
        this.story = story;
        this.disks = disks;
        this.cluster = disks.brokers();
    }

    /**
     * Starts a cluster on disks of this kind.
     *
     * @throws IOException if the disks cannot be made
     */
    static VoterPowerLossRun start(LoopDisk.Kind kind, long seed, Path directory, Consumer<String> story)
            throws IOException {
        return new VoterPowerLossRun(kind, seed, story, ClusterOnDisks.start(kind, directory));
    }

    /**
     * What a trial found.
     *
     * @param voteAge    from the vote to the loss of power; empty if no vote made a leader, or if that vote was older
     *     than {@link #VOTE_AGE_MAX}: then the trial proves nothing
     * @param complaints empty if all is well
     */
    record Result(Verdict verdict, Optional<Duration> voteAge, List<String> complaints) {}

    /** @throws IllegalStateException if the cluster does not do its part in time, or a broker ends by itself */
    Result trial() throws IOException {
        topics++;
        String topic = topicName();
        cluster.client().admin().createTopic(new NewTopic(topic, PARTITIONS, ClusterOnDisks.BROKERS, Map.of()));
        cluster.leaders().await(topic, PARTITIONS, TIMEOUT);
        // Consensus does not count the vote of a replica that has no entry at all, so each shall have its first.
        SegmentDigests.awaitSettled(cluster.client().admin(), topic, TIMEOUT);
        var settings = new TrafficSettings(
                topic, PARTITIONS, PRODUCERS, RECORDS_PER_SECOND, KEYS, PAYLOAD_BYTES_MAX, random.nextLong());
        Result result;
        try (Traffic traffic = Traffic.start(cluster.client(), settings)) {
            traffic.awaitAcknowledged(PROOF, TIMEOUT);
            Optional<History> ended = random.nextBoolean() ? Optional.of(traffic.finish()) : Optional.empty();
            List<String> complaints = new ArrayList<>();
            Optional<Duration> voteAge = loseVoter(topic, complaints);
            if (ended.isEmpty()) {
                traffic.awaitAcknowledged(PROOF, TIMEOUT);
            }
            History history = ended.map(before -> new History(before.writes(), before.finalRead(), traffic.readBack()))
                    .orElseGet(traffic::finish);
            result = new Result(judge(topic, history, complaints), voteAge, complaints);
        }
        cluster.client().admin().deleteTopicNow(topic);
        return result;
    }

    /** Returns with all brokers running again. */
    private Optional<Duration> loseVoter(String topic, List<String> complaints) throws IOException {
        int formerLeader = cluster.leaders().busiest(topic);
        SortedMap<Integer, PowerSwitch> switches = new TreeMap<>();
        List<LogTail> tails = new ArrayList<>();
        try {
            for (int id : cluster.brokerIds()) {
                if (id != formerLeader) {
                    switches.put(id, PowerSwitch.arm(List.of(disks.diskOf(id).mountPoint())));
                    tails.add(cluster.log(id).tailFromNow());
                }
            }
            long delayMillis = (long) (DELAY_MILLIS_MAX * Math.pow(random.nextDouble(), 6));
            cluster.kill9(formerLeader);
            Optional<Vote> vote = awaitElection(tails);
            if (vote.isEmpty()) {
                cluster.start(formerLeader);
                return Optional.empty();
            }
            PowerSwitch power = requireNonNull(switches.get(vote.get().voterId()));
            return strike(formerLeader, vote.get(), delayMillis, power, complaints);
        } finally {
            switches.values().forEach(PowerSwitch::close);
        }
    }

    /** The first vote that made a leader, if one does in time; returns within milliseconds of its taking over. */
    private static Optional<Vote> awaitElection(List<LogTail> tails) {
        List<String> lines = new ArrayList<>();
        long deadlineNanos = System.nanoTime() + ELECTION_TIMEOUT.toNanos();
        while (System.nanoTime() - deadlineNanos < 0) {
            tails.forEach(tail -> lines.addAll(tail.newLines()));
            Set<Reign> reigns = lines.stream()
                    .flatMap(line -> ElectionLines.reignIn(line).stream())
                    .collect(Collectors.toSet());
            Optional<Vote> vote = lines.stream()
                    .flatMap(line -> ElectionLines.voteIn(line).stream())
                    .filter(given -> reigns.contains(given.reign()))
                    .findFirst();
            if (vote.isPresent()) {
                return vote;
            }
            LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
        }
        return Optional.empty();
    }

    private Optional<Duration> strike(
            int formerLeader, Vote vote, long delayMillis, PowerSwitch power, List<String> complaints)
            throws IOException {
        int voter = vote.voterId();
        int candidate = vote.candidateId();
        cluster.expectExit(voter); // a broker whose disk fails stops, maybe sooner than it is killed
        LockSupport.parkNanos(Duration.ofMillis(delayMillis).toNanos());
        power.cut();
        Duration age = Duration.between(vote.at(), Instant.now());
        cluster.killAll9();
        story.accept(kind + ": broker " + voter + " elected " + candidate + " in term " + vote.term() + " of group "
                + vote.group() + " and lost power " + age.toMillis() + " ms after its vote");
        if (!disks.diskOf(voter).isOff()) {
            complaints.add("the power of broker " + voter + " was not cut: its disk takes writes");
        }
        disks.diskOf(voter).restore();
        List.of(voter, formerLeader).forEach(cluster::launch);
        List.of(voter, formerLeader).forEach(cluster::awaitReady);
        cluster.leaders().await(topicName(), PARTITIONS, TIMEOUT);
        cluster.start(candidate);
        return age.compareTo(VOTE_AGE_MAX) < 0 ? Optional.of(age) : Optional.empty();
    }

    private Verdict judge(String topic, History history, List<String> complaints) throws IOException {
        Verdict verdict = HistoryChecker.check(history, PROOF);
        if (!verdict.passed()) {
            complaints.add(verdict.toString());
        }
        SegmentDigests.awaitSettled(cluster.client().admin(), topic, TIMEOUT);
        SegmentDigests.of(cluster.client().admin().describeTopic(topic), cluster::dataDirectory).stream()
                .filter(partition -> !partition.identical())
                .forEach(partition -> complaints.add("replicas differ: " + partition));
        return verdict;
    }

    /** Everybody who led in whatever group, as all brokers have told so far. */
    Set<Reign> reigns() {
        Set<Reign> reigns = new HashSet<>();
        cluster.brokerIds().forEach(id -> reigns.addAll(reignsOf(id)));
        return reigns;
    }

    private Set<Reign> reignsOf(int id) {
        return cluster.log(id).lines().stream()
                .flatMap(line -> ElectionLines.reignIn(line).stream())
                .collect(Collectors.toSet());
    }

    private String topicName() {
        return "voter-power-loss-" + topics;
    }

    @Override
    public void close() throws IOException {
        disks.close();
    }
}
