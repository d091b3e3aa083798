package io.flotilla.client;

import io.flotilla.client.metrics.ClientMetrics;
import java.time.Duration;
import java.util.List;

/**
 * How a client finds, reaches and retries brokers.
 *
 * @param bootstrap         brokers to ask first, at least one; the others are learnt from them
 * @param requestTimeout    how long a call may take with all its retries; 100 ms or more
 * @param attemptTimeout    how long one attempt of a unary call may take, and how long an append stream may owe an
 *     answer before it is given up and its batches go out again; 100 ms or more
 * @param connectTimeout    how long a TCP connection may take to open; 10 ms or more
 * @param keepAliveInterval a connection without traffic for this long is pinged; gRPC allows 10 s or more
 * @param keepAliveTimeout  a ping unanswered for this long closes the connection; 100 ms or more
 * @param leaderCheckInterval while a leader owes an answer for longer than this, other brokers are asked who leads now,
 *     so that a leader that vanished without closing its connection is left before {@code attemptTimeout}; 100 ms or more
 * @param retryBackoffMin   pause before the first retry that has no better hint; grows by doubling, with jitter; 1 ms or
 *     more
 * @param retryBackoffMax   the longest such pause; {@code retryBackoffMin} or more
 * @param topicGrace        how long an unknown topic is looked for before it is believed not to exist, since a new one
 *     reaches brokers one after the other; 0 or more
 * @param metadataMaxAge    how old the client's knowledge of a topic may get before a producer that uses it asks anew,
 *     and so learns of partitions that were added; 100 ms or more
 * @param messageBytesMax   largest gRPC message accepted, in bytes; 2 MiB to 64 MiB
 * @param metrics           hears what producers and consumers do, such as a {@link
 *     io.flotilla.client.metrics.MicrometerMetrics}
 */
public record ClientSettings(
        List<BrokerAddress> bootstrap,
        Duration requestTimeout,
        Duration attemptTimeout,
        Duration connectTimeout,
        Duration keepAliveInterval,
        Duration keepAliveTimeout,
        Duration leaderCheckInterval,
        Duration retryBackoffMin,
        Duration retryBackoffMax,
        Duration topicGrace,
        Duration metadataMaxAge,
        int messageBytesMax,
        ClientMetrics metrics) {
    public ClientSettings {
        bootstrap = List.copyOf(bootstrap);
        if (bootstrap.isEmpty()) {
            throw new IllegalArgumentException("bootstrap names no broker");
        }
        SettingRange.atLeast("requestTimeout", requestTimeout, Duration.ofMillis(100));
        SettingRange.atLeast("attemptTimeout", attemptTimeout, Duration.ofMillis(100));
        SettingRange.atLeast("connectTimeout", connectTimeout, Duration.ofMillis(10));
        SettingRange.atLeast("keepAliveInterval", keepAliveInterval, Duration.ofSeconds(10));
        SettingRange.atLeast("keepAliveTimeout", keepAliveTimeout, Duration.ofMillis(100));
        SettingRange.atLeast("leaderCheckInterval", leaderCheckInterval, Duration.ofMillis(100));
        SettingRange.atLeast("retryBackoffMin", retryBackoffMin, Duration.ofMillis(1));
        SettingRange.atLeast("retryBackoffMax", retryBackoffMax, retryBackoffMin);
        SettingRange.atLeast("topicGrace", topicGrace, Duration.ZERO);
        SettingRange.atLeast("metadataMaxAge", metadataMaxAge, Duration.ofMillis(100));
        SettingRange.within("messageBytesMax", messageBytesMax, 2 << 20, 64 << 20);
    }

    /** The defaults: 30 s per call, 10 s per attempt, retries after 50 ms to 1 s, metadata a minute old at most. */
    public static ClientSettings of(List<BrokerAddress> bootstrap) {
        return new ClientSettings(
                bootstrap,
                Duration.ofSeconds(30),
                Duration.ofSeconds(10),
                Duration.ofSeconds(3),
                Duration.ofSeconds(10),
                Duration.ofSeconds(3),
                Duration.ofSeconds(2),
                Duration.ofMillis(50),
                Duration.ofSeconds(1),
                Duration.ofSeconds(5),
                Duration.ofMinutes(1),
                20 << 20,
                ClientMetrics.NONE);
    }

    /** {@link #of(List)} for addresses separated by commas, as {@code broker-1:9094,broker-2:9094}. */
    public static ClientSettings of(String bootstrap) {
        return of(BrokerAddress.parseList(bootstrap));
    }

    public ClientSettings withRequestTimeout(Duration timeout) {
        return new ClientSettings(
                bootstrap,
                timeout,
                attemptTimeout,
                connectTimeout,
                keepAliveInterval,
                keepAliveTimeout,
                leaderCheckInterval,
                retryBackoffMin,
                retryBackoffMax,
                topicGrace,
                metadataMaxAge,
                messageBytesMax,
                metrics);
    }

    public ClientSettings withAttemptTimeout(Duration timeout) {
        return new ClientSettings(
                bootstrap,
                requestTimeout,
                timeout,
                connectTimeout,
                keepAliveInterval,
                keepAliveTimeout,
                leaderCheckInterval,
                retryBackoffMin,
                retryBackoffMax,
                topicGrace,
                metadataMaxAge,
                messageBytesMax,
                metrics);
    }

    public ClientSettings withLeaderCheckInterval(Duration interval) {
        return new ClientSettings(
                bootstrap,
                requestTimeout,
                attemptTimeout,
                connectTimeout,
                keepAliveInterval,
                keepAliveTimeout,
                interval,
                retryBackoffMin,
                retryBackoffMax,
                topicGrace,
                metadataMaxAge,
                messageBytesMax,
                metrics);
    }

    public ClientSettings withRetryBackoff(Duration min, Duration max) {
        return new ClientSettings(
                bootstrap,
                requestTimeout,
                attemptTimeout,
                connectTimeout,
                keepAliveInterval,
                keepAliveTimeout,
                leaderCheckInterval,
                min,
                max,
                topicGrace,
                metadataMaxAge,
                messageBytesMax,
                metrics);
    }

    public ClientSettings withTopicGrace(Duration grace) {
        return new ClientSettings(
                bootstrap,
                requestTimeout,
                attemptTimeout,
                connectTimeout,
                keepAliveInterval,
                keepAliveTimeout,
                leaderCheckInterval,
                retryBackoffMin,
                retryBackoffMax,
                grace,
                metadataMaxAge,
                messageBytesMax,
                metrics);
    }

    public ClientSettings withMetadataMaxAge(Duration age) {
        return new ClientSettings(
                bootstrap,
                requestTimeout,
                attemptTimeout,
                connectTimeout,
                keepAliveInterval,
                keepAliveTimeout,
                leaderCheckInterval,
                retryBackoffMin,
                retryBackoffMax,
                topicGrace,
                age,
                messageBytesMax,
                metrics);
    }

    public ClientSettings withMetrics(ClientMetrics hearing) {
        return new ClientSettings(
                bootstrap,
                requestTimeout,
                attemptTimeout,
                connectTimeout,
                keepAliveInterval,
                keepAliveTimeout,
                leaderCheckInterval,
                retryBackoffMin,
                retryBackoffMax,
                topicGrace,
                metadataMaxAge,
                messageBytesMax,
                hearing);
    }
}
