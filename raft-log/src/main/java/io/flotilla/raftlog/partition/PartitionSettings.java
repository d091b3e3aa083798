package io.flotilla.raftlog.partition;

/**
 * What every replica of a partition must agree on, fixed when the partition is created: segments roll by these alone,
 * so that replicas' files are byte-identical.
 *
 * @param segmentBytesMax a segment rolls before it would grow past this; 64 KiB to 1 GiB
 * @param batchBytesMax   largest record batch accepted, in bytes; 1 KiB to 1 MiB + 12 bytes, at most segmentBytesMax
 */
public record PartitionSettings(int segmentBytesMax, int batchBytesMax) {
    public static final PartitionSettings DEFAULT = new PartitionSettings(128 << 20, 1_048_588);

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
