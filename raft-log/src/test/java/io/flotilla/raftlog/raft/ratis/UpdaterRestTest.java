package io.flotilla.raftlog.raft.ratis;

import static io.flotilla.raftlog.raft.ratis.Hosts.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flotilla.raftlog.raft.GroupId;
import io.flotilla.raftlog.raft.Leadership;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Updaters of idle members rest, and are back at once when there is something to apply or their member ends. */
class UpdaterRestTest {
    private static final GroupId GROUP = new GroupId(new UUID(7, 7));

    @TempDir
    @SuppressWarnings("NullAway.Init") // by JUnit
    private Path directory;

    @Test
    @Timeout(4) // less than it would look by itself
    void shouldNotRestWhileThereIsSomethingToDo() {
        AtomicInteger asked = new AtomicInteger();
        UpdaterRest rest = new UpdaterRest(() -> asked.incrementAndGet() < 1);

        rest.rest();

        assertThat(asked).hasValue(1);
    }

    @Test
    @Timeout(20)
    void shouldComeBackWhenWoken() throws InterruptedException {
        AtomicBoolean nothingToDo = new AtomicBoolean(true);
        UpdaterRest rest = new UpdaterRest(nothingToDo::get);
        Thread updater = new Thread(rest::rest, "updater");
        updater.start();
        await().atMost(PATIENCE).until(() -> updater.getState() == Thread.State.TIMED_WAITING);

        rest.wake();

        updater.join(Duration.ofSeconds(4).toMillis()); // less than it would look by itself
        assertThat(updater.isAlive()).isFalse();
    }

    @Test
    void shouldRestOnEveryMemberAndApplyWhatComesThen() throws IOException {
        try (Hosts hosts = Hosts.start(3, directory)) {
            hosts.create(GROUP);
            int leader = hosts.awaitLeader(GROUP);
            hosts.propose(leader, GROUP, "a");
            awaitResting(3);

            assertThat(hosts.propose(leader, GROUP, "b")).isEqualTo("1");
            assertThat(hosts.group(leader, GROUP).readBarrier()).succeedsWithin(PATIENCE);
            for (int node = 1; node <= 3; node++) {
                int member = node;
                await().atMost(PATIENCE)
                        .until(() -> hosts.state(member, GROUP).entries().size() == 2);
            }
            awaitResting(3);
        }
    }

    @Test
    void shouldEndAtOnceThoughItRests() throws IOException {
        try (Hosts hosts = Hosts.start(1, directory)) {
            hosts.create(GROUP);
            hosts.awaitLeader(GROUP);
            hosts.propose(1, GROUP, "a");
            awaitResting(1);

            hosts.group(1, GROUP).stop(new IOException("the disk is bad"));

            await().atMost(Duration.ofSeconds(4))
                    .until(() -> hosts.group(1, GROUP).leadership().role() == Leadership.Role.STOPPED
                            && hosts.state(1, GROUP).failure() != null);
        }
    }

    /** So many updaters of the group stand in {@link UpdaterRest#rest}. */
    private static void awaitResting(int members) {
        await().atMost(PATIENCE).until(() -> resting() == members);
    }

    private static long resting() {
        return Thread.getAllStackTraces().entrySet().stream()
                .filter(thread -> thread.getKey().getName().endsWith("-StateMachineUpdater"))
                .filter(UpdaterRestTest::rests)
                .count();
    }

    private static boolean rests(Map.Entry<Thread, StackTraceElement[]> thread) {
        Stream<StackTraceElement> calls = Arrays.stream(thread.getValue());
        return calls.anyMatch(call -> call.getClassName().equals(UpdaterRest.class.getName()));
    }
}
