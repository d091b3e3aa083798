package io.flotilla.metadata;

import static io.flotilla.metadata.Fixtures.CLUSTER;
import static io.flotilla.metadata.Fixtures.broker;
import static io.flotilla.metadata.Fixtures.topic;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flotilla.metadata.store.CommandFormat;
import io.flotilla.protocol.error.Refused;
import io.flotilla.raftlog.raft.CatchUp;
import io.flotilla.raftlog.raft.DamagedState;
import io.flotilla.raftlog.raft.LogPosition;
import io.flotilla.raftlog.raft.ReplicatedState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A voter that its group's log cannot help any more, driven as a host would drive it. */
class MetadataCatchUpTest {
    private static final LogPosition AHEAD = new LogPosition(1, 3);

    private final Path directory;
    private final MetadataReplica ahead;

    MetadataCatchUpTest(@TempDir Path directory) {
        this.directory = directory;
        this.ahead = MetadataReplica.open(directory.resolve("ahead"), CLUSTER);
    }

    @BeforeEach
    void applyThreeEntries() throws IOException {
        ahead.state().open();
        apply(ahead.state(), 1, broker(1));
        apply(ahead.state(), 2, topic("t", 3, 1));
        apply(ahead.state(), 3, topic("u", 1, 1));
    }

    @AfterEach
    void close() throws IOException {
        ahead.state().close();
        ahead.close();
    }

    private static void apply(ReplicatedState state, long index, MetadataCommand command) throws IOException {
        state.apply(new LogPosition(1, index), CommandFormat.encode(command).asReadOnlyBuffer());
    }

    private MetadataReplica behind() {
        return MetadataReplica.open(directory.resolve("behind"), CLUSTER, ahead::snapshot);
    }

    private static CatchUp catchUp(ReplicatedState state) {
        return state.catchUp().orElseThrow();
    }

    @Test
    void shouldChangeOverToWhatItFetchedAndGoOnFromThere() throws IOException {
        try (MetadataReplica replica = behind();
                ReplicatedState state = replica.state()) {
            state.open();

            assertThat(catchUp(state).fetch(2).join()).isEqualTo(AHEAD);
            assertThat(replica.image().version()).isZero();
            assertThat(catchUp(state).install()).isEqualTo(AHEAD);

            assertThat(replica.image()).isEqualTo(ahead.image());
            assertThat(catchUp(state).fetchedPosition()).isEqualTo(AHEAD);
            assertThat(state.checkpoint()).isEqualTo(AHEAD);
            apply(state, 4, topic("v", 1, 1));
            assertThat(replica.image().topics()).containsOnlyKeys("t", "u", "v");
        }
    }

    @Test
    void shouldOpenWhatItFetchedBeforeACrash() throws IOException {
        try (MetadataReplica replica = behind()) {
            replica.state().open();
            catchUp(replica.state()).fetch(0).join();
            replica.state().close();
        }

        try (MetadataReplica replica = behind();
                ReplicatedState state = replica.state()) {
            assertThat(state.open()).isEqualTo(AHEAD);
            assertThat(replica.image()).isEqualTo(ahead.image());
            assertThat(catchUp(state).fetchedPosition()).isEqualTo(AHEAD);
        }
    }

    @Test
    void shouldKeepWhatIsAsNewAsWhatItFetched() throws IOException {
        try (MetadataReplica replica = behind();
                ReplicatedState state = replica.state()) {
            state.open();
            catchUp(state).fetch(0).join();
            apply(state, 1, broker(1));
            apply(state, 2, topic("t", 3, 1));
            apply(state, 3, topic("u", 1, 1));

            assertThat(catchUp(state).install()).isEqualTo(AHEAD);

            assertThat(catchUp(state).fetchedPosition()).isEqualTo(LogPosition.NONE);
        }
    }

    @Test
    void shouldFailToFetchWhatNobodyHas() throws IOException {
        try (MetadataReplica replica = behind();
                ReplicatedState state = replica.state()) {
            state.open();

            assertThatThrownBy(() -> catchUp(state).fetch(4).join())
                    .isInstanceOf(CompletionException.class)
                    .hasCauseInstanceOf(Refused.class);
            assertThat(catchUp(state).install()).isEqualTo(LogPosition.NONE);
        }
    }

    @Test
    void shouldNotTakeTheMetadataOfAnotherCluster() throws IOException {
        try (MetadataReplica replica =
                        MetadataReplica.open(directory.resolve("behind"), "another-cluster", ahead::snapshot);
                ReplicatedState state = replica.state()) {
            state.open();

            assertThatThrownBy(() -> catchUp(state).fetch(0).join())
                    .hasMessageContaining("another-cluster")
                    .hasMessageContaining(CLUSTER);
        }
    }

    @Test
    void shouldOpenEmptyOnceItsDamagedSnapshotIsOutOfTheWay() throws IOException {
        try (MetadataReplica replica = behind()) {
            replica.state().open();
            apply(replica.state(), 1, broker(1));
            replica.state().close();
        }
        Path snapshot = directory.resolve("behind").resolve("metadata.snapshot");
        byte[] bytes = Files.readAllBytes(snapshot);
        bytes[bytes.length / 2] ^= 1;
        Files.write(snapshot, bytes);
        Path quarantine = directory.resolve("quarantine").resolve("metadata.snapshot-1");

        try (MetadataReplica replica = behind();
                ReplicatedState state = replica.state()) {
            assertThatThrownBy(state::open).isInstanceOf(DamagedState.class);
            replica.quarantineSnapshot(quarantine);

            assertThat(state.open()).isEqualTo(LogPosition.NONE);
            assertThat(quarantine).hasBinaryContent(bytes);
        }
    }
}
