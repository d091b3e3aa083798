package io.flotilla.simulation.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.raftlog.partition.PartitionId;
import io.flotilla.raftlog.partition.PartitionSettings;
import io.flotilla.raftlog.partition.SteppedReplica;
import io.flotilla.raftlog.partition.SteppedStorage;
import io.flotilla.raftlog.partition.StorageSettings;
import io.flotilla.raftlog.segment.DurableFiles;
import io.flotilla.simulation.disk.CrashImage;
import io.flotilla.simulation.disk.CrashStates;
import io.flotilla.simulation.disk.SimulatedDisk;
import io.flotilla.simulation.disk.SyncRule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class DeletedReplicaTest {
    private static final PartitionId ID = new PartitionId(new UUID(1, 1), 0);
    private static final CrashStates.Limits LIMITS = new CrashStates.Limits(12, 64);

    private final SimulatedDisk disk = new SimulatedDisk(SyncRule.HONEST);
    private final SimulatedIndex index = SimulatedIndex.empty();
    private int states;

    /** Once the mark of its deletion was lost before its checkpoint, and the replica was there again, without segments. */
    @Test
    void shouldStayDeletedThroughALossOfPowerInTheMiddle() throws IOException {
        SteppedStorage storage = SteppedStorage.open(Recovery.rootOf(disk));
        storage.create(ID, PartitionSettings.DEFAULT, index);
        try (SteppedReplica replica = storage.replica(ID, index, StorageSettings.DEFAULT, () -> 0)) {
            assertThat(replica.open().isNone()).isTrue();
            storage.markJoined(ID);
            storage.markDeleted(ID);
        }
        DurableFiles.createFolder(storage.folderOf(ID).resolve("incoming"));
        Files.createFile(storage.folderOf(ID).resolve("incoming").resolve("fetched before"));

        disk.observe((operation, changed) ->
                CrashStates.visitAll(disk, LIMITS, new SplittableRandom(1), this::checkThatItIsGone));
        storage.delete(ID, index);

        assertThat(states).isGreaterThan(16);
        assertThat(storage.replicas()).isEmpty();
    }

    private void checkThatItIsGone(CrashImage image) {
        states++;
        try {
            assertThat(SteppedStorage.open(Recovery.rootOf(image.disk())).replicas())
                    .as(image.story())
                    .isEmpty();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
