package io.flotilla.raftlog.index;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.raftlog.raft.GroupId;
import java.io.IOException;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every index does. Neighbours of the log under test hold points all around, which must never show. */
abstract class IndexStoreContract {
    static final GroupId LOG = new GroupId(new UUID(5, 5));
    private static final List<GroupId> NEIGHBOURS =
            List.of(new GroupId(new UUID(5, 4)), new GroupId(new UUID(5, 6)), new GroupId(new UUID(-1, -1)));

    IndexStore store = new InMemoryIndexStore();

    abstract IndexStore openStore() throws IOException;

    @BeforeEach
    void openWithNeighbours() throws IOException {
        store = openStore();
        addNeighbours();
    }

    void addNeighbours() throws IOException {
        for (GroupId neighbour : NEIGHBOURS) {
            store.of(neighbour).add(List.of(point(0, -5), point(15, 100), point(1_000, 10_000)));
        }
    }

    @AfterEach
    void closeWithNeighboursUntouched() throws IOException {
        for (GroupId neighbour : NEIGHBOURS) {
            assertThat(store.of(neighbour).atOrBefore(2_000)).contains(point(1_000, 10_000));
        }
        store.close();
        store.close();
    }

    static IndexPoint point(long offset, long maxTimestampBefore) {
        return new IndexPoint(offset, offset / 100 * 100, (int) offset * 7, maxTimestampBefore);
    }

    @Test
    void shouldFindThePointAtOrBeforeAnOffset() throws IOException {
        LogIndex index = store.of(LOG);
        index.add(List.of(point(10, 1), point(20, 2)));
        index.add(List.of(point(120, 2)));

        assertThat(index.atOrBefore(9)).isEmpty();
        assertThat(index.atOrBefore(10)).contains(point(10, 1));
        assertThat(index.atOrBefore(19)).contains(point(10, 1));
        assertThat(index.atOrBefore(119)).contains(point(20, 2));
        assertThat(index.atOrBefore(Long.MAX_VALUE)).contains(point(120, 2));
    }

    @Test
    void shouldFindTheLastPointBehindOlderRecordsOnly() throws IOException {
        LogIndex index = store.of(LOG);
        index.add(
                List.of(point(0, IndexPoint.NONE_BEFORE), point(10, -1), point(20, 50), point(30, 50), point(40, 70)));

        assertThat(index.lastBeforeTime(-1)).hasValue(0);
        assertThat(index.lastBeforeTime(0)).hasValue(10);
        assertThat(index.lastBeforeTime(50)).hasValue(10);
        assertThat(index.lastBeforeTime(51)).hasValue(30);
        assertThat(index.lastBeforeTime(Long.MAX_VALUE)).hasValue(40);
    }

    @Test
    void shouldDropPointsAtAndBehindACut() throws IOException {
        LogIndex index = store.of(LOG);
        index.add(List.of(point(0, IndexPoint.NONE_BEFORE), point(10, 50), point(20, 50), point(30, 60)));

        index.cutTo(20, 50);

        assertThat(index.atOrBefore(100)).contains(point(10, 50));
        assertThat(index.lastBeforeTime(100)).hasValue(10);
        index.cutTo(0, IndexPoint.NONE_BEFORE);
        assertThat(index.atOrBefore(100)).isEmpty();
        assertThat(index.lastBeforeTime(100)).isEmpty();
    }

    @Test
    void shouldDropPointsBeforeTheLogsStart() throws IOException {
        LogIndex index = store.of(LOG);
        index.add(List.of(point(0, IndexPoint.NONE_BEFORE), point(10, 50), point(20, 50), point(30, 60)));

        index.dropBefore(20);

        assertThat(index.atOrBefore(19)).isEmpty();
        assertThat(index.atOrBefore(29)).contains(point(20, 50));
        assertThat(index.lastBeforeTime(50)).isEmpty();
        assertThat(index.lastBeforeTime(51)).hasValue(20);
        index.add(List.of(point(40, 70)));
        index.dropBefore(45); // where nothing begins yet
        assertThat(index.atOrBefore(100)).isEmpty();
        index.add(List.of(point(45, 80)));
        index.dropBefore(45);
        assertThat(index.atOrBefore(100)).contains(point(45, 80));
        assertThat(index.lastBeforeTime(81)).hasValue(45);
        assertThat(index.lastBeforeTime(80)).isEmpty();
        index.dropBefore(0);
        assertThat(index.atOrBefore(100)).contains(point(45, 80));
    }

    @Test
    void shouldRememberTheMarkOfEachLogUntilItIsCleared() throws IOException {
        LogIndex index = store.of(LOG);

        assertThat(index.marked()).isEmpty();
        assertThat(store.logs()).isEmpty();
        index.add(List.of(point(0, 5)));
        index.mark(7);
        index.mark(9);
        assertThat(index.marked()).hasValue(9);
        assertThat(store.logs()).containsExactly(LOG);
        index.clear();
        assertThat(index.marked()).isEmpty();
        assertThat(index.atOrBefore(100)).isEmpty();
        assertThat(index.lastBeforeTime(100)).isEmpty();
        assertThat(store.logs()).isEmpty();
    }
}
