package io.flotilla.chaos.workload;

import java.time.Duration;

/**
 * How much the workloads do. The defaults suit three to five brokers that share two cores with the clients.
 *
 * @param seed            of sizes, keys, contents and moments
 * @param partitions      of the topic of W2, 1 or more; W1 has half of them, W3 too
 * @param recordsPerSecond of W1 and W2 together, on average
 * @param producers       of W2, and of W1
 * @param runMax          most records that are sent to one partition in a row
 * @param payloadBytesMax of a value beyond its envelope, 0 to 1 MiB
 * @param members         of the consumer group of W3
 * @param churnInterval   between joins, leaves and crashes of members, on average
 * @param boundInterval   between two questions for the bounds of one partition
 * @param callTimeout     after which the outcome of a call is unknown
 * @param deliveryTimeout after which the outcome of a send is unknown
 */
public record WorkloadSettings(
        long seed,
        int partitions,
        double recordsPerSecond,
        int producers,
        int runMax,
        int payloadBytesMax,
        int members,
        Duration churnInterval,
        Duration boundInterval,
        Duration callTimeout,
        Duration deliveryTimeout) {
    /** Records without an answer of one producer. */
    static final int UNANSWERED_MAX = 2_000;

    static final int KEYS = 1_000;

    public WorkloadSettings {
        if (partitions < 1 || producers < 1 || members < 1) {
            throw new IllegalArgumentException("partitions " + partitions + ", producers " + producers + ", members "
                    + members + ": each must be 1 or more");
        }
    }

    /** 8 partitions, 300 records a second, 3 members, bounds each 200 ms. */
    public static WorkloadSettings defaults(long seed) {
        return new WorkloadSettings(
                seed,
                8,
                300,
                2,
                500,
                (1 << 20) - (2 << 10),
                3,
                Duration.ofSeconds(5),
                Duration.ofMillis(200),
                Duration.ofSeconds(10),
                Duration.ofSeconds(20));
    }

    public WorkloadSettings withRecordsPerSecond(double rate) {
        return new WorkloadSettings(
                seed,
                partitions,
                rate,
                producers,
                runMax,
                payloadBytesMax,
                members,
                churnInterval,
                boundInterval,
                callTimeout,
                deliveryTimeout);
    }

    /** Of each producer of W1 and W2. */
    SendSettings sending(double share) {
        return new SendSettings(recordsPerSecond * share / producers, runMax, KEYS, payloadBytesMax, UNANSWERED_MAX);
    }
}
