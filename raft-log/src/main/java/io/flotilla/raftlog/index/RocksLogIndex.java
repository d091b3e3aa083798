package io.flotilla.raftlog.index;

import io.flotilla.raftlog.raft.GroupId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteBatch;

/** One log's rows; {@link RocksIndexStore} has the table of their form. */
final class RocksLogIndex implements LogIndex {
    private static final int PREFIX_BYTES = 16;
    private static final int OFFSET_ROW_BYTES = Long.BYTES + Integer.BYTES + Long.BYTES;
    private static final byte[] EMPTY = new byte[0];

    private final RocksIndexStore store;
    private final byte[] prefix;

    RocksLogIndex(RocksIndexStore store, GroupId log) {
        this.store = store;
        this.prefix = ByteBuffer.allocate(PREFIX_BYTES)
                .putLong(log.value().getMostSignificantBits())
                .putLong(log.value().getLeastSignificantBits())
                .array();
    }

    @Override
    public void add(List<IndexPoint> points) throws IOException {
        if (points.isEmpty()) {
            return;
        }
        store.run(() -> {
            try (WriteBatch rows = new WriteBatch()) {
                for (IndexPoint point : points) {
                    rows.put(store.offsets, offsetKey(point.offset()), offsetRow(point));
                    rows.put(store.times, timeKey(point.maxTimestampBefore(), point.offset()), EMPTY);
                }
                store.db.write(store.unsynced, rows);
            }
        });
    }

    @Override
    public Optional<IndexPoint> atOrBefore(long offset) throws IOException {
        return store.call(() -> {
            try (RocksIterator rows = store.db.newIterator(store.offsets)) {
                return seekAtOrBefore(rows, offsetKey(offset))
                        ? Optional.of(pointOf(ByteBuffer.wrap(rows.key()), ByteBuffer.wrap(rows.value())))
                        : Optional.empty();
            }
        });
    }

    @Override
    public OptionalLong lastBeforeTime(long timestampMillis) throws IOException {
        return store.call(() -> {
            try (RocksIterator rows = store.db.newIterator(store.times)) {
                // Offset 0 is never behind an older record, so this key lies behind all points of smaller timestamps.
                return seekAtOrBefore(rows, timeKey(timestampMillis, 0))
                        ? OptionalLong.of(ByteBuffer.wrap(rows.key()).getLong(PREFIX_BYTES + Long.BYTES))
                        : OptionalLong.empty();
            }
        });
    }

    private boolean seekAtOrBefore(RocksIterator rows, byte[] key) throws RocksDBException {
        rows.seekForPrev(key);
        rows.status();
        return rows.isValid() && isOurs(rows.key());
    }

    private boolean isOurs(byte[] key) {
        return Arrays.equals(prefix, 0, PREFIX_BYTES, key, 0, PREFIX_BYTES);
    }

    @Override
    public void cutTo(long endOffset, long maxTimestampBefore) throws IOException {
        store.run(() -> {
            deleteFrom(store.offsets, offsetKey(endOffset));
            deleteFrom(store.times, timeKey(maxTimestampBefore, endOffset));
        });
    }

    /** Deletes this log's rows from a key on, leaving no tombstone where there is none. */
    private void deleteFrom(ColumnFamilyHandle family, byte[] from) throws RocksDBException {
        byte[] last = Arrays.copyOf(prefix, PREFIX_BYTES + 2 * Long.BYTES + 1);
        Arrays.fill(last, PREFIX_BYTES, last.length, (byte) 0xFF); // longer than any key, so behind all of them
        try (RocksIterator rows = store.db.newIterator(family)) {
            rows.seek(from);
            rows.status();
            if (!rows.isValid() || !isOurs(rows.key())) {
                return;
            }
        }
        store.db.deleteRange(family, store.unsynced, from, last);
    }

    @Override
    public void dropBefore(long startOffset) throws IOException {
        store.run(() -> {
            byte[] firstKept = offsetKey(startOffset);
            byte @Nullable [] row = store.db.get(store.offsets, firstKept);
            deleteBefore(store.offsets, firstKept);
            if (row != null) { // a segment without a batch has none; the times before it go with the next one
                long maxTimestampBefore = pointOf(ByteBuffer.wrap(firstKept), ByteBuffer.wrap(row))
                        .maxTimestampBefore();
                deleteBefore(store.times, timeKey(maxTimestampBefore, startOffset));
            }
        });
    }

    /** Deletes this log's rows before a key, leaving no tombstone where there is none. */
    private void deleteBefore(ColumnFamilyHandle family, byte[] to) throws RocksDBException {
        try (RocksIterator rows = store.db.newIterator(family)) {
            rows.seek(prefix);
            rows.status();
            if (!rows.isValid() || Arrays.compareUnsigned(rows.key(), to) >= 0) {
                return;
            }
        }
        store.db.deleteRange(family, store.unsynced, prefix, to);
    }

    @Override
    public void mark(long endOffset) throws IOException {
        byte[] row = ByteBuffer.allocate(Long.BYTES).putLong(endOffset).array();
        store.run(() -> {
            store.db.put(store.marks, store.synced, prefix, row); // syncs all that was written before it, too
        });
    }

    @Override
    public OptionalLong marked() throws IOException {
        return store.call(() -> {
            byte @Nullable [] row = store.db.get(store.marks, prefix);
            return row == null
                    ? OptionalLong.empty()
                    : OptionalLong.of(ByteBuffer.wrap(row).getLong());
        });
    }

    @Override
    public void clear() throws IOException {
        store.run(() -> {
            store.db.delete(store.marks, store.synced, prefix); // first: rows without a mark are not trusted
            deleteFrom(store.offsets, prefix);
            deleteFrom(store.times, prefix);
        });
    }

    private byte[] offsetKey(long offset) {
        return ByteBuffer.allocate(PREFIX_BYTES + Long.BYTES)
                .put(prefix)
                .putLong(offset)
                .array();
    }

    private byte[] timeKey(long timestampMillis, long offset) {
        return ByteBuffer.allocate(PREFIX_BYTES + 2 * Long.BYTES)
                .put(prefix)
                .putLong(timestampMillis ^ Long.MIN_VALUE)
                .putLong(offset)
                .array();
    }

    private static byte[] offsetRow(IndexPoint point) {
        return ByteBuffer.allocate(OFFSET_ROW_BYTES)
                .putLong(point.segmentBase())
                .putInt(point.position())
                .putLong(point.maxTimestampBefore())
                .array();
    }

    private static IndexPoint pointOf(ByteBuffer key, ByteBuffer row) {
        return new IndexPoint(key.getLong(PREFIX_BYTES), row.getLong(), row.getInt(), row.getLong());
    }
}
