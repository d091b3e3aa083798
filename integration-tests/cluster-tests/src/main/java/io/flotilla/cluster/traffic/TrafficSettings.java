package io.flotilla.cluster.traffic;

/**
 * What traffic looks like.
 *
 * @param topic            must exist
 * @param partitionCount   of the topic
 * @param producers        concurrent clients that write, 1 or more; each uses another compression
 * @param recordsPerSecond of each of them, 1 or more
 * @param keys             different keys, 1 or more
 * @param payloadBytesMax  most values are much smaller; 0 to 512 KiB
 * @param seed             of sizes, keys and contents
 */
public record TrafficSettings(
        String topic,
        int partitionCount,
        int producers,
        int recordsPerSecond,
        int keys,
        int payloadBytesMax,
        long seed) {
    private static final int PAYLOAD_BYTES_LIMIT = 512 << 10;

    public TrafficSettings {
        if (partitionCount < 1 || producers < 1 || recordsPerSecond < 1 || keys < 1) {
            throw new IllegalArgumentException("partitions " + partitionCount + ", producers " + producers
                    + ", records per second " + recordsPerSecond + ", keys " + keys + ": each must be 1 or more");
        }
        if (payloadBytesMax < 0 || payloadBytesMax > PAYLOAD_BYTES_LIMIT) {
            throw new IllegalArgumentException(
                    "payloads of " + payloadBytesMax + " bytes are outside [0, " + PAYLOAD_BYTES_LIMIT + "]");
        }
    }
}
