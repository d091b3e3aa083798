package io.flotilla.chaos.workload;

import java.util.SplittableRandom;

/**
 * What one producer sends.
 *
 * @param recordsPerSecond on average, above 0
 * @param runMax           records sent to one partition one after the other, 1 to this and no more than 5 s are due; mostly few
 * @param keys             different keys, 1 or more
 * @param payloadBytesMax  of a value beyond its envelope, 0 to 1 MiB; most are much smaller
 * @param unansweredMax    records without an answer, after which it waits
 */
public record SendSettings(double recordsPerSecond, int runMax, int keys, int payloadBytesMax, int unansweredMax) {
    private static final int LONG_RUN_EVERY = 20;
    private static final int SHORT_RUN_MAX = 10;

    /** Nothing goes to other partitions as long as a producer waits for its pace to come up with a long run. */
    private static final double LONG_RUN_SECONDS_MAX = 5;

    public SendSettings {
        if (!(recordsPerSecond > 0) || runMax < 1 || keys < 1 || unansweredMax < 1) {
            throw new IllegalArgumentException("rate " + recordsPerSecond + ", runs of " + runMax + ", keys " + keys
                    + ", unanswered " + unansweredMax + ": each must be above 0");
        }
        if (payloadBytesMax < 0 || payloadBytesMax > 1 << 20) {
            throw new IllegalArgumentException("payloads of " + payloadBytesMax + " bytes are outside [0, 1 MiB]");
        }
    }

    int runLength(SplittableRandom random) {
        double longest = Math.max(SHORT_RUN_MAX, recordsPerSecond * LONG_RUN_SECONDS_MAX);
        double max = random.nextInt(LONG_RUN_EVERY) == 0 ? longest : SHORT_RUN_MAX;
        return 1 + random.nextInt((int) Math.min(runMax, max));
    }

    SendSettings atRate(double rate) {
        return new SendSettings(rate, runMax, keys, payloadBytesMax, unansweredMax);
    }
}
