package io.flotilla.raftlog.catchup;

import java.time.Duration;

/**
 * Bounds of what a broker spends on replicas that cannot follow by their log.
 *
 * @param fetchesMax     replicas fetched at one time; 1 to 64
 * @param bytesPerSecond bytes fetched in a second, all replicas together; 64 KiB or more
 * @param chunkBytes     bytes asked for in one call; 4 KiB to 16 MiB
 * @param attemptsMax    attempts in a row without a byte of progress before a fetch is given up until the leader asks
 *                       for it again; 1 or more
 * @param pauseMin       pause after the first such attempt, doubled after each; 1 ms or more
 * @param pauseMax       longest pause; pauseMin or more
 */
public record CatchUpSettings(
        int fetchesMax, long bytesPerSecond, int chunkBytes, int attemptsMax, Duration pauseMin, Duration pauseMax) {
    public static final CatchUpSettings DEFAULT =
            new CatchUpSettings(2, 64L << 20, 1 << 20, 10, Duration.ofMillis(100), Duration.ofSeconds(5));

    public CatchUpSettings {
        requireWithin("fetchesMax", fetchesMax, 1, 64);
        requireWithin("bytesPerSecond", bytesPerSecond, 64 << 10, Long.MAX_VALUE);
        requireWithin("chunkBytes", chunkBytes, 4 << 10, 16 << 20);
        requireWithin("attemptsMax", attemptsMax, 1, Integer.MAX_VALUE);
        requireWithin("pauseMin in ms", pauseMin.toMillis(), 1, Long.MAX_VALUE);
        requireWithin("pauseMax in ms", pauseMax.toMillis(), pauseMin.toMillis(), Long.MAX_VALUE);
    }

    private static void requireWithin(String name, long value, long min, long max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(name + " " + value + " is outside [" + min + ", " + max + "]");
        }
    }

    public CatchUpSettings withFetchesMax(int value) {
        return new CatchUpSettings(value, bytesPerSecond, chunkBytes, attemptsMax, pauseMin, pauseMax);
    }

    public CatchUpSettings withBytesPerSecond(long value) {
        return new CatchUpSettings(fetchesMax, value, chunkBytes, attemptsMax, pauseMin, pauseMax);
    }

    public CatchUpSettings withChunkBytes(int value) {
        return new CatchUpSettings(fetchesMax, bytesPerSecond, value, attemptsMax, pauseMin, pauseMax);
    }
}
