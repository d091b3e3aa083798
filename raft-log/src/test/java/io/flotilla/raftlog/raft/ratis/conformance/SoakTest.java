package io.flotilla.raftlog.raft.ratis.conformance;

import static io.flotilla.raftlog.raft.ratis.conformance.TestCluster.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Cuts, resets, hand-overs and restarts for a long time under load. Runs on request:
 *
 * <pre>mvn -B -pl raft-log -am test -Dtest=SoakTest -Dsurefire.failIfNoSpecifiedTests=false \
 *     -Dconformance.soak.seconds=300</pre>
 *
 * <p>{@code -Dconformance.soak.seed=S} draws other faults.
 */
@EnabledIfSystemProperty(named = "conformance.soak.seconds", matches = "\\d+")
class SoakTest {
    private static final Logger LOG = LoggerFactory.getLogger(SoakTest.class);
    private static final long SECONDS = Long.getLong("conformance.soak.seconds", 300);
    private static final long SEED = Long.getLong("conformance.soak.seed", 1);
    private static final int UNANSWERED_MAX = 256;
    private static final int PROPOSALS_MAX = 20;
    private static final int FAULT_MILLIS_MAX = 600;

    @TempDir
    @SuppressWarnings("NullAway.Init") // by JUnit
    private Path directory;

    @OnEveryTransport
    void shouldKeepWhatItAcknowledged(Transport transport) throws IOException {
        try (TestCluster cluster = TestCluster.start(transport, directory)) {
            Soak soak = new Soak(cluster);

            soak.run();

            String last = cluster.appendAmong(nodes(), "last");
            await().atMost(PATIENCE).until(() -> soak.unanswered.get() == 0);
            await().atMost(PATIENCE).until(() -> nodes().stream()
                    .allMatch(node -> cluster.journal(node).texts().contains(last)
                            && cluster.journal(node)
                                    .texts()
                                    .equals(cluster.journal(1).texts())));
            List<String> entries = cluster.journal(1).texts();
            LOG.warn(
                    "{}: {} faults, {} of {} proposals acknowledged, {} entries",
                    transport,
                    soak.faults,
                    soak.acknowledged.size(),
                    soak.proposed,
                    entries.size());
            Set<String> distinct = new HashSet<>(entries);
            assertThat(entries).hasSameSizeAs(distinct);
            assertThat(soak.acknowledged.stream().filter(entry -> !distinct.contains(entry)))
                    .isEmpty();
            // A soak in which little happens proves little.
            assertThat(soak.acknowledged.size()).isGreaterThan((int) SECONDS);
            assertThat(soak.faults).isGreaterThan((int) SECONDS);
        }
    }

    private static List<Integer> nodes() {
        return IntStream.rangeClosed(1, TestCluster.NODES).boxed().toList();
    }

    /** One cluster's faults and proposals, by turns on one thread. */
    private static final class Soak {
        private final TestCluster cluster;
        private final SplittableRandom random = new SplittableRandom(SEED);
        private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
        private final AtomicInteger unanswered = new AtomicInteger();
        private final List<Integer> stopped = new ArrayList<>();
        private int faults;
        private int proposed;

        Soak(TestCluster cluster) {
            this.cluster = cluster;
        }

        void run() throws IOException {
            long endNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
            while (System.nanoTime() - endNanos < 0) {
                fault();
                proposeFor(Duration.ofMillis(random.nextInt(FAULT_MILLIS_MAX)));
            }
            healAll();
        }

        private void fault() throws IOException {
            faults++;
            int node = random.nextInt(1, TestCluster.NODES + 1);
            int other = node % TestCluster.NODES + 1;
            switch (random.nextInt(8)) {
                case 0 -> cluster.isolate(node);
                case 1 -> cluster.mute(node);
                case 2 -> cluster.cutLink(node, other);
                case 3 -> cluster.resetAll();
                case 4 -> stop(node);
                default -> healAll();
            }
        }

        /** A second one would leave no majority. */
        private void stop(int node) {
            if (stopped.isEmpty()) {
                cluster.stop(node);
                stopped.add(node);
            }
        }

        private void healAll() throws IOException {
            for (int node : nodes()) {
                cluster.heal(node);
            }
            for (int node : stopped) {
                cluster.start(node);
            }
            stopped.clear();
        }

        private void proposeFor(Duration time) {
            long endNanos = System.nanoTime() + time.toNanos();
            await().pollInSameThread()
                    .pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(20))
                    .atMost(PATIENCE)
                    .until(() -> {
                        cluster.leaderNow().ifPresent(this::propose);
                        return System.nanoTime() - endNanos >= 0;
                    });
        }

        private void propose(int leader) {
            int count = Math.min(random.nextInt(1, PROPOSALS_MAX), UNANSWERED_MAX - unanswered.get());
            for (int i = 0; i < count; i++) {
                String entry = "entry " + proposed++;
                unanswered.incrementAndGet();
                Object unused = cluster.propose(leader, entry).whenComplete((answer, failure) -> {
                    if (failure == null) {
                        acknowledged.add(entry);
                    }
                    unanswered.decrementAndGet();
                });
            }
        }
    }
}
