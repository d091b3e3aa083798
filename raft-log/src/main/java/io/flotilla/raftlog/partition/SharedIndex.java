package io.flotilla.raftlog.partition;

import io.flotilla.raftlog.index.DamagedIndex;
import io.flotilla.raftlog.index.IndexStore;
import io.flotilla.raftlog.index.LogIndex;
import io.flotilla.raftlog.index.RocksIndexStore;
import io.flotilla.raftlog.raft.GroupId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one index of a broker's replicas, which can be begun anew: it is built again from the segments when they open.
 *
 * <p>Threading: safe for all threads; {@link #renew} only while no replica is open.
 */
final class SharedIndex implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(SharedIndex.class);

    private final Path folder;
    private final StorageSettings settings;
    private volatile IndexStore store;

    private SharedIndex(Path folder, StorageSettings settings, IndexStore store) {
        this.folder = folder;
        this.settings = settings;
        this.store = store;
    }

    static SharedIndex open(Path folder, StorageSettings settings) throws IOException {
        return new SharedIndex(folder, settings, openStore(folder, settings));
    }

    private static IndexStore openStore(Path folder, StorageSettings settings) throws IOException {
        return RocksIndexStore.open(
                folder, settings.indexCacheBytes(), settings.indexWriteBufferBytes(), settings.indexOpenFilesMax());
    }

    /** The part of one log, until the index is renewed. */
    LogIndex of(GroupId group) {
        return store.of(group);
    }

    /** Deletes what belongs to other logs. Only while no replica is open: an index that is damaged is begun anew. */
    void keepOnly(Set<GroupId> logs) throws IOException {
        try {
            for (GroupId found : store.logs()) {
                if (!logs.contains(found)) {
                    store.of(found).clear();
                }
            }
        } catch (DamagedIndex damaged) {
            log.error("the index is damaged and is built anew", damaged);
            renew();
        }
    }

    /** Deletes the index and begins an empty one. */
    void renew() throws IOException {
        try {
            store.close();
        } catch (IOException expected) {
            log.warn("the damaged index was not closed well: {}", expected.toString());
        }
        RocksIndexStore.delete(folder);
        store = openStore(folder, settings);
    }

    @Override
    public void close() throws IOException {
        store.close();
    }
}
