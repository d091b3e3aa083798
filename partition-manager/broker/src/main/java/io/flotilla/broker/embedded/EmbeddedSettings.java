package io.flotilla.broker.embedded;

import java.nio.file.Path;
import java.util.Map;

/**
 * What an embedded cluster looks like.
 *
 * @param brokers       1 to 9; node ids are 1, 2, … The first three (or the first alone, if there are fewer than
 *     three) are the seeds.
 * @param dataDirectory holds everything; a cluster started on it again finds its data
 * @param firstGrpcPort gRPC port of broker 1; broker n has 10 * (n - 1) more, its internal port is one above that and its
 *     HTTP port two. 0 picks free ports, which the data folder remembers.
 * @param overrides     settings for every broker, by the names of its configuration file
 */
public record EmbeddedSettings(int brokers, Path dataDirectory, int firstGrpcPort, Map<String, String> overrides) {
    public EmbeddedSettings {
        if (brokers < 1 || brokers > 9) {
            throw new IllegalArgumentException("brokers " + brokers + " is outside [1, 9]");
        }
        if (firstGrpcPort < 0 || firstGrpcPort > 65_000) {
            throw new IllegalArgumentException("firstGrpcPort " + firstGrpcPort + " is outside [0, 65000]");
        }
        overrides = Map.copyOf(overrides);
    }

    public EmbeddedSettings(int brokers, Path dataDirectory, int firstGrpcPort) {
        this(brokers, dataDirectory, firstGrpcPort, Map.of());
    }
}
