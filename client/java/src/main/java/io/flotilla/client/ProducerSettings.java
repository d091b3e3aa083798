package io.flotilla.client;

import io.flotilla.protocol.record.Compression;
import java.time.Duration;
import java.util.List;

/**
 * How a producer batches, sends and gives up.
 *
 * @param batchBytes      a batch is sent when it holds this many bytes before compression; 1 KiB to 1 MiB. A larger
 *     record travels alone, up to the topic's {@code max.message.bytes}
 * @param linger          how long the first record of a batch waits for others; 0 to 10 s. While the window below is
 *     full, batches go on filling, so that a busy producer gets full batches with any linger
 * @param inFlightBatches batches of one partition sent and not yet answered; 1 to 5, since a broker remembers the last
 *     five of each producer
 * @param bufferBytes     bytes of records that wait for their acknowledgement, over all partitions; 1 MiB or more
 * @param blockTimeout    how long {@link Producer#send} may block for the topic's metadata or for room in the buffer; 0
 *     or more
 * @param deliveryTimeout a record neither acknowledged nor refused after this time fails with TIMEOUT; more than
 *     {@code linger}
 * @param compression     of each batch
 * @param largeValueBytesMax longest value in bytes that is sent although its record is larger than its topic takes: in parts,
 *     one record each, which consumers put together again; 0, the default, lets such records fail with RECORD_TOO_LARGE.
 *     0 to 1 GiB
 * @param interceptors    see each record before it is sent and when its outcome is known, in this order
 */
public record ProducerSettings(
        int batchBytes,
        Duration linger,
        int inFlightBatches,
        long bufferBytes,
        Duration blockTimeout,
        Duration deliveryTimeout,
        Compression compression,
        int largeValueBytesMax,
        List<ProducerInterceptor> interceptors) {
    private static final Duration LINGER_MAX = Duration.ofSeconds(10);

    /** 256 KiB batches, 5 ms linger, 5 in flight, 64 MiB buffer, 60 s blocking, 120 s delivery, LZ4, and nothing more. */
    public static final ProducerSettings DEFAULT = new ProducerSettings(
            256 << 10,
            Duration.ofMillis(5),
            5,
            64L << 20,
            Duration.ofSeconds(60),
            Duration.ofSeconds(120),
            Compression.LZ4,
            0,
            List.of());

    public ProducerSettings {
        SettingRange.within("batchBytes", batchBytes, 1 << 10, 1 << 20);
        SettingRange.atLeast("linger", linger, Duration.ZERO);
        SettingRange.within("linger in ms", linger.toMillis(), 0, LINGER_MAX.toMillis());
        SettingRange.within("inFlightBatches", inFlightBatches, 1, 5);
        SettingRange.within("bufferBytes", bufferBytes, 1 << 20, Long.MAX_VALUE);
        SettingRange.atLeast("blockTimeout", blockTimeout, Duration.ZERO);
        SettingRange.atLeast("deliveryTimeout", deliveryTimeout, linger.plusMillis(1));
        SettingRange.within("largeValueBytesMax", largeValueBytesMax, 0, 1 << 30);
        interceptors = List.copyOf(interceptors);
    }

    public ProducerSettings withBatchBytes(int bytes) {
        return new ProducerSettings(
                bytes,
                linger,
                inFlightBatches,
                bufferBytes,
                blockTimeout,
                deliveryTimeout,
                compression,
                largeValueBytesMax,
                interceptors);
    }

    public ProducerSettings withLinger(Duration duration) {
        return new ProducerSettings(
                batchBytes,
                duration,
                inFlightBatches,
                bufferBytes,
                blockTimeout,
                deliveryTimeout,
                compression,
                largeValueBytesMax,
                interceptors);
    }

    public ProducerSettings withInFlightBatches(int batches) {
        return new ProducerSettings(
                batchBytes,
                linger,
                batches,
                bufferBytes,
                blockTimeout,
                deliveryTimeout,
                compression,
                largeValueBytesMax,
                interceptors);
    }

    public ProducerSettings withBufferBytes(long bytes) {
        return new ProducerSettings(
                batchBytes,
                linger,
                inFlightBatches,
                bytes,
                blockTimeout,
                deliveryTimeout,
                compression,
                largeValueBytesMax,
                interceptors);
    }

    public ProducerSettings withBlockTimeout(Duration timeout) {
        return new ProducerSettings(
                batchBytes,
                linger,
                inFlightBatches,
                bufferBytes,
                timeout,
                deliveryTimeout,
                compression,
                largeValueBytesMax,
                interceptors);
    }

    public ProducerSettings withDeliveryTimeout(Duration timeout) {
        return new ProducerSettings(
                batchBytes,
                linger,
                inFlightBatches,
                bufferBytes,
                blockTimeout,
                timeout,
                compression,
                largeValueBytesMax,
                interceptors);
    }

    public ProducerSettings withCompression(Compression codec) {
        return new ProducerSettings(
                batchBytes,
                linger,
                inFlightBatches,
                bufferBytes,
                blockTimeout,
                deliveryTimeout,
                codec,
                largeValueBytesMax,
                interceptors);
    }

    public ProducerSettings withInterceptors(ProducerInterceptor... all) {
        return new ProducerSettings(
                batchBytes,
                linger,
                inFlightBatches,
                bufferBytes,
                blockTimeout,
                deliveryTimeout,
                compression,
                largeValueBytesMax,
                List.of(all));
    }

    public ProducerSettings withLargeValueBytesMax(int bytes) {
        return new ProducerSettings(
                batchBytes,
                linger,
                inFlightBatches,
                bufferBytes,
                blockTimeout,
                deliveryTimeout,
                compression,
                bytes,
                interceptors);
    }
}
