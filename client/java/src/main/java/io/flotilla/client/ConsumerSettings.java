package io.flotilla.client;

import java.time.Duration;
import java.util.List;

/**
 * How a consumer reads ahead and reports.
 *
 * @param prefetchBytes     bytes a broker may send ahead of what {@link Consumer#poll} has returned, per leader broker
 *     read from; 64 KiB to 1 GiB. Memory holds at most this plus one chunk for each of them
 * @param chunkBytes        soft limit of one message from a broker, in bytes; 1 KiB to 16 MiB
 * @param pollRecordsMax    most records of one poll; 1 or more
 * @param outOfRange        what to do when the next offset is outside its partition
 * @param heartbeatInterval how often an idle broker says that it lives and how far its partitions are; 100 ms to 30 s. A
 *     broker silent for three of these is left
 * @param checkCrc          whether to verify the checksum of each batch read
 * @param largeValueBytesMax most bytes held of values that came in parts and are not complete, over all partitions: the one
 *     that got no part for longest is left out for a new one, and a value that is larger fails; 1 MiB to 1 GiB. See {@link
 *     ProducerSettings#largeValueBytesMax()}
 * @param largeValueTimeout how long such a value may get no part, while its partition has nothing more to give, before it is
 *     left out, since its producer has failed; more than the producers' block timeout and delivery timeout together, and
 *     1 s or more
 * @param interceptors      see the records of each poll before it returns, and what the group commits, in this order
 */
public record ConsumerSettings(
        int prefetchBytes,
        int chunkBytes,
        int pollRecordsMax,
        OutOfRangePolicy outOfRange,
        Duration heartbeatInterval,
        boolean checkCrc,
        int largeValueBytesMax,
        Duration largeValueTimeout,
        List<ConsumerInterceptor> interceptors) {
    /**
     * 8 MiB ahead, chunks of 1 MiB, 500 records a poll, FAIL when out of range, heartbeats each second, CRC checked, 64 MiB of
     * incomplete values for 5 min.
     */
    public static final ConsumerSettings DEFAULT = new ConsumerSettings(
            8 << 20,
            1 << 20,
            500,
            OutOfRangePolicy.FAIL,
            Duration.ofSeconds(1),
            true,
            64 << 20,
            Duration.ofMinutes(5),
            List.of());

    public ConsumerSettings {
        SettingRange.within("prefetchBytes", prefetchBytes, 64 << 10, 1 << 30);
        SettingRange.within("chunkBytes", chunkBytes, 1 << 10, 16 << 20);
        SettingRange.within("pollRecordsMax", pollRecordsMax, 1, Integer.MAX_VALUE);
        SettingRange.within("heartbeatInterval in ms", heartbeatInterval.toMillis(), 100, 30_000);
        SettingRange.within("largeValueBytesMax", largeValueBytesMax, 1 << 20, 1 << 30);
        SettingRange.atLeast("largeValueTimeout", largeValueTimeout, Duration.ofSeconds(1));
        interceptors = List.copyOf(interceptors);
    }

    public ConsumerSettings withPrefetchBytes(int bytes) {
        return new ConsumerSettings(
                bytes,
                chunkBytes,
                pollRecordsMax,
                outOfRange,
                heartbeatInterval,
                checkCrc,
                largeValueBytesMax,
                largeValueTimeout,
                interceptors);
    }

    public ConsumerSettings withChunkBytes(int bytes) {
        return new ConsumerSettings(
                prefetchBytes,
                bytes,
                pollRecordsMax,
                outOfRange,
                heartbeatInterval,
                checkCrc,
                largeValueBytesMax,
                largeValueTimeout,
                interceptors);
    }

    public ConsumerSettings withPollRecordsMax(int records) {
        return new ConsumerSettings(
                prefetchBytes,
                chunkBytes,
                records,
                outOfRange,
                heartbeatInterval,
                checkCrc,
                largeValueBytesMax,
                largeValueTimeout,
                interceptors);
    }

    public ConsumerSettings withOutOfRange(OutOfRangePolicy policy) {
        return new ConsumerSettings(
                prefetchBytes,
                chunkBytes,
                pollRecordsMax,
                policy,
                heartbeatInterval,
                checkCrc,
                largeValueBytesMax,
                largeValueTimeout,
                interceptors);
    }

    public ConsumerSettings withHeartbeatInterval(Duration interval) {
        return new ConsumerSettings(
                prefetchBytes,
                chunkBytes,
                pollRecordsMax,
                outOfRange,
                interval,
                checkCrc,
                largeValueBytesMax,
                largeValueTimeout,
                interceptors);
    }

    public ConsumerSettings withCheckCrc(boolean check) {
        return new ConsumerSettings(
                prefetchBytes,
                chunkBytes,
                pollRecordsMax,
                outOfRange,
                heartbeatInterval,
                check,
                largeValueBytesMax,
                largeValueTimeout,
                interceptors);
    }

    public ConsumerSettings withInterceptors(ConsumerInterceptor... all) {
        return new ConsumerSettings(
                prefetchBytes,
                chunkBytes,
                pollRecordsMax,
                outOfRange,
                heartbeatInterval,
                checkCrc,
                largeValueBytesMax,
                largeValueTimeout,
                List.of(all));
    }

    public ConsumerSettings withLargeValueBytesMax(int bytes) {
        return new ConsumerSettings(
                prefetchBytes,
                chunkBytes,
                pollRecordsMax,
                outOfRange,
                heartbeatInterval,
                checkCrc,
                bytes,
                largeValueTimeout,
                interceptors);
    }

    public ConsumerSettings withLargeValueTimeout(Duration timeout) {
        return new ConsumerSettings(
                prefetchBytes,
                chunkBytes,
                pollRecordsMax,
                outOfRange,
                heartbeatInterval,
                checkCrc,
                largeValueBytesMax,
                timeout,
                interceptors);
    }
}
