package io.flotilla.chaos.run;

import io.flotilla.chaos.history.Event;
import io.flotilla.chaos.history.Outcome;
import io.flotilla.chaos.port.AdminPort;
import io.flotilla.chaos.port.Answer;
import io.flotilla.chaos.port.ClientPort;
import io.flotilla.chaos.workload.Recorder;
import io.flotilla.chaos.workload.Scene;
import io.flotilla.chaos.workload.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;

/**
 * The topics under test.
 *
 * @param plain      of W1
 * @param idempotent of W2, which readers follow
 * @param grouped    of W3
 * @param retained   of W6: tiny segments, of which few are kept
 */
record Topics(Topic plain, Topic idempotent, Topic grouped, Topic retained) {
    private static final int REPLICAS_MAX = 3;
    /** What is the default, too; said so that the judge knows it: a clock that jumps must not take records away. */
    private static final String RETENTION_MILLIS =
            Long.toString(Duration.ofDays(7).toMillis());

    private static final int RETAINED_PARTITIONS = 2;
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final Duration BETWEEN_ATTEMPTS = Duration.ofMillis(200);

    static Topics of(int partitions, int brokers) {
        int replicas = Math.min(brokers, REPLICAS_MAX);
        int half = Math.max(1, partitions / 2);
        return new Topics(
                new Topic("plain", half, replicas, Map.of()),
                new Topic("idempotent", partitions, replicas, Map.of("retention.ms", RETENTION_MILLIS)),
                new Topic("grouped", half, replicas, Map.of()),
                new Topic(
                        "retained",
                        RETAINED_PARTITIONS,
                        replicas,
                        Map.of("segment.bytes", "65536", "retention.bytes", "524288")));
    }

    /** Those that some workloads use. */
    List<Topic> usedBy(Set<String> workloads) {
        List<Topic> used = new ArrayList<>();
        if (workloads.contains("W1")) {
            used.add(plain);
        }
        if (workloads.contains("W2")) {
            used.add(idempotent);
        }
        if (workloads.contains("W3")) {
            used.add(grouped);
        }
        if (workloads.contains("W6")) {
            used.add(retained);
        }
        return used;
    }

    /**
     * Creates a topic, waits until all its partitions answer, and writes that it is used.
     *
     * @throws IllegalStateException if that takes too long
     */
    static void create(Scene scene, Topic topic) {
        long deadlineNanos = System.nanoTime() + TIMEOUT.toNanos();
        Recorder recorder = scene.recorder();
        try (ClientPort client = scene.connect()) {
            AdminPort admin = client.admin();
            String last = "";
            boolean created = false;
            while (System.nanoTime() - deadlineNanos < 0) {
                if (!created) {
                    Answer<Boolean> answer =
                            admin.create(topic.name(), topic.partitions(), topic.replicas(), topic.settings());
                    created = answer.isOk() || isThere(admin, topic);
                    last = answer.error();
                } else if (topic.places().stream()
                        .allMatch(place -> admin.logEnd(place).isOk())) {
                    recorder.write(nanos -> new Event.TopicUsed(
                            nanos,
                            topic.name(),
                            topic.partitions(),
                            topic.replicas(),
                            new TreeMap<>(topic.settings())));
                    return;
                }
                LockSupport.parkNanos(BETWEEN_ATTEMPTS.toNanos());
            }
            throw new IllegalStateException("topic " + topic.name() + " is not usable within " + TIMEOUT + ": " + last);
        }
    }

    private static boolean isThere(AdminPort admin, Topic topic) {
        Answer<Optional<Map<String, String>>> answer = admin.describe(topic.name());
        return answer.outcome() == Outcome.OK && answer.get().isPresent();
    }
}
