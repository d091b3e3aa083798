package io.flotilla.raftlog.partition;

/**
 * The sizes a partition is bound to.
 *
 * @param segmentBytesMax a segment rolls before it would grow past this; 64 KiB to 1 GiB. Fixed when the partition is
 *     created: every replica ends its segments by it from the first record on, so that files are byte-identical
 * @param batchBytesMax   largest record batch that a leader accepts, in bytes; 1 KiB to 1 MiB + 12 bytes, at most
 *     segmentBytesMax. It binds no entry that is in the log, so it may change at any time
 */
public record PartitionSettings(int segmentBytesMax, int batchBytesMax) {
    public static final PartitionSettings DEFAULT = new PartitionSettings(128 << 20, 1_048_588);

    /** The same with another largest batch. */
    public PartitionSettings withBatchBytesMax(int changed) {
        return new PartitionSettings(segmentBytesMax, changed);
    }

    public PartitionSettings {
        if (segmentBytesMax < 64 << 10 || segmentBytesMax > 1 << 30) {
            throw new IllegalArgumentException("segment.bytes " + segmentBytesMax + " is outside [65536, 1073741824]");
        }
        if (batchBytesMax < 1 << 10 || batchBytesMax > 1_048_588 || batchBytesMax > segmentBytesMax) {
            throw new IllegalArgumentException("max.message.bytes " + batchBytesMax
                    + " is outside [1024, 1048588] or above segment.bytes " + segmentBytesMax);
        }
    }
}
