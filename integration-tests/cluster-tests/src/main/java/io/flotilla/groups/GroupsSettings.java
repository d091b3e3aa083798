package io.flotilla.groups;

import java.time.Duration;

/**
 * What a run looks like.
 *
 * @param members          of the group, 1 or more
 * @param partitions       of its topic, 1 or more
 * @param recordsPerSecond written all the while, 1 or more
 * @param kills            how long members and brokers are killed; 0 for a rolling restart of the members instead
 * @param seed             of who is killed when
 */
record GroupsSettings(int members, int partitions, int recordsPerSecond, Duration kills, long seed) {
    GroupsSettings {
        if (members < 1 || partitions < 1 || recordsPerSecond < 1 || kills.isNegative()) {
            throw new IllegalArgumentException("members " + members + ", partitions " + partitions
                    + ", records per second " + recordsPerSecond + ": each must be 1 or more; kills " + kills
                    + " must not be negative");
        }
    }
}
