package io.flotilla.client;

import java.util.Map;

/**
 * A topic to create; the broker checks it.
 *
 * @param name              1 to 249 letters, digits, '.', '_' or '-'
 * @param partitionCount    1 or more; 0 means the cluster's default
 * @param replicationFactor 1 to the number of brokers; 0 means the cluster's default
 * @param config            topic settings by name
 */
public record NewTopic(String name, int partitionCount, int replicationFactor, Map<String, String> config) {
    public NewTopic {
        config = Map.copyOf(config);
    }

    public static NewTopic of(String name, int partitionCount, int replicationFactor) {
        return new NewTopic(name, partitionCount, replicationFactor, Map.of());
    }
}
