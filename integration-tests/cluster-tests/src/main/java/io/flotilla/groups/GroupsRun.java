package io.flotilla.groups;

import io.flotilla.client.ClientSettings;
import io.flotilla.client.GroupSettings;
import io.flotilla.client.NewTopic;
import io.flotilla.client.Position;
import io.flotilla.client.TopicPartition;
import io.flotilla.cluster.Awaiting;
import io.flotilla.cluster.ClusterSettings;
import io.flotilla.cluster.ProcessCluster;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/** One run: three brokers, a group that reads what is written, restarts or kills, and the judgement. */
final class GroupsRun {
    private static final int BROKERS = 3;
    private static final int HEAP_MIB = 1024; // room for 200 replicas

    /** What operators are told to set for some 200 replicas on a broker, all the more where three brokers share two cores. */
    private static final Map<String, String> ELECTIONS =
            Map.of("raft.election.timeout.min.ms", "3000", "raft.election.timeout.max.ms", "6000");

    private static final int MANY_PARTITIONS = 100;
    private static final String TOPIC = "shared-out";
    private static final String GROUP = "workers";
    private static final Duration COMMIT_INTERVAL = Duration.ofMillis(500);
    private static final Duration SESSION_TIMEOUT = Duration.ofSeconds(6);
    private static final Duration SHARED_OUT_TIMEOUT = Duration.ofMinutes(2);
    private static final Duration READ_TIMEOUT = Duration.ofMinutes(2);
    private static final Duration LEADERS_TIMEOUT = Duration.ofMinutes(2);
    private static final Duration BETWEEN_KILLS = Duration.ofSeconds(5);

    private final GroupsSettings settings;
    private final Path directory;
    private final Consumer<String> story;
    private final GroupHistory history = new GroupHistory();
    private final List<GroupMember> members = new ArrayList<>();
    private int started;
    private int kills;

    GroupsRun(GroupsSettings settings, Path directory, Consumer<String> story) {
        this.settings = settings;
        this.directory = directory;
        this.story = story;
    }

    /**
     * What a run found.
     *
     * @param records in the topic
     * @param failed  that were not acknowledged to the writer
     * @param kills   of members and brokers
     */
    record Result(GroupJudgement judgement, long records, long failed, int kills) {}

    /**
     * @throws IllegalStateException if the cluster or a member does not do its part in time
     */
    Result run() throws IOException {
        try (ProcessCluster cluster = ProcessCluster.start(new ClusterSettings(
                BROKERS, directory, HEAP_MIB, settings.partitions() > MANY_PARTITIONS ? ELECTIONS : Map.of()))) {
            cluster.client().admin().createTopic(NewTopic.of(TOPIC, settings.partitions(), BROKERS));
            cluster.leaders().await(TOPIC, settings.partitions(), LEADERS_TIMEOUT);
            long failed;
            long sharedOutNanos;
            try (SteadyWriter writer =
                    SteadyWriter.start(cluster.client(), TOPIC, settings.partitions(), settings.recordsPerSecond())) {
                for (int member = 0; member < settings.members(); member++) {
                    members.add(join(cluster));
                }
                awaitSharedOut();
                sharedOutNanos = System.nanoTime();
                story.accept(settings.members() + " members share " + settings.partitions() + " partitions");
                if (settings.kills().isZero()) {
                    restartMembers(cluster);
                } else {
                    killThisAndThat(cluster);
                }
                awaitSharedOut();
                writer.close();
                failed = writer.failed();
            }
            Map<TopicPartition, Long> ends = ends(cluster);
            awaitProcessed(ends);
            members.forEach(GroupMember::close);
            return new Result(
                    GroupJudgement.of(history, ends, sharedOutNanos),
                    ends.values().stream().mapToLong(Long::longValue).sum(),
                    failed,
                    kills);
        }
    }

    private GroupMember join(ProcessCluster cluster) {
        return GroupMember.start(
                "member-" + ++started,
                ClientSettings.of(cluster.bootstrap()),
                GroupSettings.of(GROUP, TOPIC).withSessionTimeout(SESSION_TIMEOUT),
                COMMIT_INTERVAL,
                history);
    }

    private void restartMembers(ProcessCluster cluster) {
        for (int member = 0; member < settings.members(); member++) {
            members.get(member).close();
            members.set(member, join(cluster));
            awaitSharedOut();
        }
        story.accept("every member was restarted");
    }

    private void killThisAndThat(ProcessCluster cluster) {
        SplittableRandom random = new SplittableRandom(settings.seed());
        long endNanos = System.nanoTime() + settings.kills().toNanos();
        while (System.nanoTime() - endNanos < 0) {
            LockSupport.parkNanos((long) (BETWEEN_KILLS.toNanos() * (0.5 + random.nextDouble())));
            kills++;
            switch (random.nextInt(4)) {
                case 0, 1 -> {
                    int victim = random.nextInt(members.size());
                    members.get(victim).kill();
                    members.set(victim, join(cluster));
                    story.accept("killed a member");
                }
                case 2 -> killBroker(cluster, 1 + random.nextInt(BROKERS), "a broker");
                default -> killBroker(cluster, metadataLeader(cluster), "the metadata leader");
            }
        }
    }

    private void killBroker(ProcessCluster cluster, int id, String what) {
        cluster.kill9(id);
        cluster.start(id);
        story.accept("killed " + what + ", broker " + id);
    }

    private static int metadataLeader(ProcessCluster cluster) {
        return cluster.client()
                .admin()
                .describeCluster()
                .metadataLeaderBrokerId()
                .orElse(1);
    }

    private void awaitSharedOut() {
        Awaiting.until(
                SHARED_OUT_TIMEOUT,
                "all " + settings.partitions() + " partitions to be read",
                () -> held() == settings.partitions(),
                () -> held() + " are");
    }

    private int held() {
        return members.stream().mapToInt(GroupMember::heldCount).sum();
    }

    private Map<TopicPartition, Long> ends(ProcessCluster cluster) {
        Map<TopicPartition, Position> positions = new HashMap<>();
        for (int partition = 0; partition < settings.partitions(); partition++) {
            positions.put(new TopicPartition(TOPIC, partition), Position.end());
        }
        return cluster.client().admin().listOffsets(positions);
    }

    private void awaitProcessed(Map<TopicPartition, Long> ends) {
        Awaiting.until(
                READ_TIMEOUT,
                "everything to be processed",
                () -> behind(ends).isEmpty(),
                () -> "these are behind: " + behind(ends));
    }

    private List<String> behind(Map<TopicPartition, Long> ends) {
        return ends.entrySet().stream()
                .filter(end -> history.processedTo(end.getKey()) < end.getValue())
                .map(end -> end.getKey() + " at " + history.processedTo(end.getKey()) + " of " + end.getValue())
                .toList();
    }
}
