package io.flotilla.simulation.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.raftlog.index.IndexPoint;
import io.flotilla.raftlog.index.LogIndex;
import io.flotilla.raftlog.index.RocksIndexStore;
import io.flotilla.raftlog.raft.GroupId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SimulatedIndexTest {
    private static final int STEPS = 2_000;

    @Test
    void shouldAnswerAsTheRealIndexDoes(@TempDir Path folder) throws IOException {
        SplittableRandom random = new SplittableRandom(5);
        SimulatedIndex simulated = SimulatedIndex.empty();
        try (RocksIndexStore store = RocksIndexStore.open(folder, 1 << 20, 1 << 20, 64)) {
            LogIndex real = store.of(new GroupId(new UUID(3, 4)));
            long end = 0;
            long maxTimestamp = IndexPoint.NONE_BEFORE;
            for (int step = 0; step < STEPS; step++) {
                switch (random.nextInt(20)) {
                    case 0 -> {
                        end = random.nextLong(end + 1);
                        maxTimestamp = end == 0 ? IndexPoint.NONE_BEFORE : end / 3;
                        real.cutTo(end, maxTimestamp);
                        simulated.cutTo(end, maxTimestamp);
                    }
                    case 1 -> {
                        real.mark(end);
                        simulated.mark(end);
                    }
                    case 2 -> {
                        if (random.nextInt(10) == 0) {
                            real.clear();
                            simulated.clear();
                            end = 0;
                            maxTimestamp = IndexPoint.NONE_BEFORE;
                        }
                    }
                    case 3 -> {
                        long start = random.nextLong(end + 1);
                        real.dropBefore(start);
                        simulated.dropBefore(start);
                    }
                    default -> {
                        List<IndexPoint> points = new ArrayList<>();
                        for (int left = random.nextInt(3); left > 0; left--) {
                            points.add(new IndexPoint(end, end / 10, (int) end, maxTimestamp));
                            end += 1 + random.nextInt(5);
                            maxTimestamp = end / 3;
                        }
                        real.add(points);
                        simulated.add(points);
                    }
                }
                long offset = random.nextLong(end + 3);
                long time = random.nextLong(end + 3) / 3;
                assertThat(simulated.atOrBefore(offset)).as("step %d", step).isEqualTo(real.atOrBefore(offset));
                assertThat(simulated.lastBeforeTime(time)).as("step %d", step).isEqualTo(real.lastBeforeTime(time));
                assertThat(simulated.marked()).as("step %d", step).isEqualTo(real.marked());
            }
        }
    }

    @Test
    void shouldLoseTheNewestWritesThatWereNotSynced() {
        SimulatedIndex index = SimulatedIndex.empty();
        index.observe((operation, changed) -> {});
        index.add(List.of(new IndexPoint(0, 0, 0, IndexPoint.NONE_BEFORE)));
        index.mark(10);
        index.add(List.of(new IndexPoint(10, 0, 100, 5)));
        index.add(List.of(new IndexPoint(20, 0, 200, 6)));

        assertThat(index.unsynced()).isEqualTo(2);
        assertThat(index.afterPowerLoss(0).atOrBefore(99).orElseThrow().offset())
                .isZero();
        assertThat(index.afterPowerLoss(1).atOrBefore(99).orElseThrow().offset())
                .isEqualTo(10);
        assertThat(index.afterPowerLoss(2).atOrBefore(99).orElseThrow().offset())
                .isEqualTo(20);
        assertThat(index.afterPowerLoss(0).marked()).hasValue(10);
    }
}
