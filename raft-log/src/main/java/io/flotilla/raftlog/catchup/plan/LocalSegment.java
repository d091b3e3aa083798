package io.flotilla.raftlog.catchup.plan;

/**
 * A segment that lies on this broker's disk.
 *
 * @param bytes       its size, 0 or more
 * @param comparedCrc CRC-32C of its first bytes, as many as the wanted segment of this base offset has and this one
 *                    can give; of no meaning if none is wanted
 */
public record LocalSegment(long baseOffset, int bytes, int comparedCrc) {}
