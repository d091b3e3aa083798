package io.flotilla.simulation.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.flotilla.raftlog.index.IndexPoint;
import io.flotilla.raftlog.index.LogIndex;
import io.flotilla.raftlog.raft.LogPosition;
import io.flotilla.simulation.disk.CrashStates;
import io.flotilla.simulation.disk.SyncRule;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A simulation that finds nothing proves something only if it finds what is there. */
class PlantedBugsTest {
    private static final StorageSimulation.Plan PLAN =
            new StorageSimulation.Plan(300, new CrashStates.Limits(4, 16), -1);
    private static final long SEEDS = 3;

    /** What a storage might do wrong, done to it from outside. */
    enum Plant implements Machine {
        SEGMENTS_NOT_SYNCED {
            @Override
            public SyncRule syncRule() {
                return (name, folder) -> isSegment(name) ? SyncRule.Fate.DROPPED : SyncRule.Fate.DONE;
            }
        },
        FOLDERS_NOT_SYNCED {
            @Override
            public SyncRule syncRule() {
                return (name, folder) -> folder ? SyncRule.Fate.DROPPED : SyncRule.Fate.DONE;
            }
        },
        CHECKPOINT_NOT_SYNCED {
            @Override
            public SyncRule syncRule() {
                return (name, folder) -> name.startsWith("checkpoint") ? SyncRule.Fate.DROPPED : SyncRule.Fate.DONE;
            }
        },
        CHECKPOINT_AHEAD_OF_SEGMENTS {
            @Override
            public SyncRule syncRule() {
                return (name, folder) -> isSegment(name) ? SyncRule.Fate.DELAYED : SyncRule.Fate.DONE;
            }
        },
        INDEX_AHEAD_OF_LOG {
            @Override
            public LogIndex indexSeen(SimulatedIndex index) {
                return new ForgetsNothing(index);
            }
        },
        REPLAYED_TWICE {
            @Override
            public long replayFrom(LogPosition recovered) {
                return Math.max(0, recovered.index());
            }
        },
        REPLAY_SKIPS_ONE {
            @Override
            public long replayFrom(LogPosition recovered) {
                return recovered.index() + 2;
            }
        };

        private static boolean isSegment(String name) {
            return name.endsWith(".log");
        }
    }

    private static class Wrapped implements LogIndex {
        final SimulatedIndex index;

        Wrapped(SimulatedIndex index) {
            this.index = index;
        }

        @Override
        public void add(List<IndexPoint> points) throws IOException {
            index.add(points);
        }

        @Override
        public Optional<IndexPoint> atOrBefore(long offset) throws IOException {
            return index.atOrBefore(offset);
        }

        @Override
        public OptionalLong lastBeforeTime(long timestampMillis) throws IOException {
            return index.lastBeforeTime(timestampMillis);
        }

        @Override
        public void cutTo(long endOffset, long maxTimestampBefore) throws IOException {
            index.cutTo(endOffset, maxTimestampBefore);
        }

        @Override
        public void dropBefore(long startOffset) throws IOException {
            index.dropBefore(startOffset);
        }

        @Override
        public void mark(long endOffset) throws IOException {
            index.mark(endOffset);
        }

        @Override
        public OptionalLong marked() throws IOException {
            return index.marked();
        }

        @Override
        public void clear() throws IOException {
            index.clear();
        }
    }

    /** Points behind the log's end stay, even those of an earlier log of the same name. */
    private static final class ForgetsNothing extends Wrapped {
        ForgetsNothing(SimulatedIndex index) {
            super(index);
        }

        @Override
        public void cutTo(long endOffset, long maxTimestampBefore) {}

        @Override
        public void clear() {}
    }

    @ParameterizedTest
    @EnumSource
    void shouldFindEveryPlantedBug(Plant plant) {
        assertThat(findingOf(plant)).isNotNull();
    }

    private static Violation findingOf(Plant plant) {
        for (long seed = 1; ; seed++) {
            long now = seed;
            Violation found = catchThrowableOfType(Violation.class, () -> StorageSimulation.run(now, PLAN, plant));
            if (found != null || seed == SEEDS) {
                return found;
            }
        }
    }

    @Test
    void shouldFindTheSameBugAgainAtTheStepItNames() {
        String message = findingOf(Plant.SEGMENTS_NOT_SYNCED).getMessage();
        Matcher named = Pattern.compile("--seed (\\d+) --step (\\d+)").matcher(message);
        assertThat(named.find()).as(message).isTrue();

        var once = new StorageSimulation.Plan(PLAN.commands(), PLAN.limits(), Long.parseLong(named.group(2)));
        Violation again = catchThrowableOfType(
                Violation.class,
                () -> StorageSimulation.run(Long.parseLong(named.group(1)), once, Plant.SEGMENTS_NOT_SYNCED));

        assertThat(again).hasMessage(message);
    }
}
