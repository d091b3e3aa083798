package io.flotilla.raftlog.partition;

import java.time.Duration;

/**
 * Bounds of a broker's partition storage. They may differ between brokers: nothing replicated depends on them.
 *
 * @param entryBytesMax         largest Raft entry a partition proposes, in bytes; 64 KiB to 16 MiB, at most the Raft
 *     host's own limit
 * @param entriesInFlightMax    entries proposed and not yet answered, per partition; 1 to 64. While that many are on
 *     their way, batches that arrive are gathered into the next one
 * @param pendingBytesMax       bytes of batches accepted and not yet answered, per partition; at least entryBytesMax.
 *     Past it an append is refused with OVERLOADED
 * @param checkpointBytes       bytes applied after which a partition's checkpoint is renewed; 64 KiB or more
 * @param checkpointInterval    time after which it is renewed when anything was applied; 1 s to 1 h
 * @param flushInterval         pause between two background fsyncs of a partition's segments; 10 ms to 1 min
 * @param flushThreads          threads that fsync segments and write checkpoints; 1 to 64
 * @param indexCacheBytes       block cache of the index database; 1 MiB or more
 * @param indexWriteBufferBytes memory of the index database's write buffers; 1 MiB or more
 * @param indexOpenFilesMax     files the index database holds open; 16 or more
 * @param retentionCheckInterval pause between two looks for records that need not be kept; 100 ms to 1 day
 */
public record StorageSettings(
        int entryBytesMax,
        int entriesInFlightMax,
        int pendingBytesMax,
        long checkpointBytes,
        Duration checkpointInterval,
        Duration flushInterval,
        int flushThreads,
        long indexCacheBytes,
        long indexWriteBufferBytes,
        int indexOpenFilesMax,
        Duration retentionCheckInterval) {
    public static final StorageSettings DEFAULT = new StorageSettings(
            (1 << 20) + (64 << 10),
            4,
            8 << 20,
            16L << 20,
            Duration.ofSeconds(30),
            Duration.ofSeconds(1),
            2,
            32L << 20,
            32L << 20,
            256,
            Duration.ofMinutes(5));

    public StorageSettings {
        requireWithin("entryBytesMax", entryBytesMax, 64 << 10, 16 << 20);
        requireWithin("entriesInFlightMax", entriesInFlightMax, 1, 64);
        requireWithin("pendingBytesMax", pendingBytesMax, entryBytesMax, Integer.MAX_VALUE);
        requireWithin("checkpointBytes", checkpointBytes, 64 << 10, Long.MAX_VALUE);
        requireWithin("checkpointInterval in ms", checkpointInterval.toMillis(), 1_000, 3_600_000);
        requireWithin("flushInterval in ms", flushInterval.toMillis(), 10, 60_000);
        requireWithin("flushThreads", flushThreads, 1, 64);
        requireWithin("indexCacheBytes", indexCacheBytes, 1 << 20, Long.MAX_VALUE);
        requireWithin("indexWriteBufferBytes", indexWriteBufferBytes, 1 << 20, Long.MAX_VALUE);
        requireWithin("indexOpenFilesMax", indexOpenFilesMax, 16, Integer.MAX_VALUE);
        requireWithin("retentionCheckInterval in ms", retentionCheckInterval.toMillis(), 100, 86_400_000);
    }

    private static void requireWithin(String name, long value, long min, long max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(name + " " + value + " is outside [" + min + ", " + max + "]");
        }
    }

    public StorageSettings withEntriesInFlightMax(int value) {
        return new StorageSettings(
                entryBytesMax,
                value,
                pendingBytesMax,
                checkpointBytes,
                checkpointInterval,
                flushInterval,
                flushThreads,
                indexCacheBytes,
                indexWriteBufferBytes,
                indexOpenFilesMax,
                retentionCheckInterval);
    }

    public StorageSettings withPendingBytesMax(int value) {
        return new StorageSettings(
                entryBytesMax,
                entriesInFlightMax,
                value,
                checkpointBytes,
                checkpointInterval,
                flushInterval,
                flushThreads,
                indexCacheBytes,
                indexWriteBufferBytes,
                indexOpenFilesMax,
                retentionCheckInterval);
    }

    public StorageSettings withCheckpointEvery(long bytes, Duration interval) {
        return new StorageSettings(
                entryBytesMax,
                entriesInFlightMax,
                pendingBytesMax,
                bytes,
                interval,
                flushInterval,
                flushThreads,
                indexCacheBytes,
                indexWriteBufferBytes,
                indexOpenFilesMax,
                retentionCheckInterval);
    }

    public StorageSettings withIndexMemory(long cacheBytes, long writeBufferBytes) {
        return new StorageSettings(
                entryBytesMax,
                entriesInFlightMax,
                pendingBytesMax,
                checkpointBytes,
                checkpointInterval,
                flushInterval,
                flushThreads,
                cacheBytes,
                writeBufferBytes,
                indexOpenFilesMax,
                retentionCheckInterval);
    }

    public StorageSettings withRetentionCheckInterval(Duration value) {
        return new StorageSettings(
                entryBytesMax,
                entriesInFlightMax,
                pendingBytesMax,
                checkpointBytes,
                checkpointInterval,
                flushInterval,
                flushThreads,
                indexCacheBytes,
                indexWriteBufferBytes,
                indexOpenFilesMax,
                value);
    }
}
