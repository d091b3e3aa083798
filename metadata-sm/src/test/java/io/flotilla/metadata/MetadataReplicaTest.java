package io.flotilla.metadata;

import static io.flotilla.metadata.Fixtures.CLUSTER;
import static io.flotilla.metadata.Fixtures.broker;
import static io.flotilla.metadata.Fixtures.topic;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.flotilla.metadata.store.CommandFormat;
import io.flotilla.metadata.store.OutcomeFormat;
import io.flotilla.protocol.error.ErrorCode;
import io.flotilla.protocol.error.Refused;
import io.flotilla.raftlog.partition.Partition.Listening;
import io.flotilla.raftlog.raft.LogPosition;
import io.flotilla.raftlog.raft.ReplicatedState;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The shell, driven as a host would drive it. */
class MetadataReplicaTest {
    private final Path directory;

    MetadataReplicaTest(@TempDir Path directory) {
        this.directory = directory;
    }

    private static Outcome apply(ReplicatedState state, long index, MetadataCommand command) throws IOException {
        ByteBuffer entry = CommandFormat.encode(command).asReadOnlyBuffer();
        return OutcomeFormat.decode(state.apply(new LogPosition(1, index), entry));
    }

    private MetadataReplica replica() {
        return MetadataReplica.open(directory.resolve("metadata"), CLUSTER);
    }

    @Test
    void shouldApplyEntriesAndAnswer() throws IOException {
        try (MetadataReplica replica = replica();
                ReplicatedState state = replica.state()) {
            assertThat(state.open()).isEqualTo(LogPosition.NONE);

            Outcome registered = apply(state, 1, broker(1));
            Outcome refused = apply(state, 2, topic("t", 1, 2));

            assertThat(registered
                            .resultAs(Result.BrokerRegistered.class)
                            .broker()
                            .id())
                    .isEqualTo(1);
            assertThatThrownBy(() -> refused.resultAs(Result.TopicCreated.class))
                    .isInstanceOfSatisfying(Refused.class, refusal -> assertThat(refusal.code())
                            .isEqualTo(ErrorCode.INVALID_REPLICATION_FACTOR));
            assertThat(replica.image().version()).isEqualTo(1);
        }
    }

    @Test
    void shouldContinueFromTheSnapshotThatCloseLeaves() throws IOException {
        MetadataImage before;
        try (MetadataReplica replica = replica();
                ReplicatedState state = replica.state()) {
            state.open();
            apply(state, 1, broker(1));
            apply(state, 2, topic("t", 3, 1));
            state.applied(new LogPosition(2, 3));
            before = replica.image();
        }

        try (MetadataReplica replica = replica();
                ReplicatedState state = replica.state()) {
            assertThat(state.open()).isEqualTo(new LogPosition(2, 3));
            assertThat(replica.image()).isEqualTo(before);
            apply(state, 4, topic("u", 1, 1));
            assertThat(replica.image().topics()).containsOnlyKeys("t", "u");
        }
    }

    @Test
    void shouldTellACheckpointOnlyOnceItIsDurable() throws IOException {
        try (MetadataReplica replica = replica();
                ReplicatedState state = replica.state()) {
            state.open();
            apply(state, 1, broker(1));

            assertThat(state.checkpoint()).isEqualTo(LogPosition.NONE);
            await().untilAsserted(() -> assertThat(state.checkpoint()).isEqualTo(new LogPosition(1, 1)));
        }
    }

    @Test
    void shouldFailTheNextCheckpointWhenASnapshotCannotBeWritten() throws IOException {
        try (MetadataReplica replica = replica()) {
            ReplicatedState state = replica.state();
            state.open();
            apply(state, 1, broker(1));
            Files.createDirectories(directory.resolve("metadata/metadata.snapshot.tmp/in-the-way"));

            await().untilAsserted(() -> assertThatThrownBy(state::checkpoint)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("metadata snapshot could not be written"));
            assertThatThrownBy(state::close).isInstanceOf(IOException.class);
        }
    }

    @Test
    void shouldDoWithoutASnapshotForWhichThereWasNoRoomAndWriteTheNext() throws IOException {
        Path full = Path.of("/dev/full");
        assumeThat(full).exists();
        Path unfinished = directory.resolve("metadata/metadata.snapshot.tmp");
        try (MetadataReplica replica = replica()) {
            ReplicatedState state = replica.state();
            state.open();
            apply(state, 1, broker(1));
            Files.createSymbolicLink(unfinished, full);
            assertThat(state.checkpoint()).isEqualTo(LogPosition.NONE);
            state.close();
        }

        try (MetadataReplica replica = replica();
                ReplicatedState state = replica.state()) {
            assertThat(state.open()).isEqualTo(LogPosition.NONE);
            apply(state, 1, broker(1));
            assertThat(state.checkpoint()).isEqualTo(LogPosition.NONE);
            Files.delete(unfinished);
            await().untilAsserted(() -> assertThat(state.checkpoint()).isEqualTo(new LogPosition(1, 1)));
        }
    }

    @Test
    void shouldNotClaimAnEntryItCouldNotApply() throws IOException {
        try (MetadataReplica replica = replica();
                ReplicatedState state = replica.state()) {
            state.open();
            apply(state, 1, broker(1));

            assertThatThrownBy(() -> state.apply(new LogPosition(1, 2), ByteBuffer.wrap(new byte[20])))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("corrupt");
        }
        try (MetadataReplica replica = replica();
                ReplicatedState state = replica.state()) {
            assertThat(state.open()).isEqualTo(new LogPosition(1, 1));
        }
    }

    @Test
    void shouldRefuseASnapshotOfAnotherCluster() throws IOException {
        try (MetadataReplica replica = replica();
                ReplicatedState state = replica.state()) {
            state.open();
            apply(state, 1, broker(1));
        }

        try (MetadataReplica other = MetadataReplica.open(directory.resolve("metadata"), "other");
                ReplicatedState state = other.state()) {
            assertThatThrownBy(state::open)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("of cluster " + CLUSTER)
                    .hasMessageContaining("other");
        }
    }

    @Test
    void shouldShowASlowListenerTheNewestImageOnly() throws Exception {
        try (MetadataReplica replica = replica();
                ReplicatedState state = replica.state()) {
            state.open();
            CountDownLatch busy = new CountDownLatch(1);
            CountDownLatch release = new CountDownLatch(1);
            List<Long> seen = new CopyOnWriteArrayList<>();
            replica.listen(image -> {
                seen.add(image.version());
                busy.countDown();
                awaitUninterruptibly(release);
            });
            busy.await();

            for (int id = 1; id <= 50; id++) {
                apply(state, id, broker(id));
            }
            release.countDown();

            await().untilAsserted(() -> assertThat(seen).containsExactly(0L, 50L));
        }
    }

    @Test
    void shouldGoOnWhenAListenerFailsAndStopWhenItsRegistrationIsClosed() throws IOException {
        try (MetadataReplica replica = replica();
                ReplicatedState state = replica.state()) {
            state.open();
            AtomicInteger closedCalls = new AtomicInteger();
            List<Long> seen = new CopyOnWriteArrayList<>();
            Listening closed = replica.listen(image -> closedCalls.incrementAndGet());
            closed.close();
            replica.listen(image -> {
                throw new IllegalStateException("a bug in this listener");
            });
            replica.listen(image -> seen.add(image.version()));
            await().untilAsserted(() -> assertThat(seen).contains(0L));
            int callsBefore = closedCalls.get();

            apply(state, 1, broker(1));

            await().untilAsserted(() -> assertThat(seen).contains(1L));
            assertThat(closedCalls).hasValue(callsBefore);
        }
    }

    @Test
    void shouldRefuseProposalsBeforeItHasItsGroup() {
        try (MetadataReplica replica = replica()) {
            assertThat(replica.propose(broker(1)))
                    .failsWithin(Duration.ofSeconds(1))
                    .withThrowableOfType(ExecutionException.class)
                    .withCauseInstanceOf(Refused.class);
        }
    }

    @Test
    void shouldNameTheGroupByTheClusterAlone() {
        assertThat(MetadataReplica.groupIdOf("a")).isEqualTo(MetadataReplica.groupIdOf("a"));
        assertThat(MetadataReplica.groupIdOf("a")).isNotEqualTo(MetadataReplica.groupIdOf("b"));
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
