package io.flotilla.raftlog.raft.ratis.conformance;

import static io.flotilla.raftlog.raft.ratis.conformance.TestCluster.PATIENCE;
import static io.flotilla.raftlog.raft.ratis.conformance.TestCluster.others;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.flotilla.raftlog.raft.RaftSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

/**
 * What our transport adds to the reference: a leader whose process is gone is replaced at once. The timeouts here are long
 * enough to tell that from an election that had to wait for them.
 */
class LostLeaderStoriesTest {
    private static final String TRANSPORT = "io.flotilla.raftlog.raft.ratis.transport";
    private static final Duration TIMEOUT_MIN = Duration.ofSeconds(5);
    private static final Duration TIMEOUT_MAX = Duration.ofSeconds(10);

    @TempDir
    @SuppressWarnings("NullAway.Init") // by JUnit
    private Path directory;

    private final Logger log = (Logger) LoggerFactory.getLogger(TRANSPORT + ".LostLeaders");
    private final ListAppender<ILoggingEvent> events = new ListAppender<>();

    @BeforeEach
    void readLog() {
        events.list = new CopyOnWriteArrayList<>();
        events.setContext(log.getLoggerContext());
        events.start();
        log.setLevel(Level.DEBUG);
        log.addAppender(events);
    }

    @AfterEach
    void readLogNoMore() {
        log.detachAppender(events);
        log.setLevel(null);
    }

    private static RaftSettings withLongTimeouts(RaftSettings settings) {
        return settings.withElections(
                new RaftSettings.Elections(TIMEOUT_MIN, TIMEOUT_MAX, TestCluster.TIMEOUT_MIN, TestCluster.TIMEOUT_MAX));
    }

    private List<String> events() {
        return events.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    @ParameterizedTest(name = "{0}")
    @EnumSource(value = Transport.class, names = "GRPC", mode = EnumSource.Mode.EXCLUDE)
    void shouldElectAnotherLeaderWithoutWaitingForTheTimeout(Transport transport) throws IOException {
        try (TestCluster cluster = TestCluster.start(transport, directory, LostLeaderStoriesTest::withLongTimeouts)) {
            int leader = cluster.awaitLeader();
            long term = cluster.member(leader).leadership().term();
            cluster.append(leader, "a");
            cluster.awaitEntriesEverywhere(List.of("a"));

            cluster.stop(leader);
            int next = cluster.awaitLeaderAmong(others(leader));
            cluster.append(next, "b");

            assertThat(cluster.member(next).leadership().term()).isEqualTo(term + 1);
            assertThat(events())
                    .anyMatch(event -> event.contains("stands for election") && event.endsWith("started=true"));
            cluster.awaitEntries(others(leader), List.of("a", "b"));
        }
    }

    /** The other follower hears from the leader all the time and supports nobody. */
    @ParameterizedTest(name = "{0}")
    @EnumSource(value = Transport.class, names = "NETTY")
    void shouldKeepALeaderThatOnlyOneHasLost(Transport transport) throws IOException {
        try (TestCluster cluster = TestCluster.start(transport, directory, LostLeaderStoriesTest::withLongTimeouts)) {
            int leader = cluster.awaitLeader();
            int follower = others(leader).get(0);
            long term = cluster.member(leader).leadership().term();
            cluster.append(leader, "a");
            cluster.awaitEntriesEverywhere(List.of("a"));

            cluster.cutLink(leader, follower);
            await("a question that the other follower answers with no")
                    .atMost(PATIENCE)
                    .until(() -> events().stream().anyMatch(event -> event.endsWith("supports=false")));
            cluster.append(leader, "b");
            cluster.healLink(leader, follower);
            cluster.awaitEntriesEverywhere(List.of("a", "b"));

            assertThat(cluster.member(leader).leadership().term()).isEqualTo(term);
            assertThat(cluster.member(leader).leadership().ready()).isTrue();
        }
    }
}
