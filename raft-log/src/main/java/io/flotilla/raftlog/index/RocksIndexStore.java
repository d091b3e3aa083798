package io.flotilla.raftlog.index;

import io.flotilla.raftlog.raft.GroupId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.LRUCache;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.RocksObject;
import org.rocksdb.Status;
import org.rocksdb.WriteBufferManager;
import org.rocksdb.WriteOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The index in one RocksDB, its memory bounded for all logs together.
 *
 * <table>
 * <caption>Rows, format version 1; integers big-endian, so that keys sort as numbers do</caption>
 * <tr><th>Column family</th><th>Key</th><th>Value</th></tr>
 * <tr><td>default</td><td>{@code format}</td><td>int32 format version</td></tr>
 * <tr><td>marks</td><td>group id (16)</td><td>int64 end offset covered</td></tr>
 * <tr><td>offsets</td><td>group id (16), int64 offset</td>
 *     <td>int64 segment base, int32 position, int64 largest timestamp before</td></tr>
 * <tr><td>times</td><td>group id (16), int64 largest timestamp before with its sign bit flipped, int64 offset</td>
 *     <td>empty</td></tr>
 * </table>
 *
 * <p>RocksDB checksums its own blocks. Its write-ahead log is synced by {@link LogIndex#mark} only: what a crash takes
 * is built again. A database that is corrupt or of another format version is deleted and built again too.
 *
 * <p>Threading: safe for all threads. Calls hold the lock shared and {@link #close} holds it alone, since using a
 * closed RocksDB would crash the process.
 */
public final class RocksIndexStore implements IndexStore {
    private static final Logger log = LoggerFactory.getLogger(RocksIndexStore.class);

    private static final int FORMAT_VERSION = 1;
    private static final byte[] FORMAT_KEY = "format".getBytes(StandardCharsets.US_ASCII);
    private static final int BACKGROUND_JOBS_MAX = 2;

    private final ReentrantReadWriteLock lifetime = new ReentrantReadWriteLock();
    private final Deque<RocksObject> owned;
    final RocksDB db;
    final ColumnFamilyHandle offsets;
    final ColumnFamilyHandle times;
    final ColumnFamilyHandle marks;
    final WriteOptions unsynced;
    final WriteOptions synced;
    private final ColumnFamilyHandle formats;
    private boolean closed;

    private RocksIndexStore(
            Path folder, long cacheBytes, long writeBufferBytes, int openFilesMax, Deque<RocksObject> owned)
            throws RocksDBException {
        this.owned = owned;
        RocksDB.loadLibrary();
        LRUCache cache = own(new LRUCache(cacheBytes));
        DBOptions options = own(new DBOptions())
                .setCreateIfMissing(true)
                .setCreateMissingColumnFamilies(true)
                .setMaxOpenFiles(openFilesMax)
                .setMaxBackgroundJobs(BACKGROUND_JOBS_MAX)
                .setWriteBufferManager(own(new WriteBufferManager(writeBufferBytes, cache)));
        ColumnFamilyOptions rows = own(new ColumnFamilyOptions())
                .setCompressionType(CompressionType.LZ4_COMPRESSION)
                .setTableFormatConfig(new BlockBasedTableConfig()
                        .setBlockCache(cache)
                        .setCacheIndexAndFilterBlocks(true)); // else they would grow outside the bound
        List<ColumnFamilyDescriptor> families = new ArrayList<>();
        for (String name : List.of("default", "offsets", "times", "marks")) {
            families.add(new ColumnFamilyDescriptor(name.getBytes(StandardCharsets.US_ASCII), rows));
        }
        List<ColumnFamilyHandle> handles = new ArrayList<>();
        this.db = own(RocksDB.open(options, folder.toString(), families, handles));
        handles.forEach(this::own);
        this.formats = handles.get(0);
        this.offsets = handles.get(1);
        this.times = handles.get(2);
        this.marks = handles.get(3);
        this.unsynced = own(new WriteOptions());
        this.synced = own(new WriteOptions()).setSync(true);
    }

    private <T extends RocksObject> T own(T object) {
        owned.push(object);
        return object;
    }

    /**
     * @param cacheBytes       memory for blocks and, within it, write buffers
     * @param writeBufferBytes memory of all write buffers together
     * @param openFilesMax     files held open
     * @throws IOException if the folder cannot be used, or another process uses it
     */
    public static RocksIndexStore open(Path folder, long cacheBytes, long writeBufferBytes, int openFilesMax)
            throws IOException {
        Files.createDirectories(folder);
        try {
            return tryOpen(folder, cacheBytes, writeBufferBytes, openFilesMax);
        } catch (RocksDBException failure) {
            if (!isDamage(failure)) {
                throw new IOException("cannot open the index in " + folder + ": " + failure.getMessage(), failure);
            }
            log.warn("deleted the corrupt index, it is built again from the segments folder={}", folder, failure);
        }
        delete(folder);
        try {
            return tryOpen(folder, cacheBytes, writeBufferBytes, openFilesMax);
        } catch (RocksDBException failure) {
            throw new IOException("cannot make a new index in " + folder + ": " + failure.getMessage(), failure);
        }
    }

    /**
     * Damage, and not a disk that fails or a folder in use. A name inside that is wrong leads to a file that is not there,
     * another number to a form that this version does not know.
     */
    private static boolean isDamage(RocksDBException failure) {
        Status status = failure.getStatus();
        if (status == null) {
            return false;
        }
        return status.getCode() == Status.Code.Corruption
                || status.getCode() == Status.Code.NotSupported
                || status.getCode() == Status.Code.InvalidArgument
                || (status.getCode() == Status.Code.IOError
                        && String.valueOf(failure.getMessage()).contains("No such file or directory"));
    }

    private static RocksIndexStore tryOpen(Path folder, long cacheBytes, long writeBufferBytes, int openFilesMax)
            throws RocksDBException {
        Deque<RocksObject> owned = new ArrayDeque<>();
        try {
            RocksIndexStore store = new RocksIndexStore(folder, cacheBytes, writeBufferBytes, openFilesMax, owned);
            store.checkFormat();
            return store;
        } catch (Throwable failure) {
            owned.forEach(RocksObject::close);
            throw failure;
        }
    }

    private void checkFormat() throws RocksDBException {
        byte[] expected =
                ByteBuffer.allocate(Integer.BYTES).putInt(FORMAT_VERSION).array();
        byte @Nullable [] found = db.get(formats, FORMAT_KEY);
        if (found == null) {
            db.put(formats, synced, FORMAT_KEY, expected);
        } else if (!Arrays.equals(found, expected)) {
            throw new RocksDBException(
                    "index has another format than version " + FORMAT_VERSION,
                    new Status(Status.Code.Corruption, Status.SubCode.None, null));
        }
    }

    /** Deletes an index that is not open; all of it can be built again. */
    public static void delete(Path folder) throws IOException {
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    @Override
    public LogIndex of(GroupId log) {
        return new RocksLogIndex(this, log);
    }

    @Override
    public Set<GroupId> logs() throws IOException {
        return call(() -> {
            Set<GroupId> found = new HashSet<>();
            try (RocksIterator rows = db.newIterator(marks)) {
                for (rows.seekToFirst(); rows.isValid(); rows.next()) {
                    ByteBuffer key = ByteBuffer.wrap(rows.key());
                    found.add(new GroupId(new UUID(key.getLong(), key.getLong())));
                }
                rows.status();
            }
            return found;
        });
    }

    /** A use of the database. */
    interface Call<T> {
        T run() throws RocksDBException;
    }

    /** A use of the database without a result. */
    interface Action {
        void run() throws RocksDBException;
    }

    void run(Action action) throws IOException {
        call(() -> {
            action.run();
            return closed;
        });
    }

    <T> T call(Call<T> call) throws IOException {
        lifetime.readLock().lock();
        try {
            if (closed) {
                throw new IOException("the index is closed");
            }
            return call.run();
        } catch (RocksDBException failure) {
            String message = "the index failed: " + failure.getMessage();
            throw isDamage(failure) ? new DamagedIndex(message, failure) : new IOException(message, failure);
        } finally {
            lifetime.readLock().unlock();
        }
    }

    @Override
    public void close() throws IOException {
        lifetime.writeLock().lock();
        try {
            if (!closed) {
                closed = true;
                db.syncWal();
                owned.forEach(RocksObject::close);
            }
        } catch (RocksDBException failure) {
            owned.forEach(RocksObject::close);
            throw new IOException("cannot sync the index: " + failure.getMessage(), failure);
        } finally {
            lifetime.writeLock().unlock();
        }
    }
}
